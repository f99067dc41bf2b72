package io.landshift.training.networks;

/** A convolution of planes with a bias. */
public record Convolution(Parameter weight, Parameter bias, int stride, int padding, int groups)
    implements Layer {

  /** Keeps rows and columns; an odd side, zeros beyond the border. */
  public static Convolution same(Scope scope, int in, int out, int side) {
    return new Convolution(scope.weight(out, in, side, side), scope.bias(out), 1, side / 2, 1);
  }

  /** One cell for each square of {@code side} x {@code side}. */
  public static Convolution patches(Scope scope, int in, int out, int side) {
    return new Convolution(scope.weight(out, in, side, side), scope.bias(out), side, 0, 1);
  }

  /** As {@link #same}, each channel by itself. */
  public static Convolution depthwise(Scope scope, int channels, int side) {
    return new Convolution(
        scope.weight(channels, 1, side, side), scope.bias(channels), 1, side / 2, channels);
  }

  /** As {@link #patches}, each channel by itself. */
  public static Convolution depthwisePatches(Scope scope, int channels, int side) {
    return new Convolution(
        scope.weight(channels, 1, side, side), scope.bias(channels), side, 0, channels);
  }

  @Override
  public <T> T apply(Ops<T> ops, T planes) {
    return ops.convolution(planes, weight, bias, stride, padding, groups);
  }
}
