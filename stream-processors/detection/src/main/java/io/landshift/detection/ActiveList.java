package io.landshift.detection;

import io.landshift.change.ActivePixels;
import io.landshift.change.ChunkWindow;
import io.landshift.change.LifecycleStatus;
import io.landshift.change.ScoreQuantiser;
import io.landshift.schemas.PixelWindow;

/** Picks the pixels from provisional upward out of a chunk's status. Pure functions. */
final class ActiveList {
  private ActiveList() {}

  /**
   * The active pixels; land cover is asked for only where there are any.
   *
   * @param status of {@code statusWindow}
   * @param scores quantised, of {@code window}
   * @param classes of {@code window}
   */
  static ActivePixels of(
      LifecycleStatus status,
      PixelWindow statusWindow,
      short[] scores,
      PixelWindow window,
      ChunkClasses classes,
      ActivePixels.From from) {
    if (!anyActive(status, from)) {
      return ActivePixels.EMPTY;
    }
    return ActivePixels.collect(
        status,
        chunkWindow(statusWindow),
        Planes.moved(scores, window, statusWindow, 1, ScoreQuantiser.INVALID),
        classes(classes.before(), window, statusWindow),
        classes(classes.now(), window, statusWindow),
        from);
  }

  private static byte[] classes(byte[] values, PixelWindow window, PixelWindow statusWindow) {
    byte[] known = values.clone();
    for (int p = 0; p < known.length; p++) {
      if (known[p] == ChunkClasses.UNKNOWN) {
        known[p] = ActivePixels.NO_CLASS;
      }
    }
    return Planes.moved(known, window, statusWindow, ActivePixels.NO_CLASS);
  }

  static ChunkWindow chunkWindow(PixelWindow window) {
    return new ChunkWindow(window.getX(), window.getY(), window.getWidth(), window.getHeight());
  }

  private static boolean anyActive(LifecycleStatus status, ActivePixels.From from) {
    for (byte code : status.status()) {
      if (ActivePixels.isActive(code, from)) {
        return true;
      }
    }
    return false;
  }
}
