package io.landshift.detection;

import io.landshift.model.bundle.PixelRegion;
import io.landshift.schemas.PixelWindow;

/** Windows of the events as the regions of the model runtime. */
final class ChunkRegions {
  private ChunkRegions() {}

  static PixelRegion of(PixelWindow window) {
    return new PixelRegion(window.getX(), window.getY(), window.getWidth(), window.getHeight());
  }
}
