package io.landshift.detection;

import io.landshift.change.ChosenLooks;
import io.landshift.change.LifecycleStatus;
import io.landshift.change.Look;
import io.landshift.change.LookPixels;
import io.landshift.change.Reference;
import io.landshift.change.ReferenceLooks;
import io.landshift.change.ReferenceParameters;
import io.landshift.change.ReferenceStatistics;
import io.landshift.change.Resampler;
import io.landshift.ingest.scenes.Quality;
import io.landshift.schemas.PixelWindow;
import io.landshift.store.ChunkKey;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Chooses the looks that make the reference of an observation, and makes it from stored pixels. */
final class ReferenceBuilder {
  /** The score whose status decides whether an earlier look of a pixel may serve. */
  private static final int DECIDING_SCORE = 0;

  private static final int ANY_SEASON = 183;

  private final PixelStore store;
  private final SeenOnce seenOnce;

  ReferenceBuilder(PixelStore store, SeenOnce seenOnce) {
    this.store = store;
    this.seenOnce = seenOnce;
  }

  /** The looks of one reference: those of the season, and those around it. */
  record Looks(List<Observation> inner, List<Observation> outer) {
    List<Observation> all() {
      List<Observation> all = new ArrayList<>(inner);
      all.addAll(outer);
      return all;
    }
  }

  /** The looks among {@code earlier} that may serve {@code observation}. */
  static Looks choose(
      Observation observation, List<Observation> earlier, ReferenceParameters parameters) {
    Map<String, Observation> byId = new HashMap<>();
    List<Look> candidates = new ArrayList<>();
    for (Observation look : earlier) {
      boolean serves =
          look.encoderDigest().equals(observation.encoderDigest())
              && look.group().equals(observation.group())
              && look.coverage().getClear() > 0
              && look.result().believed();
      if (serves) {
        byId.put(look.scene().productId(), look);
        candidates.add(new Look(look.scene().productId(), look.date().toEpochDay()));
      }
    }
    ChosenLooks chosen =
        ReferenceLooks.choose(candidates, observation.date().toEpochDay(), parameters);
    return new Looks(
        chosen.inner().stream().map(look -> byId.get(look.id())).toList(),
        chosen.outer().stream().map(look -> byId.get(look.id())).toList());
  }

  /**
   * The reference of every pixel of the observation's window.
   *
   * <p>The outer looks are read only where a pixel that is clear today has too few inner ones.
   *
   * @param quality of the observation
   * @param earlier the chunk's earlier observations, among them the looks
   * @param step feature units per quantum, one per feature
   */
  Reference build(
      ChunkKey key,
      Observation observation,
      byte[] quality,
      Looks looks,
      List<Observation> earlier,
      ReferenceParameters parameters,
      float[] step) {
    int pixels = Windows.pixels(observation.window());
    List<LookPixels> inner =
        load(key, observation, looks.inner(), earlier, step.length, parameters);
    Reference reference =
        ReferenceStatistics.compute(
            pixels, step.length, inner, List.of(), parameters.minLooks(), step);
    if (looks.outer().isEmpty() || !anyTooFew(quality, reference, parameters.minLooks())) {
      return reference;
    }
    return ReferenceStatistics.compute(
        pixels,
        step.length,
        inner,
        load(key, observation, looks.outer(), earlier, step.length, parameters),
        parameters.minLooks(),
        step);
  }

  private static boolean anyTooFew(byte[] quality, Reference reference, int minLooks) {
    for (int p = 0; p < quality.length; p++) {
      if (quality[p] == Quality.CLEAR && (reference.looks()[p] & 0xFF) < minLooks) {
        return true;
      }
    }
    return false;
  }

  private List<LookPixels> load(
      ChunkKey key,
      Observation observation,
      List<Observation> looks,
      List<Observation> earlier,
      int channels,
      ReferenceParameters parameters) {
    PixelWindow window = observation.window();
    long today = observation.date().toEpochDay();
    List<LookPixels> loaded = new ArrayList<>(looks.size());
    for (Observation look : looks) {
      short[] moved =
          Planes.moved(
              features(key, look, channels),
              look.window(),
              window,
              channels,
              ReferenceStatistics.INVALID);
      // Where any season will do, no look is on one side of it.
      int offset =
          parameters.windowDays() >= ANY_SEASON
              ? 0
              : ReferenceLooks.seasonOffset(today, look.date().toEpochDay());
      loaded.add(new LookPixels(moved, usable(key, look, earlier, window), offset));
    }
    return loaded;
  }

  /** The look's features where earlier looks have them. */
  private short[] features(ChunkKey key, Observation look, int channels) {
    return Resampler.features(
        store.getWords(key, PixelKind.FEATURES, look.features()),
        channels,
        look.window().getWidth(),
        look.window().getHeight(),
        ReferenceStatistics.INVALID,
        look.result().correction());
  }

  /** 1 where the look was clear and nothing was going on. */
  private byte[] usable(
      ChunkKey key, Observation look, List<Observation> earlier, PixelWindow window) {
    byte[] quality =
        Resampler.codes(
            seenOnce.quality(key, look, earlier),
            look.window().getWidth(),
            look.window().getHeight(),
            Quality.NODATA,
            look.result().correction());
    byte[] clear = Planes.moved(quality, look.window(), window, Quality.NODATA);
    PixelWindow statusWindow = look.result().statusWindow();
    byte[] codes =
        store.get(
            key,
            PixelKind.STATUS,
            look.result().status().get(DECIDING_SCORE),
            LifecycleStatus.CODES_AT,
            Windows.pixels(statusWindow));
    byte[] status = Planes.moved(codes, statusWindow, window, LifecycleStatus.NO_DATA);
    byte[] usable = new byte[clear.length];
    for (int p = 0; p < usable.length; p++) {
      boolean idle = status[p] == LifecycleStatus.NONE || status[p] == LifecycleStatus.NO_DATA;
      usable[p] = (byte) (clear[p] == Quality.CLEAR && idle ? 1 : 0);
    }
    return usable;
  }
}
