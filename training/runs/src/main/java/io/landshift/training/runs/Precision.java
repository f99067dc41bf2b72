package io.landshift.training.runs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;

/**
 * In how many bits a bundle's graphs are written, and how near its self-test has to come to what
 * libtorch computes in fp32.
 */
enum Precision {
  /** What was trained: runtimes add in another order. */
  FP32(2, 1e-3, 0),
  /** For GPUs: numbers of 11 bits. A trained atto is off by 1 step, 2e-4 and 7e-4. */
  FP16(8, 5e-3, 0.01),
  /**
   * For processors: integers of 8 bits, but where that costs most. A trained atto is off by 36
   * steps, 0.008 and 0.05 in its worst pixel of made-up ground; a processor that saturates sums
   * elsewhere has other worst pixels. What that costs on real ground is measured: this finds out
   * graphs that are broken.
   */
  INT8(128, 0.1, 0.2);

  /** Those that are made of fp32. */
  static final List<Precision> FEWER_BITS = List.of(FP16, INT8);

  private static final double LEAST_SCORE = 1e-2;

  private final int features;
  private final double probabilities;
  private final double scores;

  Precision(int features, double probabilities, double scores) {
    this.features = features;
    this.probabilities = probabilities;
    this.scores = scores;
  }

  /** As it is written. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What names and folders of its bundles end with: nothing in fp32. */
  String suffix() {
    return this == FP32 ? "" : "-" + title();
  }

  /** Largest difference of a stored feature, in its steps. */
  int features() {
    return features;
  }

  /** Largest difference of a probability. */
  double probabilities() {
    return probabilities;
  }

  /**
   * Largest difference of a score: a share of how far the expected ones lie apart, as their unit is
   * what the score's scale makes it.
   *
   * @param expected float32, little-endian
   */
  double score(byte[] expected) {
    FloatBuffer values = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    while (values.hasRemaining()) {
      float value = values.get();
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return Math.max(LEAST_SCORE, scores * (most - least));
  }
}
