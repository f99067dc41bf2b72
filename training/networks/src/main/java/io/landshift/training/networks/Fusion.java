package io.landshift.training.networks;

/** A convolution, normalised and activated. */
public record Fusion(Convolution convolution, ChannelNorm norm) implements Layer {
  private static final int SIDE = 3;

  /** From {@code in} to {@code out} channels, 3 x 3 cells. */
  public static Fusion of(Scope scope, int in, int out) {
    return of(scope, in, out, SIDE);
  }

  /** From {@code in} to {@code out} channels, an odd side. */
  public static Fusion of(Scope scope, int in, int out, int side) {
    return new Fusion(
        Convolution.same(scope.of("conv"), in, out, side), ChannelNorm.of(scope.of("norm"), out));
  }

  @Override
  public <T> T apply(Ops<T> ops, T planes) {
    return ops.gelu(norm.apply(ops, convolution.apply(ops, planes)));
  }
}
