package io.landshift.model.inference;

import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.MaskWindows;
import io.landshift.model.bundle.PixelRegion;

/**
 * Puts the windows of a mask head together. Pure functions in whole numbers: the order in which
 * windows are added has no effect.
 */
public final class MaskBlend {
  private static final long ONE = (long) MaskWindows.ONE * MaskWindows.ONE;

  /** What {@link #classes} gives for a cell without data. */
  public static final byte NOT_VALID = -1;

  private MaskBlend() {}

  /** Gives the results of windows. */
  @FunctionalInterface
  public interface Windows {
    /** What {@link MaskSession#probabilities} gave for the window in this row and column. */
    short[] get(int row, int column);
  }

  /**
   * The blended probabilities of a region.
   *
   * @param cells a region of cells from the grid's origin
   * @param windows all windows that have weight in the region
   * @return [class][row][column] in steps of 1 / {@link MaskSession#STEPS}, {@link
   *     MaskSession#NOT_VALID} where there is no data
   */
  public static short[] probabilities(MaskManifest manifest, PixelRegion cells, Windows windows) {
    MaskWindows geometry = manifest.windows();
    int classes = manifest.classes().size();
    int area = cells.area();
    int[] weights = geometry.weights();
    short[] blended = new short[classes * area];
    long[] sums = new long[classes];
    for (int y = cells.y(); y < cells.bottom(); y++) {
      for (int x = cells.x(); x < cells.right(); x++) {
        boolean valid = sum(geometry, weights, x, y, windows, sums);
        int at = (y - cells.y()) * cells.width() + x - cells.x();
        for (int channel = 0; channel < classes; channel++) {
          blended[channel * area + at] =
              valid ? (short) ((sums[channel] + ONE / 2) / ONE) : MaskSession.NOT_VALID;
          sums[channel] = 0;
        }
      }
    }
    return blended;
  }

  private static boolean sum(
      MaskWindows geometry, int[] weights, int x, int y, Windows windows, long[] sums) {
    int size = geometry.size();
    for (int row = geometry.firstOf(y); row <= geometry.lastOf(y); row++) {
      int down = y - geometry.start(row);
      for (int column = geometry.firstOf(x); column <= geometry.lastOf(x); column++) {
        int across = x - geometry.start(column);
        short[] values = windows.get(row, column);
        long weight = (long) weights[down] * weights[across];
        int at = down * size + across;
        if (values[at] == MaskSession.NOT_VALID) {
          return false;
        }
        for (int channel = 0; channel < sums.length; channel++) {
          sums[channel] += weight * values[channel * size * size + at];
        }
      }
    }
    return true;
  }

  /**
   * The most probable class of each cell, the first of equals.
   *
   * @param probabilities what {@link #probabilities} gave
   * @param classes how many classes
   * @return [row][column] of positions in the manifest's classes, {@link #NOT_VALID} where there is
   *     no data
   */
  public static byte[] classes(short[] probabilities, int classes) {
    int area = probabilities.length / classes;
    byte[] best = new byte[area];
    for (int cell = 0; cell < area; cell++) {
      if (probabilities[cell] == MaskSession.NOT_VALID) {
        best[cell] = NOT_VALID;
        continue;
      }
      for (int channel = 1; channel < classes; channel++) {
        if (probabilities[channel * area + cell] > probabilities[best[cell] * area + cell]) {
          best[cell] = (byte) channel;
        }
      }
    }
    return best;
  }
}
