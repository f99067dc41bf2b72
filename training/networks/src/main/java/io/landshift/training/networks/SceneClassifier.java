package io.landshift.training.networks;

import java.util.List;

/** A class for a whole window: the mean of the last level's cells, normalised, to logits. */
public record SceneClassifier(ConvNextEncoder encoder, LayerNorm norm, Linear head, int classes)
    implements Network {

  /** On an encoder; names of {@code norm} and {@code head} are ConvNeXt V2's. */
  public static SceneClassifier of(Scope scope, ConvNextEncoder encoder, int classes) {
    int channels = encoder.widths().getLast();
    return new SceneClassifier(
        encoder,
        LayerNorm.of(scope.of("norm"), channels),
        Linear.of(scope.of("head"), channels, classes),
        classes);
  }

  @Override
  public List<Port> inputs() {
    return encoder.inputs();
  }

  @Override
  public List<Port> outputs() {
    return List.of(Port.vector("logits", classes));
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    T mean = ops.mean(encoder.levels(ops, inputs.getFirst()).getLast(), List.of(2, 3));
    return List.of(head.apply(ops, norm.apply(ops, mean)));
  }
}
