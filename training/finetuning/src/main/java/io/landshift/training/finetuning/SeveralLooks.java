package io.landshift.training.finetuning;

import io.landshift.training.networks.LossOps;
import java.util.List;

/**
 * The reference of three looks, as serving has it: median, and median absolute deviation times
 * 1.4826; of features, with their gradients.
 *
 * @param centre [batch, feature, cell row, cell column]
 * @param spread the same shape, from 0
 */
record SeveralLooks<T>(T centre, T spread) {
  /** Looks of a reference: as few as serving is content with. */
  static final int COUNT = 3;

  /** Standard deviation of a normal distribution in units of its median absolute deviation. */
  private static final double NORMAL = 1.4826;

  /**
   * The reference.
   *
   * @param looks three
   * @param several [batch, 1, 1, 1], 0 where the reference is the first look alone, whose spread
   *     nobody knows: 0
   */
  static <T> SeveralLooks<T> of(LossOps<T> ops, List<T> looks, T several) {
    T first = looks.getFirst();
    T lowest = least(ops, first, least(ops, looks.get(1), looks.get(2)));
    T highest = most(ops, first, most(ops, looks.get(1), looks.get(2)));
    T sum = ops.add(first, ops.add(looks.get(1), looks.get(2)));
    T median = ops.subtract(sum, ops.add(lowest, highest));
    // The deviations are 0 and two others: their median is the smaller of these.
    T deviation = least(ops, ops.subtract(median, lowest), ops.subtract(highest, median));
    return new SeveralLooks<>(
        ops.add(first, ops.multiply(ops.subtract(median, first), several)),
        ops.multiply(ops.multiply(deviation, NORMAL), several));
  }

  private static <T> T least(LossOps<T> ops, T a, T b) {
    return ops.multiply(ops.subtract(ops.add(a, b), ops.abs(ops.subtract(a, b))), 0.5);
  }

  private static <T> T most(LossOps<T> ops, T a, T b) {
    return ops.multiply(ops.add(ops.add(a, b), ops.abs(ops.subtract(a, b))), 0.5);
  }
}
