package io.landshift.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("it")
class ModelBenchIT {
  private static final int SIDE = 128;

  @Test
  void givenTheProcessorAlone_whenMeasured_thenItEqualsItselfAndEverySpeedIsThere() {
    // given
    ModelBench.Request request =
        new ModelBench.Request(
            List.of(Bundles.spectralBaseline()),
            RuntimeOptions.cpu().withConcurrency(2),
            List.of(2, 1),
            1,
            0.01,
            1,
            null);

    // when
    ObjectNode result = ModelBench.run(request, step -> {});

    // then: three graphs at two batch sizes
    var model = result.at("/models/0");
    assertThat(model.get("speeds"))
        .hasSize(6)
        .allMatch(each -> each.get("windowsPerSecond").asDouble() > 0);
    assertThat(model.at("/parity/noise/features/differing").asInt()).isZero();
    assertThat(model.at("/parity/noise/scoresThrough/largest").asDouble()).isZero();
    assertThat(ModelBench.page(result)).contains("| cpu | 2 | change |");
  }

  @Test
  void givenSessionsThatComputeOtherThings_whenCompared_thenTheDifferencesAreCounted() {
    // given: both take the same bands and have the same heads
    Bundle made = ModelBench.convolutional();
    Random random = new Random(7);
    float[][] bands = new float[7][SIDE * SIDE];
    for (float[] band : bands) {
      for (int at = 0; at < band.length; at++) {
        band[at] = random.nextFloat();
      }
    }
    ObjectNode result = new ObjectMapper().createObjectNode();

    // when
    try (ModelSession baseline =
            ModelRuntime.open(Bundles.spectralBaseline(), RuntimeOptions.cpu());
        ModelSession other = ModelRuntime.open(made, RuntimeOptions.cpu())) {
      Parity.measure(baseline, other, bands, SIDE, result);
    }

    // then: encoders differ nearly everywhere, heads that are fed the same do not
    int values = result.at("/features/values").asInt();
    assertThat(values).isEqualTo(10 * SIDE * SIDE);
    assertThat(result.at("/features/differing").asInt()).isBetween(values * 9 / 10, values);
    assertThat(result.at("/landCover/differing").asInt()).isZero();
    assertThat(result.at("/scores/quantisedDiffering").asInt()).isZero();
    assertThat(result.at("/scoresThrough/quantisedDiffering").asInt()).isPositive();
    assertThat(result.at("/scoresThrough/acrossAThreshold").asInt()).isPositive();
    assertThat(result.at("/scoresThrough/largest").asDouble()).isPositive();
  }
}
