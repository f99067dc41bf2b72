package io.landshift.model.bundle;

/**
 * A rectangle of grid pixels, half open: columns {@code x .. x + width - 1}, rows {@code y .. y +
 * height - 1}, counted from the grid's origin. Columns and rows may be negative where a window's
 * overlap reaches beyond the grid.
 *
 * @param x first column
 * @param y first row
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record PixelRegion(int x, int y, int width, int height) {

  public PixelRegion {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a region needs at least one pixel, got %d x %d".formatted(width, height));
    }
    Math.addExact(x, width);
    Math.addExact(y, height);
    Math.multiplyExact(width, height);
  }

  /** The first column to the right of the region. */
  public int right() {
    return x + width;
  }

  /** The first row below the region. */
  public int bottom() {
    return y + height;
  }

  /** The number of pixels. */
  public int area() {
    return width * height;
  }

  /** Whether every pixel of {@code other} is in this region. */
  public boolean contains(PixelRegion other) {
    return other.x >= x && other.y >= y && other.right() <= right() && other.bottom() <= bottom();
  }
}
