package io.landshift.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FalseAlarmsTest {
  @Test
  void countsPatchesOnStableGround() {
    // given: x is called on stable ground, ! called where something happened, . and : are not
    // called, : not stable. Patches: two by a corner; one at the right border, which does not reach
    // around to the left one of the next row; one of one pixel; one that lies half on what changed
    String[] rows = {
      "x.....:", //
      ".x...x:", "......x", "x......", "...x!!:",
    };

    // when, then
    assertThat(alarms(rows, 1).alarms()).isEqualTo(4);
    assertThat(alarms(rows, 2).alarms()).isEqualTo(2);
    assertThat(alarms(rows, 3).alarms()).isZero();
    assertThat(alarms(rows, 1).squareKilometres()).isEqualTo(30 * 1e-4, within(1e-12));
  }

  @Test
  void ratesAreForAThousandSquareKilometres() {
    // given
    FalseAlarms alarms = new FalseAlarms(3, 250).plus(new FalseAlarms(2, 750));

    // when, then: the table of Garwood has 1.623 and 11.668 for 5 at 95 %
    assertThat(alarms.rate()).isEqualTo(5, within(1e-9));
    assertThat(alarms.interval(0.95).low()).isEqualTo(1.623, within(1e-3));
    assertThat(alarms.interval(0.95).high()).isEqualTo(11.668, within(1e-3));
  }

  @Test
  void noneOnLittleGroundSaysLittle() {
    // when: 3.689 alarms are the most behind none
    Interval interval = new FalseAlarms(0, 0.5).interval(0.95);

    // then
    assertThat(interval.low()).isZero();
    assertThat(interval.high()).isEqualTo(7378, within(1.0));
  }

  @Test
  void refusesWhatIsNoRaster() {
    assertThatThrownBy(() -> FalseAlarms.of(new boolean[5], new boolean[5], 2, 10, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FalseAlarms.of(new boolean[4], new boolean[4], 2, 10, 1))
        .as("no ground")
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static FalseAlarms alarms(String[] rows, int least) {
    String all = String.join("", rows);
    boolean[] called = new boolean[all.length()];
    boolean[] stable = new boolean[all.length()];
    for (int i = 0; i < called.length; i++) {
      called[i] = "x!".indexOf(all.charAt(i)) >= 0;
      stable[i] = "x.".indexOf(all.charAt(i)) >= 0;
    }
    return FalseAlarms.of(called, stable, rows[0].length(), 10, least);
  }
}
