package io.landshift.ingest.scenes;

/** Growing of masks by squares, in time that does not depend on the radius; pure functions. */
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
    if (radius == 0) {
      return mask.clone();
    }
    boolean[] rows = new boolean[mask.length];
    for (int y = 0; y < height; y++) {
      growRow(mask, rows, y * width, width, radius);
    }
    return growColumns(rows, width, height, radius);
  }

  /** A pixel is set where a set one of its row is at most {@code radius} away. */
  private static void growRow(boolean[] from, boolean[] to, int start, int width, int radius) {
    int inside = 0;
    for (int x = 0; x < Math.min(radius, width); x++) {
      inside += from[start + x] ? 1 : 0;
    }
    for (int x = 0; x < width; x++) {
      if (x + radius < width && from[start + x + radius]) {
        inside++;
      }
      if (x - radius - 1 >= 0 && from[start + x - radius - 1]) {
        inside--;
      }
      to[start + x] = inside > 0;
    }
  }

  /** The same along columns, all of them side by side, so that memory is read in its order. */
  private static boolean[] growColumns(boolean[] from, int width, int height, int radius) {
    boolean[] to = new boolean[from.length];
    int[] inside = new int[width];
    for (int y = 0; y < Math.min(radius, height); y++) {
      count(from, y, 1, inside);
    }
    for (int y = 0; y < height; y++) {
      if (y + radius < height) {
        count(from, y + radius, 1, inside);
      }
      if (y - radius - 1 >= 0) {
        count(from, y - radius - 1, -1, inside);
      }
      for (int x = 0; x < width; x++) {
        to[y * width + x] = inside[x] > 0;
      }
    }
    return to;
  }

  private static void count(boolean[] mask, int row, int change, int[] inside) {
    for (int x = 0; x < inside.length; x++) {
      inside[x] += mask[row * inside.length + x] ? change : 0;
    }
  }
}
