package io.landshift.change;

/**
 * A rectangle of a grid's pixels.
 *
 * <p>Immutable.
 *
 * @param x column of the left pixel
 * @param y row of the upper pixel
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record ChunkWindow(int x, int y, int width, int height) {
  /**
   * @throws IllegalArgumentException if it holds no pixel or reaches beyond the numbers of int
   */
  public ChunkWindow {
    if (x < 0 || y < 0 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "window " + x + "," + y + " of " + width + " x " + height + " holds no pixel of a grid");
    }
    Math.addExact(x, width);
    Math.addExact(y, height);
  }

  /** Number of pixels. */
  public int pixels() {
    return Math.multiplyExact(width, height);
  }

  int right() {
    return x + width;
  }

  int lower() {
    return y + height;
  }
}
