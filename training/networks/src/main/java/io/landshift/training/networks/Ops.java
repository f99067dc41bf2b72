package io.landshift.training.networks;

import java.util.List;

/**
 * What networks are made of. An interpreter gives each operation its meaning: libtorch computes it,
 * ONNX export writes it down.
 *
 * <p>Tensors are float32, [batch, channel, row, column] ("planes") unless said otherwise. Numbers
 * of axes below zero count from the last. Operands broadcast as in PyTorch and ONNX.
 *
 * @param <T> a tensor, or what stands for one
 */
public interface Ops<T> {

  /**
   * How values between cells are found when planes grow; cells have their centres at half numbers.
   */
  enum Interpolation {
    NEAREST,
    BILINEAR
  }

  /** The values of a parameter. */
  T parameter(Parameter parameter);

  /**
   * Convolution of planes, zeros beyond the border.
   *
   * @param weight [out, in / groups, side, side]
   * @param bias [out]
   * @param padding rows and columns of zeros on each side
   */
  T convolution(T planes, Parameter weight, Parameter bias, int stride, int padding, int groups);

  /**
   * A matrix on the last axis.
   *
   * @param weight [out, in]
   * @param bias [out]
   */
  T linear(T x, Parameter weight, Parameter bias);

  /**
   * Mean 0 and variance 1 along the last axis, then gain and bias.
   *
   * @param gain [size of the axis]
   * @param bias [size of the axis]
   * @param epsilon added to the variance
   */
  T layerNorm(T x, Parameter gain, Parameter bias, double epsilon);

  /** a + b. */
  T add(T a, T b);

  /** a + b. */
  T add(T a, double b);

  /** a - b. */
  T subtract(T a, T b);

  /** a * b. */
  T multiply(T a, T b);

  /** a / b. */
  T divide(T a, T b);

  /** The amount without its sign. */
  T abs(T x);

  /** x times the normal distribution's cumulative function (the exact form, not that with tanh). */
  T gelu(T x);

  /** Exponentials that sum to 1 along an axis. */
  T softmax(T x, int axis);

  /** Mean over axes, which go away. */
  T mean(T x, List<Integer> axes);

  /** Mean over axes, which stay with size 1. */
  T meanKept(T x, List<Integer> axes);

  /** Root of the sum of squares over axes, which stay with size 1. */
  T normKept(T x, List<Integer> axes);

  /** Axes in another order. */
  T permute(T x, List<Integer> axes);

  /** Planes after one another as channels. */
  T joinChannels(List<T> planes);

  /**
   * Planes with more rows and columns.
   *
   * @param factor by how much, at least 2
   */
  T enlarge(T planes, int factor, Interpolation interpolation);

  /**
   * Planes with the rows and columns of others, bilinear; where these are fewer, values between are
   * not looked at.
   */
  T resize(T planes, T like);

  /**
   * Means over regions, [batch, channel, bins, bins]. Of n cells along an axis, region i is from
   * floor(i n / bins) up to ceil((i + 1) n / bins), as PyTorch's {@code AdaptiveAvgPool2d} has it:
   * regions cover all cells, overlap where bins do not divide n, and repeat cells where n is
   * smaller.
   *
   * @param bins regions along each axis, at least 1
   */
  T pool(T planes, int bins);

  /**
   * Channels become pixels: of [batch, channels * factor * factor, rows, columns], [batch,
   * channels, rows * factor, columns * factor]; channel, row in the cell, column in the cell, in
   * this order (Shi and others 2016, arXiv 1609.05158).
   */
  T spread(T planes, int factor);

  /**
   * Pixels become channels, the other way round: of [batch, 1, rows, columns], [batch, factor *
   * factor, rows / factor, columns / factor].
   */
  T gather(T plane, int factor);

  /** [batch, channel, row, column] to [batch, row, column, channel]. */
  default T channelsLast(T planes) {
    return permute(planes, List.of(0, 2, 3, 1));
  }

  /** [batch, row, column, channel] to [batch, channel, row, column]. */
  default T channelsFirst(T x) {
    return permute(x, List.of(0, 3, 1, 2));
  }
}
