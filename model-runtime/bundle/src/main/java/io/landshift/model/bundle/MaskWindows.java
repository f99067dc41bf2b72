package io.landshift.model.bundle;

import java.util.Arrays;

/**
 * The windows of a mask head along one axis, the same along both, in cells: pixels of the size that
 * the head works on.
 *
 * <p>Window {@code i} begins at cell {@code i * step - lead}, counted from the grid's origin, so
 * that which windows see a cell does not depend on chunks. Neighbours share {@code overlap} cells,
 * where the raised cosine {@code (1 - cos(pi * n / (overlap - 1))) / 2} fades one out and the other
 * in: with an overlap of a fifth these are the windows and, as a Tukey window, the weights of
 * ukis-csmask ({@code tile_array}, {@code untile_array}) on an image that begins at the grid's
 * origin. Weights are whole numbers that sum to {@link #ONE} in every cell, so that blending is
 * exact and its order of no effect.
 *
 * @param size cells of a window
 * @param overlap cells that neighbours share: 0, or 2 to half the size
 */
public record MaskWindows(int size, int overlap) {
  /** The sum of the weights of a cell along one axis. */
  public static final int ONE = 1 << 14;

  /** The largest window side. */
  public static final int MAX_SIZE = 1024;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if they contradict each other
   */
  public MaskWindows {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("a mask window must be 1.." + MAX_SIZE + ", is " + size);
    }
    if (overlap < 0 || overlap == 1 || overlap > size / 2) {
      throw new IllegalArgumentException(
          "a mask window of %d may overlap by 0 or 2..%d cells, not %d"
              .formatted(size, size / 2, overlap));
    }
  }

  /** Cells from one window to the next. */
  public int step() {
    return size - overlap;
  }

  /** The first cell of a window; negative for the first one of a grid. */
  public int start(int index) {
    return index * step() - Math.max(0, overlap - 1);
  }

  /** The first window in which a cell has weight. */
  public int firstOf(int cell) {
    // The outermost cells of an overlapping window have the weight 0.
    return Math.floorDiv(cell - start(0) - size + margin(), step()) + 1;
  }

  /** The last window in which a cell has weight. */
  public int lastOf(int cell) {
    return Math.floorDiv(cell - start(0) - margin(), step());
  }

  private int margin() {
    return overlap == 0 ? 0 : 1;
  }

  /** The weight of each cell of a window, 0..{@link #ONE}. */
  public int[] weights() {
    int[] weights = new int[size];
    Arrays.fill(weights, ONE);
    for (int n = 0; n < overlap; n++) {
      int rising = (int) Math.floor(ONE * (1 - Math.cos(Math.PI * n / (overlap - 1))) / 2 + 0.5);
      // What the next window lacks, so that rounding leaves no cell short.
      weights[step() + n] = ONE - rising;
    }
    for (int n = 0; n < overlap; n++) {
      weights[n] = ONE - weights[step() + n];
    }
    return weights;
  }

  /**
   * The cells that a window sees of a scene that ends on both sides: beyond its border the scene is
   * mirrored, the outermost cell doubled, as often as it takes.
   *
   * @param low the scene's first cell
   * @param high after the scene's last cell
   * @return for each cell of the window a cell {@code low .. high - 1}
   */
  public int[] seen(int index, int low, int high) {
    int length = high - low;
    int[] cells = new int[size];
    for (int n = 0; n < size; n++) {
      int position = Math.floorMod(start(index) + n - low, 2 * length);
      cells[n] = low + Math.min(position, 2 * length - 1 - position);
    }
    return cells;
  }
}
