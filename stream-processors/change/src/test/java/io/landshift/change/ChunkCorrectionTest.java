package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkCorrectionTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100, 101, 5000, 70_001})
  void isTheMedianOfTheVotingPixels(int pixels) {
    // given
    long seed = 40 + pixels;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int channels = 2;
    float[] step = {1e-4f, 0.01f};
    float[] centre = new float[channels * pixels];
    short[] current = new short[channels * pixels];
    byte[] voting = new byte[pixels];
    for (int i = 0; i < centre.length; i++) {
      centre[i] = random.nextInt(9) == 0 ? Float.NaN : (float) random.nextGaussian();
      current[i] =
          random.nextInt(9) == 0
              ? ReferenceStatistics.INVALID
              : (short) (random.nextGaussian() * 3000);
    }
    for (int p = 0; p < pixels; p++) {
      voting[p] = (byte) (random.nextInt(4) == 0 ? 0 : 1);
    }
    voting[0] = 1;
    centre[0] = 0;
    current[0] = 4;
    centre[pixels] = -0.0f;
    current[pixels] = 0;

    // when
    float[] shift =
        ChunkCorrection.shift(pixels, centre, current, step, voting, new float[] {1000, 1000}, 1);

    // then
    for (int c = 0; c < channels; c++) {
      float[] differences = new float[pixels];
      int n = 0;
      for (int p = 0; p < pixels; p++) {
        int at = c * pixels + p;
        boolean counts =
            voting[p] == 1
                && !Float.isNaN(centre[at])
                && current[at] != ReferenceStatistics.INVALID;
        if (counts) {
          differences[n++] = centre[at] - current[at] * step[c];
        }
      }
      float[] sorted = Arrays.copyOf(differences, n);
      Arrays.sort(sorted);
      double median = n % 2 == 1 ? sorted[n / 2] : ((double) sorted[n / 2 - 1] + sorted[n / 2]) / 2;
      assertThat(shift[c]).isEqualTo((float) median);
    }
  }

  @Test
  void isClippedSoThatAChunkThatBurnsDownStillShows() {
    // given
    float[] centre = new float[400];
    Arrays.fill(centre, 0, 200, 0.8f);
    Arrays.fill(centre, 200, 400, -0.8f);
    byte[] voting = new byte[200];
    Arrays.fill(voting, (byte) 1);

    // when
    float[] shift =
        ChunkCorrection.shift(
            200, centre, new short[400], new float[] {1, 1}, voting, new float[] {0.1f, 0.2f});

    // then
    assertThat(shift).containsExactly(0.1f, -0.2f);
  }

  @Test
  void isZeroWhereTooFewPixelsVote() {
    // given
    float[] centre = new float[150];
    Arrays.fill(centre, 0.05f);
    byte[] voting = new byte[150];
    Arrays.fill(voting, 0, 99, (byte) 1);
    float[] one = {1};

    // when
    float[] few = ChunkCorrection.shift(150, centre, new short[150], one, voting, one);
    voting[149] = 1;
    float[] enough = ChunkCorrection.shift(150, centre, new short[150], one, voting, one);

    // then
    assertThat(few).containsExactly(0);
    assertThat(enough).containsExactly(0.05f);
  }

  @Test
  void refusesArraysOfOtherSizes() {
    assertThatThrownBy(() ->
            ChunkCorrection.shift(
                3, new float[3], new short[3], new float[1], new byte[2], new float[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eachPixelOfACellHasAShiftOfItsOwn() {
    // given: 5 rows of 7 pixels, whose cells of 2 x 2 lack 1, 2, 3 and 4, but for one odd cell
    int columns = 7;
    float[] centre = new float[2 * 35];
    short[] current = new short[2 * 35];
    byte[] voting = new byte[35];
    Arrays.fill(voting, (byte) 1);
    for (int p = 0; p < 35; p++) {
      int feature = p / columns % 2 * 2 + p % columns % 2;
      current[35 + p] = (short) (100 * p);
      centre[35 + p] = 50 * p + feature + 1;
    }
    centre[35] = 1000;
    voting[1] = 0;
    centre[36] = 1000;

    // when: of the second channel
    float[] shifts = ChunkCorrection.shifts(1, centre, current, 0.5f, voting, 3.5f, 5, columns, 2);

    // then: clipped, and not counted where nobody votes
    assertThat(shifts).containsExactly(1, 2, 3, 3.5f);
    assertThat(ChunkCorrection.shifts(1, centre, current, 0.5f, voting, 3.5f, 9, columns, 2))
        .as("12, 8, 8 and 6 pixels")
        .containsExactly(1, 0, 0, 0);
  }
}
