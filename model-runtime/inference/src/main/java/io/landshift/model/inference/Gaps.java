package io.landshift.model.inference;

/** Finds numbers that are none. Pure functions. */
final class Gaps {
  private Gaps() {}

  /** Four sums, because one would wait for each addition: values without a gap are the rule. */
  static boolean any(float[] values, int from, int length) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int at = from;
    for (; at + 3 < from + length; at += 4) {
      a += values[at] * 0f;
      b += values[at + 1] * 0f;
      c += values[at + 2] * 0f;
      d += values[at + 3] * 0f;
    }
    for (; at < from + length; at++) {
      a += values[at] * 0f;
    }
    // A number times 0 is 0, and NaN (or infinity) times 0 is NaN, which every sum keeps.
    return Float.isNaN(a + b + c + d);
  }
}
