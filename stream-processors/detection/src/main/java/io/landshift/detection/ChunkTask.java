package io.landshift.detection;

import io.landshift.schemas.PixelWindow;

/** One chunk of a planned scene, to be read and encoded. */
public record ChunkTask(ScenePlan plan, int column, int row) {

  /** The pixels of the chunk that the scene covers. */
  public PixelWindow window() {
    return plan.windowOf(column, row);
  }
}
