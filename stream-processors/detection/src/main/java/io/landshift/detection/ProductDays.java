package io.landshift.detection;

import java.time.LocalDate;

/**
 * Days as the product counts them: from 2014-12-31, before the first Sentinel-2 image. They are
 * stored in 16 bits.
 */
public final class ProductDays {
  private static final LocalDate DAY_ZERO = LocalDate.of(2014, 12, 31);

  /** The first date that has a day: day 1. */
  public static final LocalDate FIRST = DAY_ZERO.plusDays(1);

  /** The last date that has a day. */
  public static final LocalDate LAST = DAY_ZERO.plusDays(Short.MAX_VALUE);

  private ProductDays() {}

  /** Whether a date has a day: whether it lies within {@link #FIRST} and {@link #LAST}. */
  public static boolean hasDay(LocalDate date) {
    return !date.isBefore(FIRST) && !date.isAfter(LAST);
  }

  /** The product's day of a date; the first is 1. */
  public static int of(LocalDate date) {
    return Math.toIntExact(date.toEpochDay() - DAY_ZERO.toEpochDay());
  }

  /** The date of a product's day. */
  public static LocalDate date(int day) {
    return DAY_ZERO.plusDays(day);
  }
}
