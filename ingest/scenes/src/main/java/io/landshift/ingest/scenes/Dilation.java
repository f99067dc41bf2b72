package io.landshift.ingest.scenes;

/**
 * Growing of masks by squares, in time that grows with the logarithm of the radius; pure functions.
 */
final class Dilation {
  private Dilation() {}

  /**
   * The mask with every set pixel grown to the square of side {@code 2 * radius + 1} around it,
   * clipped at the borders.
   *
   * @param mask row-major, {@code width * height}; not changed
   * @param radius pixels; 0 gives a copy
   */
  static boolean[] square(boolean[] mask, int width, int height, int radius) {
    boolean[] grown = mask.clone();
    if (radius == 0 || !any(mask)) {
      return grown;
    }
    boolean[] before = new boolean[mask.length];
    int reach = 0;
    while (reach < radius) {
      // Half squares that were cut off at a border must still meet when they are laid side by side.
      int step = Math.min(reach + 1, radius - reach);
      System.arraycopy(grown, 0, before, 0, grown.length);
      growColumns(before, grown, width, height, step);
      System.arraycopy(grown, 0, before, 0, grown.length);
      growRows(before, grown, width, height, step);
      reach += step;
    }
    return grown;
  }

  private static boolean any(boolean[] mask) {
    for (boolean set : mask) {
      if (set) {
        return true;
      }
    }
    return false;
  }

  /** Sets each pixel that lies {@code step} above or below a set one. */
  private static void growColumns(boolean[] from, boolean[] to, int width, int height, int step) {
    for (int y = 0; y + step < height; y++) {
      int upper = y * width;
      int lower = (y + step) * width;
      for (int x = 0; x < width; x++) {
        to[upper + x] |= from[lower + x];
      }
      for (int x = 0; x < width; x++) {
        to[lower + x] |= from[upper + x];
      }
    }
  }

  /** Sets each pixel that lies {@code step} to the left or right of a set one. */
  private static void growRows(boolean[] from, boolean[] to, int width, int height, int step) {
    for (int y = 0; y < height; y++) {
      int start = y * width;
      for (int x = start; x < start + width - step; x++) {
        to[x] |= from[x + step];
      }
      for (int x = start; x < start + width - step; x++) {
        to[x + step] |= from[x];
      }
    }
  }
}
