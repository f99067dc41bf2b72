package io.landshift.detection;

import java.io.Serializable;

/**
 * Which earlier looks make a reference.
 *
 * @param windowDays looks within so many days of the year, either way; 183 = all year
 * @param wideWindowDays used for pixels with fewer than {@code minLooks} looks in the window
 * @param minAgeDays looks at least so old
 * @param maxAgeDays looks at most so old
 * @param minLooks with fewer, a pixel is not monitored on that date
 * @param maxLooks the most recent so many are used
 */
public record LookChoice(
    int windowDays, int wideWindowDays, int minAgeDays, int maxAgeDays, int minLooks, int maxLooks)
    implements Serializable {

  /** Every earlier look, however few: for a pair of dates, where the first is the reference. */
  public static LookChoice everyEarlier() {
    return new LookChoice(183, 183, 1, 36_600, 1, 16);
  }
}
