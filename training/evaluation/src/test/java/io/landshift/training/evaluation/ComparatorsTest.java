package io.landshift.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ComparatorsTest {
  @Test
  void burnRatioRisesWhereVegetationIsLost() {
    // given: forest burns; the second pixel has no light in both bands, the third is not seen
    float[] nirBefore = {0.40f, 0f, 0.3f};
    float[] swirBefore = {0.10f, 0f, 0.1f};
    float[] nirAfter = {0.15f, 0.2f, Float.NaN};
    float[] swirAfter = {0.25f, 0.1f, 0.1f};

    // when
    float[] difference =
        Comparators.differencedBurnRatio(nirBefore, swirBefore, nirAfter, swirAfter);

    // then: NBR 0.6 falls to -0.25
    assertThat(difference[0]).isEqualTo(0.85f, within(1e-6f));
    assertThat(difference[1]).isNaN();
    assertThat(difference[2]).isNaN();
  }

  @Test
  void changeVectorIsMeasuredOverAllBands() {
    // given: one pixel moves 0.3 and 0.4, one stays, one is not seen in one band
    float[][] before = {{0.1f, 0.2f, 0.1f}, {0.5f, 0.2f, Float.NaN}};
    float[][] after = {{0.4f, 0.2f, 0.1f}, {0.1f, 0.2f, 0.3f}};

    // when
    float[] length = Comparators.changeVectorLength(before, after);

    // then
    assertThat(length[0]).isEqualTo(0.5f, within(1e-6f));
    assertThat(length[1]).isZero();
    assertThat(length[2]).isNaN();
  }

  @Test
  void refusesPlanesThatDoNotMatch() {
    assertThatThrownBy(() ->
            Comparators.differencedBurnRatio(
                new float[2], new float[2], new float[1], new float[2]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Comparators.changeVectorLength(new float[2][3], new float[1][3]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            Comparators.changeVectorLength(
                new float[][] {{1, 2}, {1}}, new float[][] {{1, 2}, {1, 2}}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
