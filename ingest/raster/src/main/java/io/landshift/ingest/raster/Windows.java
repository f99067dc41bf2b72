package io.landshift.ingest.raster;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;

/** Checks on windows of grids. Pure. */
final class Windows {
  private Windows() {}

  /**
   * @throws IllegalArgumentException where the window is empty or leaves the grid
   */
  static void requireInside(PixelWindow window, Grid grid) {
    boolean inside =
        window.getX() >= 0
            && window.getY() >= 0
            && window.getWidth() > 0
            && window.getHeight() > 0
            && (long) window.getX() + window.getWidth() <= grid.getWidth()
            && (long) window.getY() + window.getHeight() <= grid.getHeight();
    if (!inside) {
      throw new IllegalArgumentException(
          "the window " + window + " is not within the grid " + grid.getCode());
    }
  }
}
