package io.landshift.training.networks;

import java.util.List;

/** A class for each pixel, by a U-Net: logits. */
public record Segmentation(
    ConvNextEncoder encoder, UNetDecoder decoder, PixelClassifier classifier, int classes)
    implements Network {

  /** On an encoder that is declared in the same scope's {@code encoder}. */
  public static Segmentation of(Scope scope, ConvNextEncoder encoder, int classes) {
    return new Segmentation(
        encoder,
        UNetDecoder.of(scope.of("decoder"), encoder.widths()),
        PixelClassifier.of(
            scope.of("classifier"), encoder.widths().getFirst(), classes, encoder.stride(0)),
        classes);
  }

  @Override
  public List<Port> inputs() {
    return encoder.inputs();
  }

  @Override
  public List<Port> outputs() {
    return List.of(Port.planes("logits", classes));
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    T planes = decoder.apply(ops, encoder.levels(ops, inputs.getFirst()));
    return List.of(classifier.apply(ops, planes));
  }
}
