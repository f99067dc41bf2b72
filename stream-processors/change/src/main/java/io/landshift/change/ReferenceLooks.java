package io.landshift.change;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Chooses the looks with which a date is compared: those of the same season of earlier years.
 *
 * <p>The distance of two dates in the season is the number of days from the one to the nearest
 * anniversary of the other in the real calendar, so that leap years and the turn of the year shift
 * nothing. The anniversary of 29 February in a common year is 28 February.
 *
 * <p>Pure functions; safe for use by several threads.
 */
public final class ReferenceLooks {
  /** The two anniversaries around a date are at most 366 days apart. */
  private static final int ANY_SEASON = 183;

  private ReferenceLooks() {}

  /**
   * Chooses the looks for a date; the result does not depend on the order of {@code history}.
   *
   * <p>Of more than {@code maxLooks} in a ring the most recent are taken.
   *
   * @param history all looks of the chunk; later and too young ones are passed over
   * @param epochDay days since 1970-01-01 of the date
   */
  public static ChosenLooks choose(
      List<Look> history, long epochDay, ReferenceParameters parameters) {
    List<Look> inner = new ArrayList<>();
    List<Look> outer = new ArrayList<>();
    for (Look look : history) {
      long age = epochDay - look.epochDay();
      if (age < parameters.minAgeDays() || age > parameters.maxAgeDays()) {
        continue;
      }
      int distance = seasonDistance(epochDay, look.epochDay());
      if (distance <= parameters.windowDays()) {
        inner.add(look);
      } else if (distance <= 2L * parameters.windowDays()) {
        outer.add(look);
      }
    }
    return new ChosenLooks(
        mostRecent(inner, parameters.maxLooks()), mostRecent(outer, parameters.maxLooks()));
  }

  /** Chooses the looks for a date, as {@link #choose(List, long, ReferenceParameters)} does. */
  public static ChosenLooks choose(
      List<Look> history, LocalDate date, ReferenceParameters parameters) {
    return choose(history, date.toEpochDay(), parameters);
  }

  /** Days, 0..183, from {@code other} to the nearest anniversary of {@code epochDay}. */
  static int seasonDistance(long epochDay, long other) {
    return Math.abs(seasonOffset(epochDay, other));
  }

  /**
   * Where in the season a look lies: days, -183..183, from the nearest anniversary of {@code
   * epochDay} to {@code other}; negative is earlier in the season.
   */
  public static int seasonOffset(long epochDay, long other) {
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    int year = LocalDate.ofEpochDay(other).getYear();
    long nearest = ANY_SEASON;
    for (int years = -1; years <= 1; years++) {
      long offset = other - date.withYear(year + years).toEpochDay();
      nearest = Math.abs(offset) < Math.abs(nearest) ? offset : nearest;
    }
    return (int) nearest;
  }

  private static List<Look> mostRecent(List<Look> looks, int limit) {
    Collections.sort(looks);
    return looks.subList(Math.max(0, looks.size() - limit), looks.size());
  }
}
