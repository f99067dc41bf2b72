package io.landshift.change;

/**
 * What a scene shows of one object: its active pixels, summarised.
 *
 * @param pixels the object's active pixels within the scene's windows
 * @param confirmed those of them whose status is confirmed
 * @param firstDay earliest first day among them; the largest int if there is none
 * @param seen how many of them have a valid score on the scene
 * @param meanScore mean of these scores, 0 if none
 * @param maxScore largest of these scores, 0 if none
 */
record Sighting(
    PixelRuns pixels,
    PixelRuns confirmed,
    int firstDay,
    int seen,
    float meanScore,
    float maxScore,
    byte fromClass,
    byte toClass) {

  /** Summarises the pixels that {@code members[from..to)} name, in ascending order. */
  static Sighting of(ActivePixels now, int[] members, int from, int to) {
    int[] x = new int[to - from];
    int[] y = new int[to - from];
    int[] confirmedX = new int[to - from];
    int[] confirmedY = new int[to - from];
    int confirmed = 0;
    int firstDay = Integer.MAX_VALUE;
    int seen = 0;
    long sum = 0;
    int largest = 0;
    for (int k = from; k < to; k++) {
      int i = members[k];
      x[k - from] = now.x()[i];
      y[k - from] = now.y()[i];
      if (ActivePixels.isConfirmed(now.status()[i])) {
        confirmedX[confirmed] = now.x()[i];
        confirmedY[confirmed++] = now.y()[i];
      }
      firstDay = Math.min(firstDay, now.firstDay()[i]);
      if (now.score()[i] != ScoreQuantiser.INVALID) {
        int steps = now.score()[i] & 0xFFFF;
        seen++;
        sum += steps;
        largest = Math.max(largest, steps);
      }
    }
    return new Sighting(
        PixelRuns.ofSorted(x, y, to - from),
        PixelRuns.ofSorted(confirmedX, confirmedY, confirmed),
        firstDay,
        seen,
        seen == 0 ? 0 : ScoreQuantiser.units((double) sum / seen),
        ScoreQuantiser.units(largest),
        majority(now.fromClass(), members, from, to),
        majority(now.toClass(), members, from, to));
  }

  /** The most frequent known class, the smallest of equals; unknown if none is known. */
  private static byte majority(byte[] classes, int[] members, int from, int to) {
    int[] counts = new int[256];
    for (int k = from; k < to; k++) {
      counts[classes[members[k]] & 0xFF]++;
    }
    counts[ActivePixels.NO_CLASS & 0xFF] = 0;
    int best = ActivePixels.NO_CLASS & 0xFF;
    for (int each = 0; each < counts.length; each++) {
      if (counts[each] > counts[best]) {
        best = each;
      }
    }
    return (byte) best;
  }
}
