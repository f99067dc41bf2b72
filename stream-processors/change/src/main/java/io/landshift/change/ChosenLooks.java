package io.landshift.change;

import java.util.List;

/**
 * The looks that make the reference of a date.
 *
 * <p>Immutable. Both lists are ordered by day, then id, and have no look in common.
 *
 * @param inner looks of the season
 * @param outer looks of the season at twice its width, for pixels that have too few inner ones
 */
public record ChosenLooks(List<Look> inner, List<Look> outer) {
  /** Copies the lists. */
  public ChosenLooks {
    inner = List.copyOf(inner);
    outer = List.copyOf(outer);
  }
}
