package io.landshift.change;

/**
 * How far a look lies from where earlier looks lie, in sixteenths of a pixel, so that equal inputs
 * give equal shifts whatever the last bit of a sum.
 *
 * @param east sixteenths of a pixel to the east
 * @param south sixteenths of a pixel to the south
 * @param measured whether the look and the earlier ones had enough in common to say so; 0 and 0
 *     where not
 */
public record Shift(int east, int south, boolean measured) {
  /** Steps of a pixel. */
  public static final int STEPS = 16;

  /** Nothing could be measured. */
  public static final Shift UNKNOWN = new Shift(0, 0, false);

  /** The same ground, to half a step. */
  public boolean isZero() {
    return east == 0 && south == 0;
  }

  /** The larger of both distances, in pixels. */
  public double largest() {
    return Math.max(Math.abs(east), Math.abs(south)) / (double) STEPS;
  }
}
