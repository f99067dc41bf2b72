package io.landshift.model.bundle;

/**
 * The fixed window grid on which a bundle's results are defined.
 *
 * <p>The encoder sees square windows of {@code size} pixels. Window (i, j) answers for its core:
 * the {@link #core()} x {@link #core()} pixels from column {@code j * core} and row {@code i *
 * core} of the grid; it reads {@code overlap} pixels more on each side. Heads see tiles of {@code
 * headWindow} x {@code headWindow} feature cells without overlap, anchored to the grid's origin
 * too.
 *
 * @param size side of an encoder window, pixels
 * @param overlap pixels read beyond the core on each side
 * @param stride pixels per feature cell along each axis
 * @param headWindow side of a head's tile, feature cells
 */
public record WindowGeometry(int size, int overlap, int stride, int headWindow) {
  /** The largest window side; a window must fit into memory several times. */
  public static final int MAX_SIZE = 4096;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the numbers contradict each other
   */
  public WindowGeometry {
    require(size >= 1 && size <= MAX_SIZE, "the window must be 1.." + MAX_SIZE + ", is " + size);
    require(stride >= 1, "the stride must be at least 1, is " + stride);
    require(
        overlap >= 0 && size - 2L * overlap >= 1,
        "the overlap of " + overlap + " leaves no core in a window of " + size);
    // A halo that is no multiple of the stride shifts the encoder's cells against the grid.
    require(
        size % stride == 0 && overlap % stride == 0,
        "window " + size + " and overlap " + overlap + " must be multiples of stride " + stride);
    require(
        headWindow >= 1 && (long) headWindow * stride <= MAX_SIZE,
        "the head window must be 1.." + MAX_SIZE / stride + " cells, is " + headWindow);
  }

  /** Side of the core of a window, pixels: the step of the window grid. */
  public int core() {
    return size - 2 * overlap;
  }

  /** Side of a head's tile, pixels. */
  public int headSize() {
    return headWindow * stride;
  }

  /** Feature cells along {@code pixels} pixels, rounded up. */
  public int cells(int pixels) {
    return (pixels + stride - 1) / stride;
  }

  /**
   * Whether chunks of this size give results that are equal to those of any other such size: heads
   * must see whole tiles of the fixed grid.
   *
   * @param chunkSize side of a chunk, pixels
   */
  public boolean acceptsChunkSize(int chunkSize) {
    return chunkSize > 0 && chunkSize % headSize() == 0;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
