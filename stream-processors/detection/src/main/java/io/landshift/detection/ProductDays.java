package io.landshift.detection;

import java.time.LocalDate;

/** Days as the product counts them: from 2014-12-31, before the first Sentinel-2 image. */
public final class ProductDays {
  private static final LocalDate DAY_ZERO = LocalDate.of(2014, 12, 31);

  private ProductDays() {}

  /** The product's day of a date; the first is 1. */
  public static int of(LocalDate date) {
    return Math.toIntExact(date.toEpochDay() - DAY_ZERO.toEpochDay());
  }

  /** The date of a product's day. */
  public static LocalDate date(int day) {
    return DAY_ZERO.plusDays(day);
  }
}
