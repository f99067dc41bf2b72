package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gotcha: scenes lie up to pixels away from each other. */
class PhaseCorrelationTest {
  private static final int WAVES = 300;

  /** Ground that is known everywhere: a sum of waves, so that a shift of it is exact. */
  private record Ground(double[] across, double[] down, double[] phase, double[] height) {
    static Ground of(long seed) {
      Random random = new Random(seed);
      double[][] waves = new double[4][WAVES];
      for (int i = 0; i < WAVES; i++) {
        double frequency = 0.01 + 0.4 * random.nextDouble();
        double direction = 2 * Math.PI * random.nextDouble();
        waves[0][i] = frequency * Math.cos(direction);
        waves[1][i] = frequency * Math.sin(direction);
        waves[2][i] = 2 * Math.PI * random.nextDouble();
        waves[3][i] = 0.002 / frequency;
      }
      return new Ground(waves[0], waves[1], waves[2], waves[3]);
    }

    /** As a scene sees it that lies this far east and south, with noise of its own. */
    float[] seen(int width, int height, double east, double south, double noise, long seed) {
      Random random = new Random(seed);
      float[] image = new float[width * height];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double sum = 0.3 + noise * random.nextGaussian();
          for (int i = 0; i < WAVES; i++) {
            double turn = across[i] * (x - east) + down[i] * (y - south);
            sum += this.height[i] * Math.cos(2 * Math.PI * turn + phase[i]);
          }
          image[y * width + x] = (float) sum;
        }
      }
      return image;
    }
  }

  private static boolean[] all(int pixels) {
    boolean[] valid = new boolean[pixels];
    Arrays.fill(valid, true);
    return valid;
  }

  @ParameterizedTest
  @CsvSource({
    "100, 100, 0, 0",
    "100, 100, 0.5, -0.25",
    "100, 100, -1.3, 0.8",
    "100, 90, 1.9, 1.9",
    "64, 64, 0.3, -0.7",
    "600, 530, -0.4, 1.1",
    "100, 100, 6.2, -3.4"
  })
  void findsAKnownShiftToATenthOfAPixel(int width, int height, double east, double south) {
    // given
    Ground ground = Ground.of(7);
    float[] reference = ground.seen(width, height, 0, 0, 0.01, 1);
    float[] image = ground.seen(width, height, east, south, 0.01, 2);

    // when
    Shift shift = PhaseCorrelation.shift(image, reference, all(width * height), width, height);

    // then
    assertThat(shift.measured()).isTrue();
    assertThat(shift.east() / 16.0).isCloseTo(east, within(0.1));
    assertThat(shift.south() / 16.0).isCloseTo(south, within(0.1));
  }

  @Test
  void cloudsAndChangeDoNotMoveIt() {
    // given: a third of the scene is not valid, and a clear-cut is
    Ground ground = Ground.of(8);
    float[] reference = ground.seen(100, 100, 0, 0, 0.01, 1);
    float[] image = ground.seen(100, 100, 0.75, -0.5, 0.01, 2);
    boolean[] valid = all(100 * 100);
    for (int p = 0; p < image.length; p++) {
      int x = p % 100;
      int y = p / 100;
      if (x < 33 && y < 99) {
        valid[p] = false;
        image[p] = 9;
      }
      if (x > 60 && x < 75 && y > 40 && y < 60) {
        image[p] -= 0.15f;
      }
    }

    // when
    Shift shift = PhaseCorrelation.shift(image, reference, valid, 100, 100);

    // then
    assertThat(shift.east() / 16.0).isCloseTo(0.75, within(0.15));
    assertThat(shift.south() / 16.0).isCloseTo(-0.5, within(0.15));
  }

  @Test
  void saysNothingOfOtherGroundOfNoiseOfNothingAndOfTooLittle() {
    // given
    float[] one = Ground.of(1).seen(100, 100, 0, 0, 0.01, 1);
    float[] other = Ground.of(2).seen(100, 100, 0, 0, 0.01, 2);
    float[] flat = new float[100 * 100];
    boolean[] few = new boolean[100 * 100];
    Arrays.fill(few, 0, 2_000, true);

    // when, then
    assertThat(PhaseCorrelation.shift(one, other, all(10_000), 100, 100)).isEqualTo(Shift.UNKNOWN);
    assertThat(PhaseCorrelation.shift(one, flat, all(10_000), 100, 100)).isEqualTo(Shift.UNKNOWN);
    assertThat(PhaseCorrelation.shift(one, one, few, 100, 100)).isEqualTo(Shift.UNKNOWN);
    assertThat(PhaseCorrelation.shift(one, one, all(400), 20, 20)).isEqualTo(Shift.UNKNOWN);
  }

  @Test
  void movingBackBringsAnImageOntoItsReference() {
    // given
    int side = 60;
    Ground ground = Ground.of(9);
    short[] reference = quanta(ground.seen(side, side, 0, 0, 0, 1));
    short[] image = quanta(ground.seen(side, side, 11 / 16.0, -19 / 16.0, 0, 1));
    image[30 * side + 30] = Short.MIN_VALUE;
    Shift shift = new Shift(11, -19, true);

    // when
    short[] moved = Resampler.features(image, 1, side, side, Short.MIN_VALUE, shift);

    // then
    double before = 0;
    double after = 0;
    for (int y = 5; y < side - 5; y++) {
      for (int x = 5; x < side - 5; x++) {
        int at = y * side + x;
        boolean near = Math.abs(x - 30) < 5 && Math.abs(y - 30) < 5;
        before += near ? 0 : Math.pow(image[at] - reference[at], 2);
        after += near ? 0 : Math.pow(moved[at] - reference[at], 2);
      }
    }
    assertThat(Math.sqrt(after / before)).isLessThan(0.35);
    assertThat(moved[(side - 1)]).as("comes from outside").isEqualTo(Short.MIN_VALUE);
    assertThat(moved[31 * side + 29]).as("no value").isEqualTo(Short.MIN_VALUE);
  }

  private static short[] quanta(float[] image) {
    short[] quanta = new short[image.length];
    for (int i = 0; i < quanta.length; i++) {
      quanta[i] = (short) Math.round(image[i] * 10_000);
    }
    return quanta;
  }

  @Test
  void codesAreThoseOfTheNearestPixel() {
    // given
    byte[] codes = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    // when
    byte[] moved = Resampler.codes(codes, 3, 3, (byte) 0, new Shift(14, -15, true));

    // then: what lay at column 1, row 0 is looked for at column 0, row 1
    assertThat(moved).containsExactly(0, 0, 0, 2, 3, 0, 5, 6, 0);
    assertThat(Resampler.codes(codes, 3, 3, (byte) 0, new Shift(3, 2, true))).isEqualTo(codes);
  }
}
