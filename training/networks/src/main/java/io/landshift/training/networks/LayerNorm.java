package io.landshift.training.networks;

/** Mean 0 and variance 1 along the last axis, then gain and bias. */
public record LayerNorm(Parameter gain, Parameter bias) implements Layer {
  private static final double EPSILON = 1e-6;

  /** For {@code channels} on the last axis. */
  public static LayerNorm of(Scope scope, int channels) {
    return new LayerNorm(scope.gain(channels), scope.bias(channels));
  }

  @Override
  public <T> T apply(Ops<T> ops, T x) {
    return ops.layerNorm(x, gain, bias, EPSILON);
  }
}
