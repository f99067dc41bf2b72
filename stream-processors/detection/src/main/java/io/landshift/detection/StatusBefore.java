package io.landshift.detection;

import io.landshift.change.LifecycleStatus;
import io.landshift.schemas.PixelWindow;
import io.landshift.store.ChunkKey;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lifecycle status that an observation finds, one for each score. It belongs to the one fold
 * that loaded it, which may advance it in its place.
 *
 * @param window the pixels covered so far, this observation included
 * @param statuses of {@code window}; empty before the chunk's first observation
 * @param unseen where they are stored, as long as nothing was compared in the chunk: they stay as
 *     they are until something is, and need be neither read nor stored again; empty from then on
 */
record StatusBefore(PixelWindow window, List<LifecycleStatus> statuses, List<String> unseen) {

  static StatusBefore load(
      PixelStore store,
      ChunkKey key,
      Observation observation,
      List<Observation> earlier,
      int scores) {
    if (earlier.isEmpty()) {
      return new StatusBefore(observation.window(), List.of(), List.of());
    }
    Folded previous = earlier.getLast().result();
    PixelWindow window = Windows.hull(previous.statusWindow(), observation.window());
    List<LifecycleStatus> statuses = new ArrayList<>();
    if (earlier.stream().allMatch(look -> look.result().coverage().getMonitored() == 0)) {
      for (int i = 0; i < scores; i++) {
        statuses.add(LifecycleStatus.neverObserved(Windows.pixels(window)));
      }
      boolean grown = !window.equals(previous.statusWindow());
      return new StatusBefore(window, statuses, grown ? List.of() : previous.status());
    }
    for (int i = 0; i < scores; i++) {
      statuses.add(
          read(store, key, previous.status().get(i))
              .within(
                  ActiveList.chunkWindow(previous.statusWindow()), ActiveList.chunkWindow(window)));
    }
    return new StatusBefore(window, statuses, List.of());
  }

  /** A status that was stored. */
  static LifecycleStatus read(PixelStore store, ChunkKey key, String digest) {
    try (InputStream in = store.open(key, PixelKind.STATUS, digest)) {
      return LifecycleStatus.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the store throws none", e);
    }
  }

  boolean isFirst() {
    return statuses.isEmpty();
  }

  LifecycleStatus status(int score) {
    return statuses.get(score);
  }

  /** 1 for each pixel of {@code target} where nothing is going on in a score, else 0. */
  byte[] idle(int score, PixelWindow target) {
    byte[] idle = new byte[Windows.pixels(target)];
    if (isFirst()) {
      Arrays.fill(idle, (byte) 1);
      return idle;
    }
    byte[] codes =
        Planes.moved(statuses.get(score).status(), window, target, LifecycleStatus.NO_DATA);
    for (int p = 0; p < idle.length; p++) {
      boolean nothing = codes[p] == LifecycleStatus.NONE || codes[p] == LifecycleStatus.NO_DATA;
      idle[p] = (byte) (nothing ? 1 : 0);
    }
    return idle;
  }
}
