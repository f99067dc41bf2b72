package io.landshift.ingest.scenes;

import io.landshift.schemas.Grid;
import java.util.Locale;

/** How large a grid's pixels are on the ground, well enough to grow a mask; pure. */
final class GroundScale {
  private static final double METRES_PER_DEGREE = 111_320;

  private GroundScale() {}

  /**
   * Metres of a pixel from north to south. A grid without a CRS is taken to be in metres, as are
   * feet, which errs towards growing less.
   */
  static double metresPerPixel(Grid grid) {
    String crs = grid.getCrs().strip().toUpperCase(Locale.ROOT);
    boolean degrees =
        crs.startsWith("GEOGCS[")
            || crs.startsWith("GEOGCRS[")
            || crs.matches("EPSG:(4326|4258|4269|4267|4230|4674|4283|7844)");
    return degrees ? grid.getPixelSize() * METRES_PER_DEGREE : grid.getPixelSize();
  }
}
