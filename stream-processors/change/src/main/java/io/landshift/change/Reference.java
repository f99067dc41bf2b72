package io.landshift.change;

/**
 * What the ground of a chunk usually looks like in a season: per pixel and channel a robust centre
 * and spread of its looks.
 *
 * <p>The arrays are planar, {@code channel * pixels + pixel}, in feature units, NaN where there
 * were too few looks. The accessors return the arrays themselves, which nobody may write to once
 * the reference has been handed on; under that rule instances are safe to share between threads.
 */
public final class Reference {
  private final float[] centre;
  private final float[] spread;
  private final byte[] looks;

  /**
   * Keeps the arrays, without a copy.
   *
   * @param centre median of the looks
   * @param spread 1.4826 times the median of the absolute deviations from the centre
   * @param looks usable looks per pixel, an unsigned byte
   * @throws IllegalArgumentException if the lengths contradict each other
   */
  public Reference(float[] centre, float[] spread, byte[] looks) {
    boolean whole = looks.length == 0 ? centre.length == 0 : centre.length % looks.length == 0;
    if (centre.length != spread.length || !whole) {
      throw new IllegalArgumentException(
          "reference of "
              + looks.length
              + " pixels with "
              + centre.length
              + " centres and "
              + spread.length
              + " spreads");
    }
    this.centre = centre;
    this.spread = spread;
    this.looks = looks;
  }

  /** Median of the looks; NaN where there were too few. */
  public float[] centre() {
    return centre;
  }

  /**
   * 1.4826 times the median of the absolute deviations from the centre: the standard deviation if
   * the looks are normally distributed; 0 where most are equal, NaN where there were too few.
   */
  public float[] spread() {
    return spread;
  }

  /**
   * Usable looks per pixel, an unsigned byte, also where they were too few; 0 where they lie on one
   * side of the date in the season only.
   */
  public byte[] looks() {
    return looks;
  }
}
