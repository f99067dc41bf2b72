package io.landshift.change;

/**
 * Scores as they are stored: unsigned 16-bit numbers in steps of 0.01 lifecycle units, 65535 where
 * a score is not valid.
 *
 * <p>Pure functions; safe for use by several threads.
 */
public final class ScoreQuantiser {
  /** The number that means "not valid", as a Java short. */
  public static final short INVALID = (short) 65535;

  private static final double STEPS_PER_UNIT = 100;
  private static final int LARGEST = 65534;

  private ScoreQuantiser() {}

  /**
   * Rounds to the nearest step, halves up; below 0 becomes 0, above 655.34 becomes 655.34, NaN
   * becomes {@link #INVALID}.
   */
  public static short quantise(float score) {
    if (Float.isNaN(score)) {
      return INVALID;
    }
    double steps = Math.floor(score * STEPS_PER_UNIT + 0.5);
    return (short) (int) Math.clamp(steps, 0, LARGEST);
  }

  /** {@link #quantise(float)} of each. */
  public static short[] quantise(float[] scores) {
    short[] quantised = new short[scores.length];
    for (int i = 0; i < scores.length; i++) {
      quantised[i] = quantise(scores[i]);
    }
    return quantised;
  }

  /**
   * The float nearest to the number of hundredths: 250 becomes exactly 2.5. {@link #INVALID}
   * becomes NaN.
   */
  public static float metric(short quantised) {
    return quantised == INVALID ? Float.NaN : units(quantised & 0xFFFF);
  }

  /** A number of steps, which may be a mean, in lifecycle units. */
  static float units(double steps) {
    return (float) (steps / STEPS_PER_UNIT);
  }

  /** {@link #metric(short)} of each: what {@link Lifecycle} folds. */
  public static float[] metric(short[] quantised) {
    float[] metric = new float[quantised.length];
    for (int i = 0; i < quantised.length; i++) {
      metric[i] = metric(quantised[i]);
    }
    return metric;
  }
}
