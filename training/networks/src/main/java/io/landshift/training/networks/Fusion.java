package io.landshift.training.networks;

/** A 3 x 3 convolution, normalised and activated. */
public record Fusion(Convolution convolution, ChannelNorm norm) implements Layer {
  private static final int SIDE = 3;

  /** From {@code in} to {@code out} channels. */
  public static Fusion of(Scope scope, int in, int out) {
    return new Fusion(
        Convolution.same(scope.of("conv"), in, out, SIDE), ChannelNorm.of(scope.of("norm"), out));
  }

  @Override
  public <T> T apply(Ops<T> ops, T planes) {
    return ops.gelu(norm.apply(ops, convolution.apply(ops, planes)));
  }
}
