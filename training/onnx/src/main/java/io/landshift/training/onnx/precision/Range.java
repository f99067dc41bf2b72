package io.landshift.training.onnx.precision;

import io.landshift.training.networks.Values;
import java.util.Arrays;

/**
 * Between what a tensor's values lie, zero always among them, because zeros stand beyond borders.
 *
 * @param low 0 or less
 * @param high 0 or more
 */
record Range(float low, float high) {
  private static final int STEPS = 255;

  /**
   * Of one window.
   *
   * @param percentile of the values so many lie between each bound and the other end, 50..100; 100
   *     leaves out none
   */
  static Range of(Values values, double percentile) {
    float[] sorted = values.values().clone();
    Arrays.sort(sorted);
    int most = sorted.length - 1;
    int outside = (int) Math.floor(most * (1 - percentile / 100));
    return new Range(Math.min(0, sorted[outside]), Math.max(0, sorted[most - outside]));
  }

  Range with(Range other) {
    return new Range(Math.min(low, other.low), Math.max(high, other.high));
  }

  /** The size of a step of uint8. */
  float scale() {
    return high > low ? Math.max((high - low) / STEPS, Float.MIN_NORMAL) : 1;
  }

  /** The step that means zero. */
  int zero() {
    return Math.clamp(Math.round(-low / scale()), 0, STEPS);
  }
}
