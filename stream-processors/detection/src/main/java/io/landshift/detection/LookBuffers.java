package io.landshift.detection;

import java.util.ArrayList;
import java.util.List;

/**
 * Arrays for the features of looks, used again and again: to make them anew for each look takes as
 * long as to read it. What an array held before is still in it. For one thread.
 */
final class LookBuffers {
  private final List<short[]> kept = new ArrayList<>();
  private int used;

  /** An array that nobody uses. */
  short[] take(int length) {
    if (used == kept.size()) {
      kept.add(new short[length]);
    } else if (kept.get(used).length != length) {
      kept.set(used, new short[length]);
    }
    return kept.get(used++);
  }

  /** How many are in use. */
  int used() {
    return used;
  }

  /** Takes back all but the first {@code stillUsed}. */
  void takeBack(int stillUsed) {
    used = stillUsed;
  }
}
