package io.landshift.training.pretraining;

import io.landshift.training.networks.Values;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws which patches of a window are seen. Pure but for the generator. */
public final class PatchMask {
  /** Share of the patches that are hidden in MP-MAE. */
  public static final double RATIO = 0.6;

  private PatchMask() {}

  /** How many of {@code patches} are seen: of 49, 19 at a ratio of 0.6. */
  public static int kept(int patches, double ratio) {
    if (!(ratio >= 0 && ratio < 1)) {
      throw new IllegalArgumentException("a share of hidden patches is in [0, 1): " + ratio);
    }
    return (int) (patches * (1 - ratio));
  }

  /**
   * Hides the same number of patches in each window, any of them as likely as another.
   *
   * @param side patches along each axis
   * @param ratio share of the patches that are hidden, in [0, 1)
   * @return [batch, 1, side, side]: 1 where a patch is seen, 0 where it is hidden
   */
  public static Values draw(int batch, int side, double ratio, RandomGenerator random) {
    int patches = side * side;
    int kept = kept(patches, ratio);
    float[] visible = new float[batch * patches];
    for (int window = 0; window < batch; window++) {
      int left = kept;
      for (int patch = 0; patch < patches; patch++) {
        // Of the patches that are left, so many are still to be chosen.
        if (random.nextInt(patches - patch) < left) {
          visible[window * patches + patch] = 1;
          left--;
        }
      }
    }
    return new Values(List.of(batch, 1, side, side), visible);
  }
}
