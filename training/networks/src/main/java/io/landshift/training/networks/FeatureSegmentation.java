package io.landshift.training.networks;

import java.util.List;

/** A class for each pixel from the features of an {@link OperationalEncoder}: logits. */
public record FeatureSegmentation(Layer body, CellClassifier classifier, int features, int classes)
    implements Network {

  /**
   * A head.
   *
   * @param decoder how far it looks
   * @param features channels of the input
   * @param stride pixels per feature cell
   */
  public static FeatureSegmentation of(
      Scope scope, HeadDecoder decoder, int features, int classes, int stride) {
    return new FeatureSegmentation(
        decoder.of(scope, features),
        CellClassifier.of(scope.of("classifier"), features, classes, stride),
        features,
        classes);
  }

  @Override
  public List<Port> inputs() {
    return List.of(Port.planes("features", features));
  }

  @Override
  public List<Port> outputs() {
    return List.of(Port.planes("logits", classes));
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    return List.of(classifier.apply(ops, body.apply(ops, inputs.getFirst())));
  }
}
