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
import io.landshift.change.Shift;
import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.schemas.PixelWindow;
import io.landshift.store.ChunkKey;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chooses the looks that make the reference of an observation, and makes it from stored pixels. */
final class ReferenceBuilder {
  /** The score whose status decides whether an earlier look of a pixel may serve. */
  private static final int DECIDING_SCORE = 0;

  private static final int ANY_SEASON = 183;
  static final int ALL_FEATURES = -1;

  private final PixelStore store;
  private final StoredFeatures features;
  private final SeenOnce seenOnce;
  private final LookBuffers buffers;

  ReferenceBuilder(PixelStore store, SeenOnce seenOnce, LookBuffers buffers) {
    this.store = store;
    this.features = new StoredFeatures(store);
    this.seenOnce = seenOnce;
    this.buffers = buffers;
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
   * <p>The outer looks are read only if a pixel that is clear today has too few inner ones, and
   * only where pixels have too few. Of every look only those blocks are unfolded in which a pixel
   * counts.
   *
   * @param feature the place in the manifest of the only one that is asked for, which must be
   *     stored: the reference has one plane then; {@link #ALL_FEATURES}
   * @param quality of the observation
   * @param needed 1 where its pixels need a reference: elsewhere they have one of no looks
   * @param earlier the chunk's earlier observations, among them the looks
   * @param manifest names the features and their steps
   */
  Reference build(
      int feature,
      ChunkKey key,
      Observation observation,
      byte[] quality,
      byte[] needed,
      Looks looks,
      List<Observation> earlier,
      ReferenceParameters parameters,
      BundleManifest manifest) {
    Loader loader = new Loader(key, observation, needed, earlier, manifest, parameters, feature);
    float[] steps = StoredFeatures.steps(manifest);
    return loader.build(
        quality, looks, feature == ALL_FEATURES ? steps : new float[] {steps[feature]});
  }

  private static boolean anyTooFew(byte[] quality, byte[] looks, int minLooks) {
    for (int p = 0; p < quality.length; p++) {
      if (quality[p] == Quality.CLEAR && (looks[p] & 0xFF) < minLooks) {
        return true;
      }
    }
    return false;
  }

  /** Reads the looks of one observation. */
  private final class Loader {
    private final ChunkKey key;
    private final Observation observation;
    private final byte[] needed;
    private final List<Observation> earlier;
    private final BundleManifest manifest;
    private final ReferenceParameters parameters;
    private final int feature;

    /**
     * @param feature the only one that is read; {@link #ALL_FEATURES}
     */
    Loader(
        ChunkKey key,
        Observation observation,
        byte[] needed,
        List<Observation> earlier,
        BundleManifest manifest,
        ReferenceParameters parameters,
        int feature) {
      this.key = key;
      this.observation = observation;
      this.needed = needed;
      this.earlier = earlier;
      this.manifest = manifest;
      this.parameters = parameters;
      this.feature = feature;
    }

    Reference build(byte[] quality, Looks looks, float[] steps) {
      int inUse = buffers.used();
      try {
        return ReferenceStatistics.compute(
            Windows.pixels(observation.window()),
            steps.length,
            load(looks.inner(), null),
            counts ->
                anyTooFew(quality, counts, parameters.minLooks())
                    ? load(looks.outer(), counts)
                    : List.of(),
            parameters.minLooks(),
            steps);
      } finally {
        buffers.takeBack(inUse);
      }
    }

    /**
     * The looks that count for a pixel.
     *
     * @param counts looks that each pixel has already: only those with too few are served; null =
     *     all are
     */
    private List<LookPixels> load(List<Observation> looks, byte @Nullable [] counts) {
      List<LookPixels> loaded = new ArrayList<>(looks.size());
      for (Observation look : looks) {
        byte[] usable = usable(look);
        if (counts != null) {
          leaveOutServed(usable, counts);
        }
        if (anyOf(usable, 0, usable.length)) {
          loaded.add(new LookPixels(features(look, usable), usable, seasonOffset(look)));
        }
      }
      return loaded;
    }

    private void leaveOutServed(byte[] usable, byte[] counts) {
      for (int p = 0; p < usable.length; p++) {
        usable[p] = (counts[p] & 0xFF) < parameters.minLooks() ? usable[p] : 0;
      }
    }

    private int seasonOffset(Observation look) {
      // Where any season will do, no look is on one side of it.
      return parameters.windowDays() >= ANY_SEASON
          ? 0
          : ReferenceLooks.seasonOffset(observation.date().toEpochDay(), look.date().toEpochDay());
    }

    /** The look's features where the observation has them; anything where it is not usable. */
    private short[] features(Observation look, byte[] usable) {
      Shift shift = look.result().correction();
      boolean inPlace = look.window().equals(observation.window()) && shift.isZero();
      if (inPlace) {
        return feature == ALL_FEATURES
            ? features.read(key, look, manifest, buffers, (from, end) -> anyWord(usable, from, end))
            : features.readStored(key, look, feature);
      }
      int inUse = buffers.used();
      short[] there =
          feature == ALL_FEATURES
              ? features.read(key, look, manifest, buffers)
              : features.readStored(key, look, feature);
      int channels = there.length / Windows.pixels(look.window());
      short[] here =
          Resampler.features(
              there,
              channels,
              look.window().getWidth(),
              look.window().getHeight(),
              ReferenceStatistics.INVALID,
              shift);
      short[] moved =
          Planes.moved(
              here, look.window(), observation.window(), channels, ReferenceStatistics.INVALID);
      // One of both has made a copy.
      buffers.takeBack(inUse);
      return moved;
    }

    /** 1 where a look is needed, and this one was clear and nothing was going on. */
    private byte[] usable(Observation look) {
      PixelWindow window = observation.window();
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
        usable[p] = clear[p] == Quality.CLEAR && idle ? needed[p] : 0;
      }
      return usable;
    }
  }

  /** Whether a pixel is usable of those that a part of the planes shows, one after the other. */
  private static boolean anyWord(byte[] usable, int from, int end) {
    int pixels = usable.length;
    int first = from % pixels;
    int last = first + Math.min(end - from, pixels);
    return anyOf(usable, first, Math.min(last, pixels))
        || anyOf(usable, 0, Math.max(0, last - pixels));
  }

  private static boolean anyOf(byte[] usable, int from, int end) {
    for (int p = from; p < end; p++) {
      if (usable[p] != 0) {
        return true;
      }
    }
    return false;
  }
}
