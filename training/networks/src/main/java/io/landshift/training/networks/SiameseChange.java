package io.landshift.training.networks;

import java.util.ArrayList;
import java.util.List;

/**
 * Change between two dates as MTP (arXiv 2403.13430) evaluates encoders: one encoder sees both
 * dates, and a decoder, there a U-Net, sees the amounts by which each level differs. Logits of
 * unchanged and changed; both orders of the dates give the same.
 */
public record SiameseChange(ConvNextEncoder encoder, Decoder decoder, PixelClassifier classifier)
    implements Network {
  /** Unchanged, changed. */
  public static final int CLASSES = 2;

  /** By a U-Net, on an encoder that is declared in the same scope's {@code encoder}. */
  public static SiameseChange of(Scope scope, ConvNextEncoder encoder) {
    return of(scope, encoder, UNetDecoder.of(scope.of("decoder"), encoder.widths()));
  }

  /** On an encoder and a decoder that are declared in the same scope's parts of these names. */
  public static SiameseChange of(Scope scope, ConvNextEncoder encoder, Decoder decoder) {
    PixelClassifier classifier =
        PixelClassifier.of(scope.of("classifier"), decoder.channels(), CLASSES, encoder.stride(0));
    return new SiameseChange(encoder, decoder, classifier);
  }

  @Override
  public List<Port> inputs() {
    return List.of(Port.planes("before", encoder.bands()), Port.planes("after", encoder.bands()));
  }

  @Override
  public List<Port> outputs() {
    return List.of(Port.planes("logits", CLASSES));
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    List<T> before = encoder.levels(ops, inputs.get(0));
    List<T> after = encoder.levels(ops, inputs.get(1));
    List<T> differences = new ArrayList<>();
    for (int level = 0; level < before.size(); level++) {
      differences.add(ops.abs(ops.subtract(before.get(level), after.get(level))));
    }
    return List.of(classifier.apply(ops, decoder.apply(ops, differences)));
  }
}
