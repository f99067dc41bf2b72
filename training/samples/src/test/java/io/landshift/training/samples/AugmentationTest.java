package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());
  private static final Augmentation AUGMENTATION = Augmentation.of(8);

  private final RandomGenerator random = new SplittableRandom(SEED);

  @Test
  void theSameSeedGivesTheSameWindow() {
    System.out.println("seed " + SEED);
    // given
    Sample sample = Made.changed(40, 30, false);

    // when
    Sample one = AUGMENTATION.draw(sample, new SplittableRandom(SEED));
    Sample same = AUGMENTATION.draw(sample, new SplittableRandom(SEED));
    Sample other = AUGMENTATION.draw(sample, new SplittableRandom(SEED + 1));

    // then
    float[] plane = one.looks().getFirst().plane("nir");
    assertThat(plane).hasSize(64).isEqualTo(same.looks().getFirst().plane("nir"));
    assertThat(plane).isNotEqualTo(other.looks().getFirst().plane("nir"));
  }

  @Test
  void aWindowIsCutFromTheSampleAndReachesAllOfIt() {
    System.out.println("seed " + SEED);
    // given
    Sample sample = Made.changed(11, 9, false);
    boolean[] reached = new boolean[99];

    // when
    for (int run = 0; run < 200; run++) {
      float[] red = AUGMENTATION.cut(sample, random).looks().getFirst().plane("red");

      // then: eight pixels of a row, then eight of the next
      for (int i = 0; i < 64; i++) {
        int pixel = Math.round(red[i] * 1000);
        assertThat(pixel - Math.round(red[0] * 1000)).isEqualTo(i / 8 * 11 + i % 8);
        reached[pixel] = true;
      }
    }
    assertThat(reached).doesNotContain(false);
  }

  @Test
  void aSampleSmallerThanTheWindowIsInItWhole() {
    System.out.println("seed " + SEED);
    // given
    Sample sample = Made.changed(5, 3, false);

    // when
    Sample.Changed window = (Sample.Changed) AUGMENTATION.cut(sample, random);

    // then
    int data = 0;
    for (float number : window.before().plane("red")) {
      data += Float.isNaN(number) ? 0 : 1;
    }
    assertThat(data).isEqualTo(15);
    assertThat(window.labels().counts()[0] + window.labels().counts()[1]).isEqualTo(14);
  }

  @Test
  void theCapMakesWindowsOfOneClassRare() {
    System.out.println("seed " + SEED);
    // given: of the 93 columns where a window of 8 may begin, in 3 it has 3, 4 or 5 of each class
    // columns, and 2 or 6 of 8 are 0.75: the cap of 0.75 lets 5 pass
    Sample sample = Made.changed(100, 8, false);
    Augmentation free = new Augmentation(8, 1, 0, 0);

    // when
    double mixed = mixedShare(AUGMENTATION, sample);
    double mixedFreely = mixedShare(free, sample);

    // then: 1 - (1 - 5 / 93)^10 = 0.425
    assertThat(mixed).isEqualTo(0.425, within(0.08));
    assertThat(mixedFreely).isEqualTo(5.0 / 93, within(0.04));
  }

  private double mixedShare(Augmentation augmentation, Sample sample) {
    int mixed = 0;
    for (int run = 0; run < 1000; run++) {
      Sample.Changed window = (Sample.Changed) augmentation.cut(sample, random);
      mixed += Math.min(window.labels().counts()[0], window.labels().counts()[1]) >= 15 ? 1 : 0;
    }
    return mixed / 1000.0;
  }

  @Test
  void exchangesDatesOnlyWhereLabelsHaveNoDirection() {
    // given
    Sample.Changed plain = Made.changed(4, 4, false);
    Sample.Changed directed = Made.changed(4, 4, true);

    // when
    Sample.Changed exchanged = Augmentation.exchanged(plain);

    // then
    assertThat(exchanged.before()).isSameAs(plain.after());
    assertThat(exchanged.after()).isSameAs(plain.before());
    assertThat(exchanged.labels()).isSameAs(plain.labels());
    assertThatThrownBy(() -> Augmentation.exchanged(directed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("direction");
  }

  @Test
  void drawsBothOrdersOfDatesButNeverOfDirectedLabels() {
    System.out.println("seed " + SEED);
    // given: the second date is 0.5 brighter, far beyond the jitter
    Sample plain = Made.changed(8, 8, false);
    Sample directed = Made.changed(8, 8, true);

    // when
    int exchanged = 0;
    int lies = 0;
    for (int run = 0; run < 100; run++) {
      exchanged += isExchanged(AUGMENTATION.draw(plain, random)) ? 1 : 0;
      lies += isExchanged(AUGMENTATION.draw(directed, random)) ? 1 : 0;
    }

    // then: 50 expected, standard deviation 5
    assertThat(exchanged).isBetween(20, 80);
    assertThat(lies).isZero();
  }

  private static boolean isExchanged(Sample sample) {
    List<Look> looks = sample.looks();
    return looks.get(0).plane("red")[9] > looks.get(1).plane("red")[9];
  }

  @Test
  void jitterIsOtherLightNotOtherGround() {
    System.out.println("seed " + SEED);
    // given: rising reflectances from 0 on, one pixel without data
    Look look = Made.look(8, 8, 0);
    look.plane("nir")[5] = Float.NaN;
    Sample sample = new Sample.Unlabelled(Made.SOURCE, List.of(look));

    for (int run = 0; run < 100; run++) {
      // when
      float[] nir = AUGMENTATION.jittered(sample, random).looks().getFirst().plane("nir");

      // then: within five standard deviations of the factors, and what the path adds
      assertThat(nir[5]).isNaN();
      for (int i = 6; i < 64; i++) {
        assertThat(nir[i]).isGreaterThan(nir[i == 6 ? 4 : i - 1]).isGreaterThanOrEqualTo(1e-4f);
        float was = look.plane("nir")[i];
        assertThat(nir[i]).isBetween(was * 0.8f, was * 1.25f + 0.01f);
      }
    }
    assertThat(look.plane("nir")[7]).as("the sample itself stays").isEqualTo(0.107f);
  }

  @Test
  void refusesSettingsWithoutMeaning() {
    assertThatThrownBy(() -> new Augmentation(0, 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Augmentation(8, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Augmentation(8, 1, Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
