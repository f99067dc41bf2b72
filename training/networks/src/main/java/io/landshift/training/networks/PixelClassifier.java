package io.landshift.training.networks;

/**
 * Planes of cells to planes of pixels: a linear layer on each cell, then bilinear enlargement.
 *
 * @param stride pixels per cell along each axis
 */
public record PixelClassifier(Convolution convolution, int stride) implements Layer {

  /** From {@code in} channels to {@code out}. */
  public static PixelClassifier of(Scope scope, int in, int out, int stride) {
    return new PixelClassifier(Convolution.same(scope, in, out, 1), stride);
  }

  @Override
  public <T> T apply(Ops<T> ops, T planes) {
    T cells = convolution.apply(ops, planes);
    return stride == 1 ? cells : ops.enlarge(cells, stride, Ops.Interpolation.BILINEAR);
  }
}
