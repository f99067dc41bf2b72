package io.landshift.training.evaluation;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long after it could first be seen a change was found. Changes that were never found count as
 * found later than all others: leaving them out would make a method that finds only what is plain
 * look quick. Immutable and thread-safe.
 */
public final class DetectionDelay {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  /** Rising; one a change. */
  private final double[] days;

  private DetectionDelay(double[] days) {
    this.days = days;
  }

  /**
   * Compares dates.
   *
   * @param visible when each change is first seen clearly, by the truth
   * @param found when it was found, null where never; a date before that is a negative delay
   * @throws IllegalArgumentException without any change, or where the lists differ in length
   */
  public static DetectionDelay of(List<LocalDate> visible, List<@Nullable LocalDate> found) {
    if (visible.isEmpty() || visible.size() != found.size()) {
      throw new IllegalArgumentException(
          "%d changes and %d dates".formatted(visible.size(), found.size()));
    }
    double[] days = new double[visible.size()];
    for (int i = 0; i < days.length; i++) {
      LocalDate date = found.get(i);
      days[i] = date == null ? NEVER : ChronoUnit.DAYS.between(visible.get(i), date);
    }
    Arrays.sort(days);
    return new DetectionDelay(days);
  }

  /** Number of changes. */
  public int changes() {
    return days.length;
  }

  /** How many of them were found. */
  public int found() {
    return (int) Arrays.stream(days).filter(delay -> delay < NEVER).count();
  }

  /** Days within which half of the changes were found; infinite where fewer were at all. */
  public double median() {
    return within(0.5);
  }

  /**
   * Days within which a share of the changes was found; infinite where fewer were at all.
   *
   * @param share above 0 up to 1
   */
  public double within(double share) {
    return days[(int) Math.ceil(share * days.length) - 1];
  }

  /** Share of the changes that was found within so many days, 0..1. */
  public double shareWithin(int most) {
    return Arrays.stream(days).filter(delay -> delay <= most).count() / (double) days.length;
  }
}
