package io.landshift.model.inference;

import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.NormalisedDifference;
import java.util.Arrays;

/**
 * Makes the features that a bundle derives from those that its encoder gives, in exact arithmetic:
 * what is derived when it is needed need not be stored.
 */
public final class DerivedFeatures {
  private static final int PART = 512;

  private DerivedFeatures() {}

  /**
   * Derives in place.
   *
   * @param presence which bands the scene has
   * @param features [feature][row][column] of all features, of which those of the encoder are there
   *     and those behind them are written: {@link FeaturePlanes#NOT_VALID} where what they are made
   *     of is, and everywhere if they do not exist in the scene
   */
  public static void derive(BundleManifest manifest, boolean[] presence, short[] features) {
    int all = manifest.features().size();
    int cells = features.length / all;
    boolean[] existing = manifest.existingFeatures(presence);
    for (int feature = manifest.encodedFeatures(); feature < all; feature++) {
      NormalisedDifference derivation = manifest.features().get(feature).derivation();
      int to = feature * cells;
      if (derivation == null || !existing[feature]) {
        Arrays.fill(features, to, to + cells, FeaturePlanes.NOT_VALID);
      } else {
        derive(
            features,
            manifest.source(derivation.first(), existing) * cells,
            manifest.source(derivation.second(), existing) * cells,
            to,
            cells,
            manifest.features().get(feature).stepsOfOne());
      }
    }
  }

  /** In parts that stay in the nearest cache, each in loops without a branch. */
  private static void derive(
      short[] features, int first, int second, int to, int cells, int stepsOfOne) {
    int[] a = new int[PART];
    int[] b = new int[PART];
    int[] q = new int[PART];
    for (int done = 0; done < cells; done += PART) {
      int count = Math.min(PART, cells - done);
      widen(features, first + done, a, count);
      widen(features, second + done, b, count);
      normalisedDifferences(a, b, q, count, stepsOfOne);
      narrow(q, features, to + done, count);
    }
  }

  private static void widen(short[] features, int from, int[] wide, int count) {
    for (int at = 0; at < count; at++) {
      wide[at] = features[from + at];
    }
  }

  private static void narrow(int[] wide, short[] features, int to, int count) {
    for (int at = 0; at < count; at++) {
      features[to + at] = (short) wide[at];
    }
  }

  /** Doubles hold all of these whole numbers, and tell their quotients from the next one. */
  private static void normalisedDifferences(int[] a, int[] b, int[] q, int count, int stepsOfOne) {
    double twice = 2.0 * stepsOfOne;
    int above = stepsOfOne + 1;
    for (int at = 0; at < count; at++) {
      int sum = a[at] + b[at];
      // Above 0, where a cast rounds down as floor does.
      q[at] = (int) ((twice * (a[at] - b[at]) + sum) / (2.0 * sum) + above);
    }
    for (int at = 0; at < count; at++) {
      int limited = Math.max(1, Math.min(2 * stepsOfOne + 1, q[at])) - above;
      // All bits where the sum is above 0, and where a number is not valid; none elsewhere.
      int positive = -(a[at] + b[at]) >> (Integer.SIZE - 1);
      int gap = (Math.min(a[at], b[at]) - FeaturePlanes.NOT_VALID - 1) >> (Integer.SIZE - 1);
      q[at] = (limited & positive & ~gap) | (FeaturePlanes.NOT_VALID & gap);
    }
  }
}
