package io.landshift.change;

import java.io.Serializable;

/**
 * Which looks may serve as the reference of a date.
 *
 * <p>Immutable.
 *
 * @param windowDays largest distance in the season, in days; 183 or more means any season
 * @param minAgeDays smallest age of a look on the date, in days, at least 1
 * @param maxAgeDays largest age of a look on the date, in days
 * @param minLooks looks that a pixel needs to be compared, at least 1
 * @param maxLooks largest number of looks in each of the two rings, at least {@code minLooks}
 */
public record ReferenceParameters(
    int windowDays, int minAgeDays, int maxAgeDays, int minLooks, int maxLooks)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if a value is outside its range
   */
  public ReferenceParameters {
    if (windowDays < 0
        || minAgeDays < 1
        || maxAgeDays < minAgeDays
        || minLooks < 1
        || maxLooks < minLooks
        || maxLooks > MAX_LOOKS) {
      throw new IllegalArgumentException(
          "reference parameters must be windowDays >= 0, 1 <= minAgeDays <= maxAgeDays,"
              + " 1 <= minLooks <= maxLooks <= "
              + MAX_LOOKS);
    }
  }

  /** Every earlier look, however few: for a pair of dates, where the first is the reference. */
  public static ReferenceParameters everyEarlier() {
    return new ReferenceParameters(183, 1, 36_600, 1, 16);
  }

  /** So many looks of both rings can be counted in an unsigned byte. */
  static final int MAX_LOOKS = 127;
}
