package io.landshift.training.evaluation;

import java.util.ArrayDeque;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * Alarms on ground where nothing happened. Immutable.
 *
 * @param alarms number of patches
 * @param squareKilometres of stable ground that was watched
 */
public record FalseAlarms(long alarms, double squareKilometres) {
  /** The ground that rates are given for. */
  private static final double GROUND = 1000;

  public FalseAlarms {
    if (alarms < 0 || !(squareKilometres > 0)) {
      throw new IllegalArgumentException("alarms need ground, and are 0 or more");
    }
  }

  /**
   * Counts the patches of called pixels on stable ground; pixels that touch by a side or a corner
   * are of one patch.
   *
   * @param called [row * width + column]
   * @param stable where nothing happened, of the same pixels
   * @param pixelMetres side of a pixel on the ground, not on a map that stretches it
   * @param leastPixels patches of fewer pixels are no alarm, from 1
   * @throws IllegalArgumentException where lengths do not fit or no pixel is stable
   */
  public static FalseAlarms of(
      boolean[] called, boolean[] stable, int width, double pixelMetres, int leastPixels) {
    if (called.length != stable.length || called.length % width != 0 || leastPixels < 1) {
      throw new IllegalArgumentException(
          "%d called and %d stable pixels are no rows of %d"
              .formatted(called.length, stable.length, width));
    }
    boolean[] open = new boolean[called.length];
    long ground = 0;
    for (int pixel = 0; pixel < open.length; pixel++) {
      open[pixel] = called[pixel] && stable[pixel];
      ground += stable[pixel] ? 1 : 0;
    }
    long alarms = 0;
    for (int pixel = 0; pixel < open.length; pixel++) {
      alarms += open[pixel] && patch(open, width, pixel) >= leastPixels ? 1 : 0;
    }
    return new FalseAlarms(alarms, ground * pixelMetres * pixelMetres / 1e6);
  }

  /** Takes a whole patch away and tells its size. */
  private static int patch(boolean[] open, int width, int first) {
    ArrayDeque<Integer> edge = new ArrayDeque<>();
    open[first] = false;
    edge.add(first);
    int size = 0;
    while (!edge.isEmpty()) {
      int pixel = edge.remove();
      size++;
      int column = pixel % width;
      for (int row = pixel / width - 1; row <= pixel / width + 1; row++) {
        for (int x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          int next = row * width + x;
          if (next >= 0 && next < open.length && open[next]) {
            open[next] = false;
            edge.add(next);
          }
        }
      }
    }
    return size;
  }

  /** Both together. */
  public FalseAlarms plus(FalseAlarms other) {
    return new FalseAlarms(alarms + other.alarms, squareKilometres + other.squareKilometres);
  }

  /** Alarms per 1,000 square kilometres. */
  public double rate() {
    return GROUND * alarms / squareKilometres;
  }

  /**
   * What rate is behind so many alarms, if they come one by one (Garwood 1936,
   * doi:10.1093/biomet/28.3-4.437): also of none on little ground it says how many there may be.
   * Alarms that come in crowds, as of one hazy date, deserve a wider one.
   *
   * @param confidence between 0 and 1
   */
  public Interval interval(double confidence) {
    double tail = (1 - confidence) / 2;
    double low =
        alarms == 0
            ? 0
            : new ChiSquaredDistribution(2.0 * alarms).inverseCumulativeProbability(tail) / 2;
    double high =
        new ChiSquaredDistribution(2.0 * alarms + 2).inverseCumulativeProbability(1 - tail) / 2;
    return new Interval(GROUND * low / squareKilometres, GROUND * high / squareKilometres);
  }
}
