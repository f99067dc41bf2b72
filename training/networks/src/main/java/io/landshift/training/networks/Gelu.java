package io.landshift.training.networks;

/** The activation of ConvNeXt. */
public record Gelu() implements Layer {
  @Override
  public <T> T apply(Ops<T> ops, T x) {
    return ops.gelu(x);
  }
}
