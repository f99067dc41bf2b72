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
   * @param mask not changed
   * @param radius pixels; 0 gives a copy
   */
  static BitMask square(BitMask mask, int radius) {
    BitMask grown = mask.copy();
    if (radius == 0 || mask.isEmpty()) {
      return grown;
    }
    long[] to = grown.words();
    long[] from = new long[to.length];
    int reach = 0;
    while (reach < radius) {
      // Half squares that were cut off at a border must still meet when they are laid side by side.
      int step = Math.min(reach + 1, radius - reach);
      System.arraycopy(to, 0, from, 0, to.length);
      growColumns(from, to, step * grown.stride());
      System.arraycopy(to, 0, from, 0, to.length);
      for (int y = 0; y < grown.height(); y++) {
        growRow(from, to, y * grown.stride(), grown.stride(), step);
      }
      reach += step;
    }
    clearAfterLastColumn(grown);
    return grown;
  }

  /** Sets each pixel that lies so many words before or after a set one. */
  private static void growColumns(long[] from, long[] to, int apart) {
    for (int i = 0; i < to.length - apart; i++) {
      to[i] |= from[i + apart];
    }
    for (int i = apart; i < to.length; i++) {
      to[i] |= from[i - apart];
    }
  }

  /** Sets each pixel of a row that lies {@code step} to the left or right of a set one. */
  private static void growRow(long[] from, long[] to, int start, int stride, int step) {
    int apart = step / Long.SIZE;
    // Java shifts by the step's remainder; what is carried over is 0 where that is 0.
    int carried = Long.SIZE - 1 - step % Long.SIZE;
    for (int i = start; i < start + stride - apart; i++) {
      long next = i + apart + 1 < start + stride ? from[i + apart + 1] : 0;
      to[i] |= from[i + apart] >>> step | next << 1 << carried;
    }
    for (int i = start + apart; i < start + stride; i++) {
      long last = i - apart - 1 >= start ? from[i - apart - 1] : 0;
      to[i] |= from[i - apart] << step | last >>> 1 >>> carried;
    }
  }

  private static void clearAfterLastColumn(BitMask mask) {
    int used = mask.width() % Long.SIZE;
    if (used > 0) {
      for (int y = 0; y < mask.height(); y++) {
        mask.words()[(y + 1) * mask.stride() - 1] &= -1L >>> -used;
      }
    }
  }
}
