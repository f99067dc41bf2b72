package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
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
    List<LookPixels> innerLooks = looks(random, inner, pixels, channels);
    List<LookPixels> outerLooks = looks(random, outer, pixels, channels);

    // when
    Reference reference =
        ReferenceStatistics.compute(pixels, channels, innerLooks, outerLooks, minLooks, step);

    // then
    for (int p = 0; p < pixels; p++) {
      List<LookPixels> chosen = usable(p, innerLooks);
      if (chosen.size() < minLooks || !areOnBothSides(chosen)) {
        chosen.addAll(usable(p, outerLooks));
        chosen = areOnBothSides(chosen) ? chosen : List.of();
      }
      assertThat(reference.looks()[p] & 0xFF).isEqualTo(chosen.size());
      for (int c = 0; c < channels; c++) {
        int at = c * pixels + p;
        double[] values =
            chosen.stream()
                .mapToDouble(look -> look.features()[at])
                .filter(q -> q != Short.MIN_VALUE)
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
            .isCloseTo(spread * step[c], Percentage.withPercentage(1e-4));
      }
    }
  }

  @Test
  void outerLooksNeedBeKnownOnlyWhereInnerOnesAreTooFew() {
    // given
    long seed = 8;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int pixels = 2_500;
    float[] step = {1, 0.5f};
    List<LookPixels> inner = looks(random, 3, pixels, 2);
    List<LookPixels> outer = looks(random, 3, pixels, 2);
    inner.forEach(look -> Arrays.fill(look.usable(), 900, 2_100, (byte) 1));

    // when
    Reference all = ReferenceStatistics.compute(pixels, 2, inner, outer, 2, step);
    Reference some =
        ReferenceStatistics.compute(
            pixels, 2, inner, counts -> knownWhereFewer(outer, counts), 2, step);

    // then
    assertThat(some.looks()).isEqualTo(all.looks());
    assertThat(some.centre()).isEqualTo(all.centre());
    assertThat(some.spread()).isEqualTo(all.spread());
  }

  private static List<LookPixels> knownWhereFewer(List<LookPixels> looks, byte[] counts) {
    List<LookPixels> known = new ArrayList<>();
    for (LookPixels look : looks) {
      short[] features = look.features().clone();
      byte[] usable = look.usable().clone();
      for (int p = 0; p < counts.length; p++) {
        if (counts[p] >= 2) {
          usable[p] = 0;
          features[p] = 9_999;
          features[counts.length + p] = 9_999;
        }
      }
      known.add(new LookPixels(features, usable, look.seasonOffset()));
    }
    return known;
  }

  @Test
  void outerLooksAreNotReadForReferencesThatDoWithoutThem() {
    // given
    List<LookPixels> inner = List.of(look((short) 10, -5));

    // when
    Reference reference =
        ReferenceStatistics.compute(1, 1, inner, counts -> List.of(), 2, new float[] {1});

    // then
    assertThat(reference.looks()).containsExactly(0);
    assertThat(reference.centre()).containsExactly(Float.NaN);
  }

  @Test
  void theExtremesOfTheFeaturesDoNotOverflow() {
    // given
    List<LookPixels> looks =
        List.of(look((short) -32767, 0), look((short) 32767, 0), look((short) 32767, 0));
    float[] one = {1};

    // when
    Reference odd = ReferenceStatistics.compute(1, 1, looks, List.of(), 3, one);
    Reference even = ReferenceStatistics.compute(1, 1, looks.subList(0, 2), List.of(), 2, one);

    // then
    assertThat(odd.centre()).containsExactly(32767);
    assertThat(odd.spread()).containsExactly(0);
    assertThat(even.centre()).containsExactly(0);
    assertThat(even.spread()).containsExactly((float) (1.4826 * 32767));
  }

  @Test
  void looksOnOneSideOfTheDateSayNothingOfAnotherSeason() {
    // given
    float[] one = {1};
    List<LookPixels> inner = List.of(look((short) 10, -5), look((short) 40, -7));
    List<LookPixels> before = List.of(look((short) 20, -40), look((short) 30, -50));
    List<LookPixels> around = List.of(look((short) 20, -40), look((short) 30, 50));
    List<LookPixels> onTheDay = List.of(look((short) 10, 0), look((short) 40, 0));

    // when
    Reference oneSided = ReferenceStatistics.compute(1, 1, inner, before, 2, one);
    Reference widened = ReferenceStatistics.compute(1, 1, inner, around, 2, one);
    Reference inTheSeason = ReferenceStatistics.compute(1, 1, onTheDay, around, 2, one);

    // then
    assertThat(oneSided.centre()).containsExactly(Float.NaN);
    assertThat(oneSided.looks()).containsExactly(0);
    assertThat(widened.centre()).containsExactly(25);
    assertThat(widened.looks()).containsExactly(4);
    assertThat(inTheSeason.centre()).containsExactly(25);
    assertThat(inTheSeason.looks()).containsExactly(2);
  }

  @Test
  void leavesItsInputsAsTheyAre() {
    // given
    LookPixels first = new LookPixels(new short[] {5, 1}, new byte[] {1, 1}, 0);
    LookPixels second = new LookPixels(new short[] {3, 2}, new byte[] {1, 1}, 0);

    // when
    ReferenceStatistics.compute(2, 1, List.of(first, second), List.of(), 1, new float[] {1});

    // then
    assertThat(first.features()).containsExactly(5, 1);
    assertThat(second.features()).containsExactly(3, 2);
    assertThat(first.usable()).containsExactly(1, 1);
  }

  @Test
  void refusesArraysOfOtherSizes() {
    for (LookPixels wrong :
        List.of(
            new LookPixels(new short[3], new byte[2], 0),
            new LookPixels(new short[2], new byte[3], 0))) {
      assertThatThrownBy(
              () -> ReferenceStatistics.compute(2, 1, List.of(wrong), List.of(), 1, new float[1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> ReferenceStatistics.compute(2, 1, List.of(), List.of(wrong), 1, new float[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> ReferenceStatistics.compute(2, 1, List.of(), List.of(), 1, new float[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static LookPixels look(short q, int seasonOffset) {
    return new LookPixels(new short[] {q}, new byte[] {1}, seasonOffset);
  }

  /** Clouds come in patches, so that some blocks have none of a look. */
  private static List<LookPixels> looks(Random random, int n, int pixels, int channels) {
    List<LookPixels> looks = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      short[] features = new short[channels * pixels];
      for (int i = 0; i < features.length; i++) {
        boolean invalid = random.nextInt(15) == 0;
        boolean tie = random.nextInt(4) == 0;
        int value = tie ? random.nextInt(3) : random.nextInt(65_535) - 32_767;
        features[i] = invalid ? Short.MIN_VALUE : (short) value;
      }
      byte[] usable = new byte[pixels];
      boolean clear = random.nextBoolean();
      for (int p = 0; p < pixels; p++) {
        clear = random.nextInt(500) == 0 ? !clear : clear;
        boolean flips = random.nextInt(5) == 0;
        usable[p] = (byte) (clear ^ flips ? 1 : 0);
      }
      looks.add(new LookPixels(features, usable, random.nextInt(5) - 2));
    }
    return looks;
  }

  private static boolean areOnBothSides(List<LookPixels> looks) {
    return looks.stream().anyMatch(look -> look.seasonOffset() <= 0)
        && looks.stream().anyMatch(look -> look.seasonOffset() >= 0);
  }

  private static List<LookPixels> usable(int p, List<LookPixels> looks) {
    return new ArrayList<>(looks.stream().filter(look -> look.usable()[p] == 1).toList());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
