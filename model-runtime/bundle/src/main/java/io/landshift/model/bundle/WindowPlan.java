package io.landshift.model.bundle;

import java.util.ArrayList;
import java.util.List;

/**
 * The encoder windows that together answer for a chunk, and the pixels they read.
 *
 * <p>Windows lie on the fixed grid of {@link WindowGeometry}, whatever the chunk: two plans that
 * share a pixel share the window that answers for it. Immutable.
 *
 * @param geometry the bundle's window grid
 * @param chunk the pixels asked for; its origin and size are multiples of the stride
 * @param windows in row order
 * @param readRegion the smallest region that holds every window's input; it may reach beyond the
 *     grid or the scene, where windows see 0
 */
public record WindowPlan(
    WindowGeometry geometry, PixelRegion chunk, List<Window> windows, PixelRegion readRegion) {

  /**
   * One run of the encoder.
   *
   * @param input what the encoder sees: size x size pixels
   * @param core the pixels it answers for: core x core pixels, in the middle of the input
   */
  public record Window(PixelRegion input, PixelRegion core) {}

  public WindowPlan {
    windows = List.copyOf(windows);
  }

  /**
   * The plan for a chunk.
   *
   * @throws IllegalArgumentException if the chunk starts outside the grid (negative) or its origin
   *     or size is no multiple of the stride
   */
  public static WindowPlan of(WindowGeometry geometry, PixelRegion chunk) {
    int stride = geometry.stride();
    if (chunk.x() < 0 || chunk.y() < 0) {
      throw new IllegalArgumentException("a chunk starts on the grid, got " + chunk);
    }
    if (chunk.x() % stride != 0
        || chunk.y() % stride != 0
        || chunk.width() % stride != 0
        || chunk.height() % stride != 0) {
      throw new IllegalArgumentException(
          "a chunk must keep to the stride of %d pixels, got %s".formatted(stride, chunk));
    }
    int core = geometry.core();
    int firstRow = chunk.y() / core;
    int lastRow = (chunk.bottom() - 1) / core;
    int firstColumn = chunk.x() / core;
    int lastColumn = (chunk.right() - 1) / core;
    List<Window> windows = new ArrayList<>();
    for (int row = firstRow; row <= lastRow; row++) {
      for (int column = firstColumn; column <= lastColumn; column++) {
        windows.add(window(geometry, row, column));
      }
    }
    PixelRegion first = windows.getFirst().input();
    PixelRegion last = windows.getLast().input();
    PixelRegion read =
        new PixelRegion(first.x(), first.y(), last.right() - first.x(), last.bottom() - first.y());
    return new WindowPlan(geometry, chunk, windows, read);
  }

  private static Window window(WindowGeometry geometry, int row, int column) {
    int core = geometry.core();
    int overlap = geometry.overlap();
    int x = column * core;
    int y = row * core;
    return new Window(
        new PixelRegion(x - overlap, y - overlap, geometry.size(), geometry.size()),
        new PixelRegion(x, y, core, core));
  }
}
