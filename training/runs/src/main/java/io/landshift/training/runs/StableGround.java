package io.landshift.training.runs;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest.Calibration;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.training.samples.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The scale of a learned score, found on ground where nothing is known to have happened: there it
 * reaches each threshold as often as the score of spectral-baseline does on the same looks. What
 * the lifecycle makes of a score, a sum over looks in standard deviations, then means the same with
 * both; on hard ground, or where something did happen unseen, both are forgiven alike.
 */
final class StableGround {
  /** So rare an event is not told from rarer ones: a share of the pixels. */
  private static final double RAREST = 1e-5;

  /** Logits that differ by less are not told apart. */
  private static final float LEAST = 0.1f;

  private StableGround() {}

  /**
   * Finds the scale.
   *
   * @param bundle that gives logits
   * @param data which pixels these are, for people
   */
  static LearnedBundle.Scale scale(Bundle bundle, List<? extends Sample> samples, String data) {
    Bundle baseline = Bundles.spectralBaseline();
    Score usual = baseline.manifest().scores().getFirst();
    float[] logits = scores(bundle, samples);
    float[] known = scores(baseline, samples);
    int count = 0;
    for (int index = 0; index < known.length; index++) {
      if (!Float.isNaN(logits[index]) && !Float.isNaN(known[index])) {
        logits[count] = logits[index];
        known[count++] = known[index];
      }
    }
    float[] sorted = sorted(logits, count);
    float[] sortedKnown = sorted(known, count);
    return scale(
        sorted,
        usual,
        share(sortedKnown, usual.low()),
        share(sortedKnown, usual.high()),
        "%,d %s".formatted(count, data));
  }

  private static float[] sorted(float[] values, int count) {
    float[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private static float[] scores(Bundle bundle, List<? extends Sample> samples) {
    List<float[]> parts = new ArrayList<>();
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      for (Sample sample : samples) {
        parts.addAll(ServedScores.ofStableGround(session, sample));
      }
    }
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int filled = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, filled, part.length);
      filled += part.length;
    }
    return all;
  }

  /**
   * The scale by which logits reach the thresholds with given shares.
   *
   * @param logits sorted
   * @param thresholds low and high
   */
  static LearnedBundle.Scale scale(
      float[] logits, Score thresholds, double low, double high, String data) {
    float lower = reachedBy(logits, low);
    float upper = Math.max(lower + LEAST, reachedBy(logits, high));
    double gain = (thresholds.high() - thresholds.low()) / (upper - lower);
    return new LearnedBundle.Scale(
        gain,
        thresholds.low() - gain * lower,
        new Calibration(share(logits, lower), share(logits, upper), data));
  }

  /** What a share of sorted values reaches. */
  private static float reachedBy(float[] sorted, double share) {
    long count = Math.round(Math.max(share, RAREST) * sorted.length);
    return sorted[sorted.length - Math.clamp(count, 1, sorted.length)];
  }

  /** The share of sorted values that reach a threshold. */
  private static double share(float[] sorted, double threshold) {
    int below = 0;
    int above = sorted.length;
    while (below < above) {
      int middle = (below + above) >>> 1;
      if (sorted[middle] < threshold) {
        below = middle + 1;
      } else {
        above = middle;
      }
    }
    return (double) (sorted.length - below) / sorted.length;
  }
}
