package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.schemas.Backscatter;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Gamma0Test {
  @Test
  void powerBecomesDecibels() {
    // given
    float[] values = {1, 10, 0.1f, 0.01f, 2, 0, -0.5f, Float.NaN, 1e-7f, 1e-30f, 1e6f};

    // when
    Gamma0.toDecibels(values, Backscatter.POWER);

    // then: 3.0103 dB is the factor two
    float nothing = Float.NaN;
    float[] expected = {0, 10, -10, -20, 3.0103f, nothing, nothing, nothing, -50, nothing, 20};
    assertThat(values).containsExactly(expected, within(1e-4f));
  }

  @Test
  void decibelsStayWithinTheRange() {
    // given
    float[] values = {
      -12.5f, 0, 3, -55, 25, -9999, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN
    };

    // when
    Gamma0.toDecibels(values, Backscatter.DECIBELS);

    // then
    float nothing = Float.NaN;
    float[] expected = {-12.5f, 0, 3, -50, 20, nothing, nothing, nothing, nothing};
    assertThat(values).containsExactly(expected);
  }

  @Test
  void theRightUnitIsNotContradictedAndTheWrongOneIs() {
    // given: speckled ground of -13 dB with a bright town, four looks
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("Gamma0Test seed " + seed);
    Random random = new Random(seed);
    float[] power = new float[4000];
    float[] decibels = new float[power.length];
    for (int i = 0; i < power.length; i++) {
      double mean = i < 600 ? 1.5 : 0.05;
      double speckle = 0;
      for (int look = 0; look < 4; look++) {
        speckle -= Math.log(1 - random.nextDouble()) / 4;
      }
      power[i] = (float) (mean * speckle);
      decibels[i] = (float) (10 * Math.log(power[i]) / Math.log(10));
    }

    // when, then
    assertThat(Gamma0.contradiction(power, Backscatter.POWER)).as("seed %d", seed).isEmpty();
    assertThat(Gamma0.contradiction(decibels, Backscatter.DECIBELS)).as("seed %d", seed).isEmpty();
    assertThat(Gamma0.contradiction(decibels, Backscatter.POWER).orElseThrow())
        .contains("linear power")
        .contains("dB");
    assertThat(Gamma0.contradiction(power, Backscatter.DECIBELS).orElseThrow())
        .contains("decibels")
        .contains("power");
  }

  @Test
  void tooFewNumbersContradictNothing() {
    float[] negative = new float[1000];
    Arrays.fill(negative, 0, 99, -1);

    assertThat(Gamma0.contradiction(negative, Backscatter.POWER)).isEmpty();
    Arrays.fill(negative, 99, 100, -1);
    assertThat(Gamma0.contradiction(negative, Backscatter.POWER)).isPresent();
  }
}
