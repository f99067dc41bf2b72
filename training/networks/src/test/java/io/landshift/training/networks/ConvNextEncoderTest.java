package io.landshift.training.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvNextEncoderTest {
  private static final int BANDS = 12;

  @ParameterizedTest
  @CsvSource({
    "ATTO, 3.39, 0.005",
    "FEMTO, 4.85, 0.005",
    "PICO, 8.56, 0.005",
    "NANO, 14.99, 0.005",
    "TINY, 27.9, 0.05"
  })
  void encodersHaveAsManyParametersAsThosePublished(
      ConvNextSize size, double millions, double rounding) {
    for (int patch : List.of(8, 16)) {
      // when
      long parameters = encoder(size, patch).size();

      // then
      assertThat(parameters / 1e6).isCloseTo(millions, within(rounding));
    }
  }

  @Test
  void parametersAreNamedAsInPublishedStateDictionaries() {
    // when
    List<Parameter> parameters = encoder(ConvNextSize.ATTO, 16).parameters();

    // then
    assertThat(parameters)
        .filteredOn(parameter -> !parameter.name().startsWith("stages"))
        .extracting(Parameter::name)
        .containsExactlyInAnyOrder(
            "initial_conv.0.weight",
            "initial_conv.0.bias",
            "initial_conv.1.weight",
            "initial_conv.1.bias",
            "stem.0.weight",
            "stem.0.bias",
            "stem.1.weight",
            "stem.1.bias",
            "downsample_layers.0.0.weight",
            "downsample_layers.0.0.bias",
            "downsample_layers.0.1.weight",
            "downsample_layers.0.1.bias",
            "downsample_layers.1.0.weight",
            "downsample_layers.1.0.bias",
            "downsample_layers.1.1.weight",
            "downsample_layers.1.1.bias",
            "downsample_layers.2.0.weight",
            "downsample_layers.2.0.bias",
            "downsample_layers.2.1.weight",
            "downsample_layers.2.1.bias");
    assertThat(parameters)
        .filteredOn(parameter -> parameter.name().startsWith("stages.2.5."))
        .extracting(parameter -> parameter.name().substring(11) + parameter.shape())
        .containsExactlyInAnyOrder(
            "dwconv.weight[160, 1, 7, 7]",
            "dwconv.bias[160]",
            "norm.weight[160]",
            "norm.bias[160]",
            "pwconv1.weight[640, 160]",
            "pwconv1.bias[640]",
            "grn.gamma[1, 1, 1, 640]",
            "grn.beta[1, 1, 1, 640]",
            "pwconv2.weight[160, 640]",
            "pwconv2.bias[160]");
  }

  @Test
  void levelsHalveUntilThePatch() {
    // given
    ConvNextEncoder fine = encoder(ConvNextSize.ATTO, 8).network();
    ConvNextEncoder coarse = encoder(ConvNextSize.ATTO, 16).network();

    // when, then
    assertThat(List.of(fine.stride(0), fine.stride(3))).containsExactly(1, 8);
    assertThat(List.of(coarse.stride(0), coarse.stride(3))).containsExactly(2, 16);
  }

  @Test
  void aPatchThatHalvesToNoWholePixelIsRefused() {
    assertThatThrownBy(() -> encoder(ConvNextSize.ATTO, 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encoder(ConvNextSize.ATTO, 12))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theOriginalsStemIsItsFirstDownsampling() {
    // when
    Model<ConvNextEncoder> plain =
        Model.of(scope -> ConvNextEncoder.plain(scope, ConvNextSize.ATTO, BANDS));

    // then
    assertThat(plain.parameters())
        .filteredOn(parameter -> parameter.name().endsWith(".weight"))
        .filteredOn(parameter -> !parameter.name().startsWith("stages"))
        .extracting(parameter -> parameter.name() + " " + parameter.shape())
        .containsExactlyInAnyOrder(
            "downsample_layers.0.0.weight [40, 12, 4, 4]",
            "downsample_layers.0.1.weight [40]",
            "downsample_layers.1.0.weight [40]",
            "downsample_layers.1.1.weight [80, 40, 2, 2]",
            "downsample_layers.2.0.weight [80]",
            "downsample_layers.2.1.weight [160, 80, 2, 2]",
            "downsample_layers.3.0.weight [160]",
            "downsample_layers.3.1.weight [320, 160, 2, 2]");
    assertThat(List.of(0, 1, 2, 3))
        .extracting(plain.network()::stride)
        .containsExactly(4, 8, 16, 32);
  }

  @Test
  void weightDecayIsForMatricesAndKernelsOnly() {
    assertThat(encoder(ConvNextSize.ATTO, 8).parameters())
        .filteredOn(Parameter::decayed)
        .allSatisfy(parameter -> assertThat(parameter.shape()).hasSizeGreaterThan(1))
        .allSatisfy(parameter -> assertThat(parameter.name()).endsWith("weight"))
        .noneMatch(parameter -> parameter.name().contains("norm"));
  }

  @Test
  void aNameIsDeclaredOnce() {
    assertThatThrownBy(() ->
            Model.of(scope -> {
              ConvNextEncoder.of(scope, ConvNextSize.ATTO, BANDS, 8);
              return ConvNextEncoder.of(scope, ConvNextSize.ATTO, BANDS, 8);
            }))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Model<ConvNextEncoder> encoder(ConvNextSize size, int patch) {
    return Model.of(scope -> ConvNextEncoder.of(scope, size, BANDS, patch));
  }
}
