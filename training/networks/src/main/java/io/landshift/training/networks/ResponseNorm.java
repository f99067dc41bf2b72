package io.landshift.training.networks;

import java.util.List;

/**
 * Global response normalisation of [batch, row, column, channel]: a channel counts by how strong it
 * is over the whole window, next to the other channels. y = gamma * x * n + beta + x, where n is
 * the channel's norm over the window divided by the mean of all channels' norms (ConvNeXt V2,
 * section 3).
 */
public record ResponseNorm(Parameter gamma, Parameter beta) implements Layer {
  private static final double EPSILON = 1e-6;

  /** For {@code channels} on the last axis. */
  public static ResponseNorm of(Scope scope, int channels) {
    return new ResponseNorm(
        scope.zeros("gamma", 1, 1, 1, channels), scope.zeros("beta", 1, 1, 1, channels));
  }

  @Override
  public <T> T apply(Ops<T> ops, T x) {
    return over(ops, x, List.of(1, 2));
  }

  /**
   * The same with norms over other axes.
   *
   * @param axes rows and columns, or these and the batch
   */
  public <T> T over(Ops<T> ops, T x, List<Integer> axes) {
    T norm = ops.normKept(x, axes);
    T relative = ops.divide(norm, ops.add(ops.meanKept(norm, List.of(-1)), EPSILON));
    T scaled = ops.multiply(ops.parameter(gamma), ops.multiply(x, relative));
    return ops.add(ops.add(scaled, ops.parameter(beta)), x);
  }
}
