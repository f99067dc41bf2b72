package io.landshift.training.torch;

/**
 * The learning rate over the steps of a training: a straight line from 0 up to the peak, then half
 * a cosine down to the floor, which stays.
 *
 * @param peak the largest rate, at the end of the warm-up
 * @param floor the rate at the end, 0..peak
 * @param warmUp steps of the warm-up, 0..steps
 * @param steps steps of the training, at least 1
 */
public record WarmUpCosine(double peak, double floor, long warmUp, long steps) {
  public WarmUpCosine {
    if (!(peak > 0 && floor >= 0 && floor <= peak && warmUp >= 0 && warmUp <= steps && steps > 0)) {
      throw new IllegalArgumentException(
          "no schedule: peak %s, floor %s, warm-up %d of %d steps"
              .formatted(peak, floor, warmUp, steps));
    }
  }

  /**
   * The rate of a step.
   *
   * @param step from 0
   */
  public double at(long step) {
    if (step < warmUp) {
      return peak * step / warmUp;
    }
    if (step >= steps) {
      return floor;
    }
    double done = (double) (step - warmUp) / (steps - warmUp);
    return floor + (peak - floor) * (1 + Math.cos(Math.PI * done)) / 2;
  }
}
