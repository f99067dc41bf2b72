package io.landshift.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionDelayTest {
  private static final LocalDate DAY = LocalDate.of(2019, 6, 30);

  @Test
  void changesThatWereNeverFoundAreTheSlowest() {
    // given: found after 5, 30 and -10 days, over the end of a month, and twice never
    DetectionDelay delay =
        DetectionDelay.of(
            Collections.nCopies(5, DAY),
            Arrays.asList(
                LocalDate.of(2019, 7, 5),
                null,
                LocalDate.of(2019, 7, 30),
                LocalDate.of(2019, 6, 20),
                null));

    // when, then
    assertThat(delay.changes()).isEqualTo(5);
    assertThat(delay.found()).isEqualTo(3);
    assertThat(delay.median()).isEqualTo(30);
    assertThat(delay.within(0.4)).isEqualTo(5);
    assertThat(delay.within(0.8)).isInfinite();
    assertThat(delay.shareWithin(5)).isEqualTo(0.4);
    assertThat(delay.shareWithin(10_000)).isEqualTo(0.6);
  }

  @Test
  void refusesListsThatDoNotMatch() {
    assertThatThrownBy(() -> DetectionDelay.of(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DetectionDelay.of(List.of(DAY), List.of(DAY, DAY)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
