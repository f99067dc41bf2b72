package io.landshift.model.inference;

import org.jspecify.annotations.Nullable;

/** The segmentation of a chunk. The arrays belong to the caller. */
public final class LandCover {
  private final byte[] classes;
  private final float @Nullable [] probabilities;

  LandCover(byte[] classes, float @Nullable [] probabilities) {
    this.classes = classes;
    this.probabilities = probabilities;
  }

  /**
   * [row][column]: the value of the most probable class, from 1 in the manifest's order (unsigned);
   * 0 where not valid. Of equal probabilities the first class wins.
   */
  public byte[] classes() {
    return classes;
  }

  /** [class][row][column], 0..1, NaN where not valid; null if not asked for. */
  public float @Nullable [] probabilities() {
    return probabilities;
  }
}
