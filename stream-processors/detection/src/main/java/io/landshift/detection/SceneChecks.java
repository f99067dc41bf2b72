package io.landshift.detection;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.store.ChunkKey;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * What an announcement must be like before anything is counted, allocated or opened because of it.
 * Pure functions.
 */
final class SceneChecks {
  /** Four times the side of the largest tiles and cells; bounds the chunks of a scene. */
  private static final int LONGEST_SIDE = 1 << 17;

  private SceneChecks() {}

  /**
   * @param maxPixels most pixels of a grid
   * @throws LandshiftException METADATA_INVALID, LIMIT_EXCEEDED or NO_OVERLAP
   */
  static void require(SceneAvailable scene, long maxPixels) {
    requireGrid(scene.getGrid(), maxPixels);
    requireInside(scene.getWindow(), scene.getGrid());
    requireDay(scene.getSensingTime());
  }

  private static void requireGrid(Grid grid, long maxPixels) {
    // Whether the grid's code can name a folder and nothing else.
    var unused = new ChunkKey(grid.getCode(), 0, 0);
    double size = grid.getPixelSize();
    boolean placed =
        Double.isFinite(grid.getOriginX())
            && Double.isFinite(grid.getOriginY())
            && Double.isFinite(size)
            && size > 0;
    if (!placed || grid.getWidth() < 1 || grid.getHeight() < 1) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "this is no grid: " + grid + "; origin and pixel size must be finite, sizes above 0");
    }
    boolean tooLarge =
        grid.getWidth() > LONGEST_SIDE
            || grid.getHeight() > LONGEST_SIDE
            || (long) grid.getWidth() * grid.getHeight() > maxPixels;
    if (tooLarge) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          "a grid of %d x %d pixels is too large: announce cells of at most %d pixels a side and %d in all"
              .formatted(grid.getWidth(), grid.getHeight(), LONGEST_SIDE, maxPixels));
    }
  }

  private static void requireInside(PixelWindow window, Grid grid) {
    boolean inside =
        window.getX() >= 0
            && window.getY() >= 0
            && window.getWidth() > 0
            && window.getHeight() > 0
            && (long) window.getX() + window.getWidth() <= grid.getWidth()
            && (long) window.getY() + window.getHeight() <= grid.getHeight();
    if (!inside) {
      throw new LandshiftException(
          FailureReason.NO_OVERLAP, "window " + window + " is not within its grid " + grid);
    }
  }

  private static void requireDay(Instant sensed) {
    if (!ProductDays.hasDay(sensed.atZone(ZoneOffset.UTC).toLocalDate())) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "sensed at %s, but the lifecycle's days go from %s to %s: correct the item's datetime, or leave the scene out"
              .formatted(sensed, ProductDays.FIRST, ProductDays.LAST));
    }
  }
}
