package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.change.ScoreQuantiser;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.model.inference.ChunkInput;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.LandCover;
import io.landshift.model.inference.ModelSession;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;

/**
 * How far what one session computes lies from what another does, on the same pixels. Each graph is
 * fed the same numbers in both; "through" is what comes out where each session goes on with its own
 * features. Of use is what is stored: scores in steps of 0.01, before any threshold.
 */
final class Parity {
  private static final long SEED = 20150623;

  private final ModelSession expected;
  private final ModelSession actual;
  private final BundleManifest manifest;
  private final float[][] bands;
  private final int side;
  private final boolean[] presence;
  private final float[] centre;
  private final float[] spread;
  private final short[] features;

  private Parity(ModelSession expected, ModelSession actual, float[][] bands, int side) {
    this.expected = expected;
    this.actual = actual;
    this.manifest = expected.manifest();
    this.bands = bands;
    this.side = side;
    this.presence = new boolean[bands.length];
    Arrays.fill(presence, true);
    this.features = encoded(expected);
    this.centre = new float[features.length];
    this.spread = new float[features.length];
    Random random = new Random(SEED);
    FeaturePlanes planes = planes(features);
    int plane = side * side;
    float[] values = new float[plane];
    for (int feature = 0; feature < manifest.features().size(); feature++) {
      planes.read(feature, new FeaturePlanes.Cells(0, 0, side, side), values);
      System.arraycopy(values, 0, centre, feature * plane, plane);
    }
    for (int at = 0; at < centre.length; at++) {
      centre[at] += (float) (0.03 * random.nextGaussian());
      spread[at] = 0.01f + 0.04f * random.nextFloat();
    }
  }

  /**
   * Compares.
   *
   * @param bands [row][column] of each band, side x side pixels; a bundle of stride 1
   */
  static void measure(
      ModelSession expected, ModelSession actual, float[][] bands, int side, ObjectNode result) {
    Parity parity = new Parity(expected, actual, bands, side);
    result.put("pixels", side * side);
    parity.features(result.putObject("features"));
    parity.landCover(result.putObject("landCover"));
    float[][] scores = parity.scored(expected, parity.features);
    parity.scores(scores, parity.scored(actual, parity.features), result.putObject("scores"));
    float[][] through = parity.scored(actual, parity.encoded(actual));
    parity.scores(scores, through, result.putObject("scoresThrough"));
  }

  private void features(ObjectNode result) {
    short[] other = encoded(actual);
    int largest = 0;
    int differing = 0;
    for (int at = 0; at < features.length; at++) {
      int difference = Math.abs(features[at] - other[at]);
      largest = Math.max(largest, difference);
      differing += difference == 0 ? 0 : 1;
    }
    result.put("values", features.length).put("differing", differing).put("largestSteps", largest);
  }

  private void landCover(ObjectNode result) {
    LandCover one = expected.segment(features, presence, side, side, true);
    LandCover other = actual.segment(features, presence, side, side, true);
    int differing = 0;
    for (int at = 0; at < one.classes().length; at++) {
      differing += one.classes()[at] == other.classes()[at] ? 0 : 1;
    }
    result.put("pixels", one.classes().length).put("differing", differing);
    result.put("largest", largest(asked(one), asked(other)));
  }

  private static float[] asked(LandCover landCover) {
    return Objects.requireNonNull(landCover.probabilities(), "they were asked for");
  }

  private void scores(float[][] one, float[][] other, ObjectNode result) {
    double largest = 0;
    int values = 0;
    int differing = 0;
    int across = 0;
    for (int score = 0; score < one.length; score++) {
      Score named = manifest.scores().get(score);
      largest = Math.max(largest, largest(one[score], other[score]));
      short[] first = ScoreQuantiser.quantise(one[score]);
      short[] second = ScoreQuantiser.quantise(other[score]);
      values += first.length;
      for (int at = 0; at < first.length; at++) {
        differing += first[at] == second[at] ? 0 : 1;
        across += level(named, first[at]) == level(named, second[at]) ? 0 : 1;
      }
    }
    result.put("values", values).put("quantisedDiffering", differing);
    result.put("acrossAThreshold", across).put("largest", largest);
  }

  private static int level(Score score, short quantised) {
    float metric = ScoreQuantiser.metric(quantised);
    return metric >= score.high() ? 2 : metric >= score.low() ? 1 : 0;
  }

  /** The largest difference; infinite where a number stands against none. */
  private static double largest(float[] one, float[] other) {
    double largest = 0;
    for (int at = 0; at < one.length; at++) {
      if (Float.isNaN(one[at]) != Float.isNaN(other[at])) {
        return Double.POSITIVE_INFINITY;
      }
      // NaN against NaN leaves the comparison false.
      double difference = Math.abs((double) one[at] - other[at]);
      if (difference > largest) {
        largest = difference;
      }
    }
    return largest;
  }

  private short[] encoded(ModelSession session) {
    PixelRegion chunk = new PixelRegion(0, 0, side, side);
    return session.encode(
        new ChunkInput(WindowPlan.of(manifest.window(), chunk), chunk, bands, null));
  }

  private float[][] scored(ModelSession session, short[] current) {
    return session.scores(
        planes(current),
        FeaturePlanes.of(centre, side, side),
        FeaturePlanes.of(spread, side, side),
        null,
        presence,
        new PixelRegion(0, 0, side, side));
  }

  private FeaturePlanes planes(short[] values) {
    return FeaturePlanes.quantised(values, side, side, manifest);
  }
}
