package io.landshift.training.networks;

/** A matrix and a bias on the last axis. */
public record Linear(Parameter weight, Parameter bias) implements Layer {

  /** From {@code in} to {@code out} channels. */
  public static Linear of(Scope scope, int in, int out) {
    return new Linear(scope.weight(out, in), scope.bias(out));
  }

  @Override
  public <T> T apply(Ops<T> ops, T x) {
    return ops.linear(x, weight, bias);
  }
}
