package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceStatisticsTest {
  @ParameterizedTest
  @CsvSource({"1,0,0,1", "2,1,1,1", "3,3,2,3", "4,5,0,3", "5,9,4,3", "6,24,24,4", "7,64,3,2"})
  void equalsTheTextbookOnRandomLooks(long seed, int inner, int outer, int minLooks) {
    // given
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int pixels = 2_500;
    int channels = 3;
    float[] step = {1e-4f, 0.5f, 1};
    List<short[]> innerFeatures = new ArrayList<>();
    List<byte[]> innerUsable = new ArrayList<>();
    List<short[]> outerFeatures = new ArrayList<>();
    List<byte[]> outerUsable = new ArrayList<>();
    addLooks(random, inner, pixels, channels, innerFeatures, innerUsable);
    addLooks(random, outer, pixels, channels, outerFeatures, outerUsable);

    // when
    Reference reference =
        ReferenceStatistics.compute(
            pixels,
            channels,
            innerFeatures,
            innerUsable,
            outerFeatures,
            outerUsable,
            minLooks,
            step);

    // then
    for (int p = 0; p < pixels; p++) {
      List<short[]> chosen = usable(p, innerFeatures, innerUsable);
      if (chosen.size() < minLooks) {
        chosen.addAll(usable(p, outerFeatures, outerUsable));
      }
      assertThat(reference.looks()[p] & 0xFF).isEqualTo(chosen.size());
      for (int c = 0; c < channels; c++) {
        int at = c * pixels + p;
        double[] values =
            chosen.stream()
                .filter(look -> look[at] != Short.MIN_VALUE)
                .mapToDouble(look -> look[at])
                .toArray();
        if (values.length < minLooks) {
          assertThat(reference.centre()[at]).isNaN();
          assertThat(reference.spread()[at]).isNaN();
          continue;
        }
        double centre = median(values);
        double spread =
            1.4826 * median(Arrays.stream(values).map(v -> Math.abs(v - centre)).toArray());
        assertThat(reference.centre()[at]).isEqualTo((float) (centre * step[c]));
        assertThat((double) reference.spread()[at])
            .isCloseTo(spread * step[c], org.assertj.core.data.Percentage.withPercentage(1e-4));
      }
    }
  }

  @Test
  void theExtremesOfTheFeaturesDoNotOverflow() {
    // given
    List<short[]> features =
        List.of(new short[] {-32767}, new short[] {32767}, new short[] {32767});
    List<byte[]> usable = List.of(new byte[] {1}, new byte[] {1}, new byte[] {1});

    // when
    Reference odd =
        ReferenceStatistics.compute(
            1, 1, features, usable, List.of(), List.of(), 3, new float[] {1});
    Reference even =
        ReferenceStatistics.compute(
            1,
            1,
            features.subList(0, 2),
            usable.subList(0, 2),
            List.of(),
            List.of(),
            2,
            new float[] {1});

    // then
    assertThat(odd.centre()).containsExactly(32767);
    assertThat(odd.spread()).containsExactly(0);
    assertThat(even.centre()).containsExactly(0);
    assertThat(even.spread()).containsExactly((float) (1.4826 * 32767));
  }

  @Test
  void leavesItsInputsAsTheyAre() {
    // given
    short[] first = {5, 1};
    short[] second = {3, 2};
    byte[] usable = {1, 1};

    // when
    ReferenceStatistics.compute(
        2,
        1,
        List.of(first, second),
        List.of(usable, usable),
        List.of(),
        List.of(),
        1,
        new float[] {1});

    // then
    assertThat(first).containsExactly(5, 1);
    assertThat(second).containsExactly(3, 2);
    assertThat(usable).containsExactly(1, 1);
  }

  @Test
  void refusesArraysOfOtherSizes() {
    assertThatThrownBy(() ->
            ReferenceStatistics.compute(
                2,
                1,
                List.of(new short[3]),
                List.of(new byte[2]),
                List.of(),
                List.of(),
                1,
                new float[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            ReferenceStatistics.compute(
                2, 1, List.of(new short[2]), List.of(), List.of(), List.of(), 1, new float[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            ReferenceStatistics.compute(
                2, 1, List.of(), List.of(), List.of(), List.of(), 1, new float[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Clouds come in patches, so that some blocks have none of a look. */
  private static void addLooks(
      Random random,
      int looks,
      int pixels,
      int channels,
      List<short[]> features,
      List<byte[]> usable) {
    for (int k = 0; k < looks; k++) {
      short[] look = new short[channels * pixels];
      for (int i = 0; i < look.length; i++) {
        boolean invalid = random.nextInt(15) == 0;
        boolean tie = random.nextInt(4) == 0;
        int value = tie ? random.nextInt(3) : random.nextInt(65_535) - 32_767;
        look[i] = invalid ? Short.MIN_VALUE : (short) value;
      }
      byte[] clear = new byte[pixels];
      boolean state = random.nextBoolean();
      for (int p = 0; p < pixels; p++) {
        state = random.nextInt(500) == 0 ? !state : state;
        clear[p] = (byte) (state ^ random.nextInt(5) == 0 ? 1 : 0);
      }
      features.add(look);
      usable.add(clear);
    }
  }

  private static List<short[]> usable(int p, List<short[]> features, List<byte[]> usable) {
    List<short[]> chosen = new ArrayList<>();
    for (int k = 0; k < features.size(); k++) {
      if (usable.get(k)[p] == 1) {
        chosen.add(features.get(k));
      }
    }
    return chosen;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
