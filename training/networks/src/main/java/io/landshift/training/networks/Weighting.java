package io.landshift.training.networks;

import java.util.List;

/** How the losses of several tasks become one. */
public enum Weighting {
  /** Their sum. */
  EQUAL,
  /**
   * By uncertainty: the sum of exp(-s) L + s over all losses that are not zero, with a learned s
   * for each, which is best at ln L. May be negative.
   */
  UNCERTAINTY;

  /**
   * One loss of several.
   *
   * @param losses single numbers, not negative
   * @param logVariances [losses]: the s
   */
  public <T> T total(LossOps<T> ops, List<T> losses, Parameter logVariances) {
    T all = ops.stack(losses);
    return switch (this) {
      case EQUAL -> ops.sum(all);
      case UNCERTAINTY -> {
        T s = ops.parameter(logVariances);
        T weighted = ops.multiply(all, ops.exp(ops.multiply(s, -1)));
        yield ops.sum(ops.multiply(ops.sign(all), ops.add(weighted, s)));
      }
    };
  }
}
