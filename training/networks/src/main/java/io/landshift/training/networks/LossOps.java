package io.landshift.training.networks;

import java.util.List;

/**
 * What losses need beyond what networks are made of. Losses are never exported.
 *
 * @param <T> a tensor, or what stands for one
 */
public interface LossOps<T> extends Ops<T> {
  /** a * b. */
  T multiply(T a, double b);

  /** e to the power of x. */
  T exp(T x);

  /** The middle one of each plane, the lower one of two: [batch, channel, 1, 1]. */
  T median(T planes);

  /** -1, 0 or 1; without a gradient. */
  T sign(T x);

  /** Logarithms of exponentials that sum to 1 along an axis. */
  T logSoftmax(T x, int axis);

  /** The last axis becomes two, of which the second has {@code size}. */
  T split(T x, int size);

  /** The sum of all values: a single number. */
  T sum(T x);

  /** Single numbers as [count]. */
  T stack(List<T> numbers);
}
