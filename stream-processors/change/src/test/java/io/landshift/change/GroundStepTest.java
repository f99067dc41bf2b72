package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroundStepTest {
  private static final List<String> NAMES = List.of("blue", "", "red", "nir", "swir16", "swir22");
  private static final float[] USUAL = {0.02f, 0.5f, 0.06f, 0.3f, 0.2f, 0.1f};
  private static final float STEP = 1e-4f;
  private static final int PIXELS = 40_000;

  /** Ground with texture that is {@code gain} times as bright, and {@code offset} brighter. */
  private static GroundStep measured(double gain, double offset, int voters) {
    Random random = new Random(5);
    float[] centre = new float[NAMES.size() * PIXELS];
    short[] current = new short[centre.length];
    for (int i = 0; i < centre.length; i++) {
      centre[i] = USUAL[i / PIXELS] * (0.8f + 0.4f * random.nextFloat());
      current[i] = (short) Math.round((centre[i] * gain + offset) / STEP);
      if (i % PIXELS >= voters) {
        current[i] = (short) random.nextInt(20_000);
      }
    }
    byte[] voting = new byte[PIXELS];
    Arrays.fill(voting, 0, voters, (byte) 1);
    float[] steps = new float[NAMES.size()];
    Arrays.fill(steps, STEP);
    return GroundStep.measure(centre, current, steps, NAMES, voting);
  }

  @Test
  void anOffsetIsTheSameAmountInEveryBand() {
    // when
    GroundStep step = measured(1, 0.1, 30_000);

    // then: what is no reflectance is left out, and what does not vote does not count
    assertThat(step.bands()).containsExactly("blue", "red", "nir", "swir16", "swir22");
    assertThat(step.meanDifference()).isCloseTo(0.1, within(2e-4));
    assertThat(step.isAdditive(0.001)).isTrue();
    assertThat(step.isMultiplicative(1 / 3.0)).isFalse();
    assertThat(step.isLike(measured(1, 0.095, 30_000), 0.006)).isTrue();
    assertThat(step.isLike(measured(1, 0.08, 30_000), 0.006)).isFalse();
  }

  @Test
  void aGainIsTheSameFactorInEveryBand() {
    // when
    GroundStep step = measured(0.8, 0, 30_000);

    // then
    assertThat(step.gain()).isCloseTo(-0.2, within(0.002));
    assertThat(step.isMultiplicative(0.1)).isTrue();
    assertThat(step.isAdditive(0.02)).isFalse();
    assertThat(step.inBandsOfAtLeast(0.05).bands())
        .containsExactly("red", "nir", "swir16", "swir22");
    assertThat(step.reference().get(2)).isCloseTo(0.3f, within(0.003f));
  }

  @Test
  void tooFewPixelsOrBandsSayNothing() {
    // when
    byte[] everywhere = new byte[PIXELS];
    Arrays.fill(everywhere, (byte) 1);
    float[] centre = new float[3 * PIXELS];
    short[] current = new short[3 * PIXELS];
    GroundStep threeBands =
        GroundStep.measure(
            centre,
            current,
            new float[] {STEP, STEP, STEP},
            List.of("blue", "red", "nir"),
            everywhere);

    // then
    assertThat(threeBands).isEqualTo(GroundStep.UNKNOWN);
    assertThat(measured(1, 0.1, 99)).isEqualTo(GroundStep.UNKNOWN);
    assertThat(GroundStep.UNKNOWN.isAdditive(1)).isFalse();
    assertThat(GroundStep.UNKNOWN.isMultiplicative(1)).isFalse();
    assertThat(GroundStep.UNKNOWN.isLike(GroundStep.UNKNOWN, 1)).isFalse();
  }
}
