package io.landshift.training.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.HeadDecoder;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Parameter;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SharedNetworkTest {
  private static final Model<SharedNetwork> MODEL = model(HeadDecoder.CELLS);

  private static Model<SharedNetwork> model(HeadDecoder decoder) {
    return Model.of(scope ->
        SharedNetwork.of(
            scope,
            ConvNextEncoder.of(scope.of("encoder"), 8, List.of(1, 1, 1, 1), 5, 16),
            6,
            decoder,
            List.of(
                new Task.Change("beetles"),
                new Task.Segmentation("clouds", List.of("shadow", "clear", "cloud")),
                new Task.Change("city"))));
  }

  private static List<String> segmentationNames(HeadDecoder decoder) {
    return model(decoder).parameters().stream()
        .map(Parameter::name)
        .filter(name -> name.startsWith("segmentation.clouds."))
        .map(name -> name.substring("segmentation.clouds.".length()))
        .toList();
  }

  private static Parameter named(String name) {
    return MODEL.parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void changeTasksShareAHeadUpToItsLastLayer() {
    assertThat(MODEL.network().score("beetles")).isZero();
    assertThat(MODEL.network().score("city")).isEqualTo(1);
    assertThat(MODEL.network().scores()).isEqualTo(2);
    assertThat(named("change.classifier.weight").shape())
        .as("a logit of each task for each of 8 x 8 pixels")
        .containsExactly(2 * 64, 6, 1, 1);
    assertThat(named("segmentation.clouds.classifier.weight").shape())
        .containsExactly(3 * 64, 6, 1, 1);
    assertThatThrownBy(() -> MODEL.network().score("clouds"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDecoderIsPartOfItsHeadAndTheUsualOneIsNamedAsItWas() {
    assertThat(segmentationNames(HeadDecoder.CELLS))
        .as("weights that were kept are read by these names")
        .containsExactly(
            "fusion.conv.weight",
            "fusion.conv.bias",
            "fusion.norm.weight",
            "fusion.norm.bias",
            "classifier.weight",
            "classifier.bias");
    assertThat(segmentationNames(HeadDecoder.LINEAR))
        .containsExactly("classifier.weight", "classifier.bias");
    assertThat(segmentationNames(HeadDecoder.UNET))
        .contains("levels.1.1.weight", "decoder.1.conv.weight", "classifier.weight");
    assertThat(segmentationNames(HeadDecoder.UPERNET))
        .contains("levels.1.1.weight", "decoder.psp_modules.3.1.conv.weight", "classifier.weight");
  }

  @Test
  void levelsNearThePixelsMoveLess() {
    // when
    ToDoubleFunction<Parameter> rates = LayerDecay.of(MODEL.network().encoder().encoder(), 0.5);

    // then
    assertThat(rates.applyAsDouble(named("change.comparison.conv.weight"))).isEqualTo(1);
    assertThat(rates.applyAsDouble(named("projection.2.weight"))).isEqualTo(1);
    assertThat(rates.applyAsDouble(named("encoder.stages.3.0.dwconv.weight")))
        .isEqualTo(0.5, within(1e-12));
    assertThat(rates.applyAsDouble(named("encoder.downsample_layers.2.1.weight")))
        .as("leads to level 3")
        .isEqualTo(0.5, within(1e-12));
    assertThat(rates.applyAsDouble(named("encoder.stages.0.0.dwconv.weight")))
        .isEqualTo(0.0625, within(1e-12));
    assertThat(rates.applyAsDouble(named("encoder.initial_conv.0.weight")))
        .isEqualTo(0.03125, within(1e-12));
  }

  @Test
  void withoutARateTheWholeEncoderStays() {
    // when
    ToDoubleFunction<Parameter> rates = LayerDecay.of(MODEL.network().encoder().encoder(), 0);

    // then
    assertThat(
            MODEL.parameters().stream()
                .filter(parameter -> rates.applyAsDouble(parameter) == 0)
                .collect(Collectors.toSet()))
        .isEqualTo(
            MODEL.parameters().stream()
                .filter(parameter -> parameter.name().startsWith("encoder."))
                .collect(Collectors.toSet()));
  }
}
