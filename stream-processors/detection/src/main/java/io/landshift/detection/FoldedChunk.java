package io.landshift.detection;

import io.landshift.schemas.PixelWindow;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a scene after the fold; sent again whenever a late scene changes it.
 *
 * @param folded the result; null where it failed
 * @param failure why it failed; null where it did not
 */
public record FoldedChunk(
    SceneRef scene,
    int column,
    int row,
    PixelWindow window,
    @Nullable Folded folded,
    @Nullable SceneFailure failure) {

  /**
   * The result.
   *
   * @throws IllegalStateException if the chunk failed
   */
  Folded result() {
    if (folded == null) {
      throw new IllegalStateException("chunk " + chunk() + " of " + scene.productId() + " failed");
    }
    return folded;
  }

  String chunk() {
    return column + "|" + row;
  }
}
