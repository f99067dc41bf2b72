package io.landshift.training.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private static final Parameter MATRIX =
      new Parameter("a.weight", Parameter.Start.TRUNCATED_NORMAL, List.of(200, 200));
  private static final Parameter GAIN = new Parameter("b.weight", Parameter.Start.ONES, List.of(3));

  @Test
  void firstValuesDependOnSeedAndNameOnly() {
    // when
    float[] alone = Weights.initial(List.of(MATRIX), 7).of(MATRIX);
    float[] after = Weights.initial(List.of(GAIN, MATRIX), 7).of(MATRIX);
    float[] otherSeed = Weights.initial(List.of(MATRIX), 8).of(MATRIX);

    // then
    assertThat(after).isEqualTo(alone);
    assertThat(otherSeed).isNotEqualTo(alone);
  }

  @Test
  void firstValuesAreATruncatedNormal() {
    // when
    float[] values = Weights.initial(List.of(MATRIX), 7).of(MATRIX);
    double mean = IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElse(9);
    double square =
        IntStream.range(0, values.length)
            .mapToDouble(i -> values[i] * values[i])
            .average()
            .orElse(9);

    // then: cut at two deviations, a normal distribution keeps 0.8796 of its deviation
    assertThat(mean).isCloseTo(0, within(5e-4));
    assertThat(Math.sqrt(square)).isCloseTo(0.8796 * 0.02, within(2e-4));
    for (float value : values) {
      assertThat(Math.abs(value)).isLessThanOrEqualTo(0.04f);
    }
  }

  @Test
  void whatIsMissingOrOfAnotherShapeIsNamed() {
    // given
    Weights weights = new Weights(Map.of("b.weight", new Values(List.of(2), new float[2])));

    // when, then
    assertThatThrownBy(() -> weights.of(MATRIX))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.MODEL_INVALID))
        .hasMessageContaining("a.weight");
    assertThatThrownBy(() -> weights.of(GAIN))
        .isInstanceOf(LandshiftException.class)
        .hasMessageContaining("[2]")
        .hasMessageContaining("[3]");
  }
}
