package io.landshift.training.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UPerNetDecoderTest {
  private static final int CHANNELS = 512;
  private static final int CLASSES = 150;
  private static final int AUXILIARY = 256;

  /** ConvNeXt T, S, B, L and XL (arXiv 2201.03545): millions as classifiers and with UPerNet. */
  @ParameterizedTest
  @CsvSource({
    "96, 28.6, 60",
    "96, 50.2, 82",
    "128, 88.6, 122",
    "192, 197.8, 235",
    "256, 350.2, 391"
  })
  void segmentersHaveAsManyParametersAsThosePublished(int width, double encoder, double published) {
    // given
    List<Integer> widths = List.of(width, 2 * width, 4 * width, 8 * width);
    long ofDecoder = decoder(widths, CHANNELS).size();

    // when: without the encoder's 1,000 classes, with the head that helps in training there
    long ofScenes = 8L * width * 1000 + 1000;
    long ofClasses = (long) CHANNELS * CLASSES + CLASSES;
    long auxiliary =
        4L * width * AUXILIARY * 9 + 2 * AUXILIARY + (long) AUXILIARY * CLASSES + CLASSES;
    double millions = encoder + (ofDecoder + ofClasses + auxiliary - ofScenes) / 1e6;

    // then
    assertThat(millions).isCloseTo(published, within(0.5));
  }

  /** mmsegmentation's has 31,420,416 without a classifier; here twelve convolutions have biases. */
  @Test
  void theDecoderHasAsManyParametersAsThatOfMmsegmentation() {
    assertThat(decoder(List.of(96, 192, 384, 768), CHANNELS).size())
        .isEqualTo(31_420_416 + 12 * CHANNELS);
  }

  @Test
  void parametersAreNamedAsInPublishedStateDictionaries() {
    // when
    List<Parameter> parameters = decoder(List.of(3, 5, 7, 11), 4).parameters();

    // then
    assertThat(parameters)
        .filteredOn(parameter -> parameter.name().endsWith(".conv.weight"))
        .extracting(parameter -> parameter.name().replace(".conv.weight", "") + parameter.shape())
        .containsExactlyInAnyOrder(
            "psp_modules.0.1[4, 11, 1, 1]",
            "psp_modules.1.1[4, 11, 1, 1]",
            "psp_modules.2.1[4, 11, 1, 1]",
            "psp_modules.3.1[4, 11, 1, 1]",
            "bottleneck[4, 27, 3, 3]",
            "lateral_convs.0[4, 3, 1, 1]",
            "lateral_convs.1[4, 5, 1, 1]",
            "lateral_convs.2[4, 7, 1, 1]",
            "fpn_convs.0[4, 4, 3, 3]",
            "fpn_convs.1[4, 4, 3, 3]",
            "fpn_convs.2[4, 4, 3, 3]",
            "fpn_bottleneck[4, 16, 3, 3]");
  }

  private static Model<UPerNetDecoder> decoder(List<Integer> widths, int channels) {
    return Model.of(scope -> UPerNetDecoder.of(scope, widths, channels));
  }
}
