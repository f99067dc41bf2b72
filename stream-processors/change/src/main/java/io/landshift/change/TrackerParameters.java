package io.landshift.change;

import java.io.Serializable;

/**
 * How disturbed pixels make objects.
 *
 * <p>Immutable.
 *
 * @param minimumPixels minimum mapping unit: pixels that must be disturbed together to make an
 *     object, and confirmed to confirm it, at least 1
 * @param growthDays days between the first days of an object's youngest pixel and of pixels that
 *     touch it, up to which they are one disturbance
 */
public record TrackerParameters(int minimumPixels, int growthDays) implements Serializable {
  /**
   * @throws IllegalArgumentException if a value is outside its range
   */
  public TrackerParameters {
    if (minimumPixels < 1 || growthDays < 0) {
      throw new IllegalArgumentException(
          "tracker parameters must be minimumPixels >= 1, growthDays >= 0");
    }
  }
}
