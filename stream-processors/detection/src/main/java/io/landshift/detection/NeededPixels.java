package io.landshift.detection;

import io.landshift.ingest.scenes.Quality;
import io.landshift.schemas.PixelWindow;
import java.util.Arrays;

/**
 * Which pixels of a chunk need a reference today: those of the heads' tiles in which something was
 * seen or is going on. Under a closed cloud nothing is compared, so earlier looks need not be read
 * there. Pure functions.
 */
final class NeededPixels {
  private NeededPixels() {}

  /**
   * Marks whole tiles, because a head may look at all pixels of one.
   *
   * @param quality of the look, before it is moved back
   * @param idle 1 where nothing is going on
   * @param window what both cover
   * @param tile side of a head's tile, pixels; tiles begin at the grid's origin
   * @param margin by how far a look may be moved back, pixels
   * @return 1 where a reference is needed, else 0
   */
  static byte[] of(byte[] quality, byte[] idle, PixelWindow window, int tile, int margin) {
    byte[] needed = new byte[quality.length];
    int right = window.getX() + window.getWidth();
    int bottom = window.getY() + window.getHeight();
    for (int y = Math.floorDiv(window.getY(), tile) * tile; y < bottom; y += tile) {
      for (int x = Math.floorDiv(window.getX(), tile) * tile; x < right; x += tile) {
        PixelWindow around =
            new PixelWindow(x - margin, y - margin, tile + 2 * margin, tile + 2 * margin);
        if (anyNeeded(quality, idle, window, Windows.intersect(around, window))) {
          fill(needed, window, Windows.intersect(new PixelWindow(x, y, tile, tile), window));
        }
      }
    }
    return needed;
  }

  private static boolean anyNeeded(
      byte[] quality, byte[] idle, PixelWindow window, PixelWindow part) {
    for (int row = 0; row < part.getHeight(); row++) {
      int from = first(window, part, row);
      for (int p = from; p < from + part.getWidth(); p++) {
        if (quality[p] == Quality.CLEAR || idle[p] == 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static void fill(byte[] needed, PixelWindow window, PixelWindow part) {
    for (int row = 0; row < part.getHeight(); row++) {
      int from = first(window, part, row);
      Arrays.fill(needed, from, from + part.getWidth(), (byte) 1);
    }
  }

  private static int first(PixelWindow window, PixelWindow part, int row) {
    return (part.getY() - window.getY() + row) * window.getWidth() + part.getX() - window.getX();
  }
}
