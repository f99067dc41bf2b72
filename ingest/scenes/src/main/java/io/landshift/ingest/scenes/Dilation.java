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
      line(mask, rows, y * width, 1, width, radius);
    }
    boolean[] grown = new boolean[mask.length];
    for (int x = 0; x < width; x++) {
      line(rows, grown, x, width, height, radius);
    }
    return grown;
  }

  /** One row or column: a pixel is set where a set one is at most {@code radius} away. */
  private static void line(
      boolean[] from, boolean[] to, int start, int step, int length, int radius) {
    int inside = 0;
    for (int i = 0; i < Math.min(radius, length); i++) {
      inside += from[start + i * step] ? 1 : 0;
    }
    for (int i = 0; i < length; i++) {
      int entering = i + radius;
      if (entering < length && from[start + entering * step]) {
        inside++;
      }
      int leaving = i - radius - 1;
      if (leaving >= 0 && from[start + leaving * step]) {
        inside--;
      }
      to[start + i * step] = inside > 0;
    }
  }
}
