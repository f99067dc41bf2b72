package io.landshift.training.networks;

import java.util.List;

/** A class for each pixel: logits. */
public record Segmentation(
    ConvNextEncoder encoder, Decoder decoder, PixelClassifier classifier, int classes)
    implements Network {

  /** By a U-Net, on an encoder that is declared in the same scope's {@code encoder}. */
  public static Segmentation of(Scope scope, ConvNextEncoder encoder, int classes) {
    Decoder decoder = UNetDecoder.of(scope.of("decoder"), encoder.widths());
    return of(scope, encoder, decoder, classes);
  }

  /** On an encoder and a decoder that are declared in the same scope's parts of these names. */
  public static Segmentation of(
      Scope scope, ConvNextEncoder encoder, Decoder decoder, int classes) {
    PixelClassifier classifier =
        PixelClassifier.of(scope.of("classifier"), decoder.channels(), classes, encoder.stride(0));
    return new Segmentation(encoder, decoder, classifier, classes);
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
