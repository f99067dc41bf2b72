package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreQuantiserTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-3, 0",
    "0.004, 0",
    "0.0051, 1",
    "2.5, 250",
    "4.5, 450",
    "655.34, 65534",
    "655.36, 65534",
    "1e30, 65534",
    "Infinity, 65534",
    "-Infinity, 0",
    "NaN, 65535"
  })
  void roundsToHundredths(float score, int expected) {
    assertThat(ScoreQuantiser.quantise(score) & 0xFFFF).isEqualTo(expected);
  }

  @Test
  void everyNumberComesBackAsItWas() {
    for (int q = 0; q <= 65535; q++) {
      float metric = ScoreQuantiser.metric((short) q);
      assertThat(ScoreQuantiser.quantise(metric)).isEqualTo((short) q);
    }
  }

  @Test
  void thresholdsAreMetExactly() {
    float[] metric = ScoreQuantiser.metric(new short[] {249, 250, 450, ScoreQuantiser.INVALID});
    assertThat(metric).containsExactly(2.49f, 2.5f, 4.5f, Float.NaN);
    assertThat(ScoreQuantiser.quantise(metric))
        .containsExactly((short) 249, (short) 250, (short) 450, ScoreQuantiser.INVALID);
  }
}
