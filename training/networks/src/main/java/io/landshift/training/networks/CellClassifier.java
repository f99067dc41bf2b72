package io.landshift.training.networks;

/**
 * Planes of cells to planes of pixels: a linear layer tells each pixel of a cell apart, as far as
 * the cell's features do. What is smaller than a cell is not smoothed away.
 *
 * @param stride pixels per cell along each axis
 */
public record CellClassifier(Convolution convolution, int stride) implements Layer {

  /** From {@code in} channels to {@code out}. */
  public static CellClassifier of(Scope scope, int in, int out, int stride) {
    return new CellClassifier(Convolution.same(scope, in, out * stride * stride, 1), stride);
  }

  @Override
  public <T> T apply(Ops<T> ops, T planes) {
    T cells = convolution.apply(ops, planes);
    return stride == 1 ? cells : ops.spread(cells, stride);
  }
}
