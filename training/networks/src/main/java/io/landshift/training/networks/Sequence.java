package io.landshift.training.networks;

import java.util.List;

/** Layers one after the other. */
public record Sequence(List<Layer> layers) implements Layer {
  public Sequence {
    layers = List.copyOf(layers);
  }

  /** Layers one after the other. */
  public static Sequence of(Layer... layers) {
    return new Sequence(List.of(layers));
  }

  @Override
  public <T> T apply(Ops<T> ops, T x) {
    T y = x;
    for (Layer layer : layers) {
      y = layer.apply(ops, y);
    }
    return y;
  }
}
