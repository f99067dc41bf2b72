package io.landshift.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WarmUpCosineTest {
  private static final WarmUpCosine SCHEDULE = new WarmUpCosine(0.8, 0.2, 10, 110);

  @Test
  void theRateRisesInALineAndFallsAlongACosine() {
    assertThat(SCHEDULE.at(0)).isZero();
    assertThat(SCHEDULE.at(5)).isCloseTo(0.4, within(1e-12));
    assertThat(SCHEDULE.at(10)).isEqualTo(0.8);
    // cos 60 degrees is a half, so three quarters of the way are left
    assertThat(SCHEDULE.at(10 + 33) > 0.65 && SCHEDULE.at(10 + 34) < 0.65).isTrue();
    assertThat(SCHEDULE.at(60)).isCloseTo(0.5, within(1e-12));
    assertThat(SCHEDULE.at(110)).isEqualTo(0.2);
    assertThat(SCHEDULE.at(1000)).isEqualTo(0.2);
  }

  @Test
  void aTrainingMayBeAllOrNoWarmUp() {
    assertThat(new WarmUpCosine(1, 0, 0, 10).at(0)).isEqualTo(1);
    assertThat(new WarmUpCosine(1, 0, 10, 10).at(9)).isCloseTo(0.9, within(1e-12));
    assertThat(new WarmUpCosine(1, 0, 10, 10).at(10)).isZero();
  }

  @Test
  void aScheduleThatCannotBeIsRefused() {
    assertThatThrownBy(() -> new WarmUpCosine(1, 0, 11, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WarmUpCosine(1, 2, 0, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WarmUpCosine(Double.NaN, 0, 0, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
