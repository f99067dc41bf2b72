package io.landshift.change;

import java.util.Comparator;

/**
 * A clear view of a chunk at one time: a candidate for the reference of later ones.
 *
 * <p>Immutable. Ordered by day, then id.
 *
 * @param id the scene's identity; orders looks of the same day
 * @param epochDay days since 1970-01-01 of the sensing time, UTC
 */
public record Look(String id, long epochDay) implements Comparable<Look> {
  private static final Comparator<Look> ORDER =
      Comparator.comparingLong(Look::epochDay).thenComparing(Look::id);

  @Override
  public int compareTo(Look other) {
    return ORDER.compare(this, other);
  }
}
