package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.scenes.Quality;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PseudoChangeSetTest {
  private static final int SIDE = 48;
  private static final List<String> BANDS = List.of("red", "nir", "swir16");

  /** Forest in the west, bare ground in the east, cloud over the first rows of every look. */
  private static SampleSet<Sample.Unlabelled> of(int dates) {
    return new SampleSet<>() {
      @Override
      public List<Source> sources() {
        return List.of(Made.source("forest"));
      }

      @Override
      public Sample.Unlabelled read(Source source) {
        return new Sample.Unlabelled(
            source, IntStream.range(0, dates).mapToObj(PseudoChangeSetTest::look).toList());
      }
    };
  }

  private static Look look(int date) {
    float[][] planes = new float[3][SIDE * SIDE];
    byte[] quality = new byte[SIDE * SIDE];
    Arrays.fill(quality, Quality.CLEAR);
    for (int pixel = 0; pixel < quality.length; pixel++) {
      boolean forest = pixel % SIDE < SIDE / 2;
      float light = 1 + 0.02f * date + 0.001f * (pixel % 7);
      planes[0][pixel] = (forest ? 0.04f : 0.2f) * light;
      planes[1][pixel] = (forest ? 0.35f : 0.28f) * light;
      planes[2][pixel] = (forest ? 0.15f : 0.33f) * light;
      if (pixel < 3 * SIDE) {
        quality[pixel] = Quality.CLOUD;
      }
    }
    Instant time = Instant.parse("2024-06-0" + (date + 1) + "T00:00:00Z");
    return new Look(time, Look.Unit.REFLECTANCE, BANDS, SIDE, SIDE, planes, quality);
  }

  private final PseudoChangeSet set = new PseudoChangeSet("pseudo", List.of(of(4)), 12, SIDE, 5);

  @Test
  void onlyClearForestIsLostAndWhatIsCalledUnchangedIsAsItWasOrGreener() {
    long lost = 0;
    long greener = 0;
    for (Source source : set.sources()) {
      // when
      Sample.Changed pair = set.read(source);

      // then: both dates are of the series, the later one later
      Look real = look(day(pair.after()) - 1);
      assertThat(pair.before().planes()).isDeepEqualTo(look(day(pair.before()) - 1).planes());
      assertThat(day(pair.after())).isGreaterThan(day(pair.before()));
      byte[] codes = pair.labels().codes();
      for (int pixel = 0; pixel < codes.length; pixel++) {
        boolean forest = pixel % SIDE < SIDE / 2 && pixel >= 3 * SIDE;
        double change = index(pair.after(), pixel) - index(real, pixel);
        if (codes[pixel] != 0) {
          lost += codes[pixel];
          assertThat(forest).as("pixel %d", pixel).isTrue();
          assertThat(change).as("pixel %d", pixel).isLessThan(codes[pixel] == 1 ? -0.01 : 0);
          assertThat(pair.after().plane("swir16")[pixel])
              .isGreaterThan(real.plane("swir16")[pixel]);
        } else {
          greener += change > 0.01 ? 1 : 0;
          assertThat(change).as("pixel %d", pixel).isGreaterThan(-0.05);
          assertThat(change > 0.01 && !forest).as("pixel %d, greener", pixel).isFalse();
        }
      }
    }
    assertThat(lost).as("pixels lost in %d pairs", 12).isGreaterThan(500);
    assertThat(greener).as("pixels made greener").isGreaterThan(100);
  }

  @Test
  void aPatchKeepsTheTextureOfItsGround() {
    Sample.Changed pair = set.read(set.sources().getFirst());
    Look real = look(day(pair.after()) - 1);
    float[] after = pair.after().plane("nir");
    float[] before = real.plane("nir");
    int neighbours = 0;
    for (int pixel = 3 * SIDE; pixel < after.length - 1; pixel++) {
      if (pair.labels().codes()[pixel] == 1 && pair.labels().codes()[pixel + 1] == 1) {
        neighbours++;
        float ratio = after[pixel] / before[pixel];
        float next = after[pixel + 1] / before[pixel + 1];
        assertThat(ratio).as("pixel %d", pixel).isCloseTo(next, within(0.35f));
      }
    }
    assertThat(neighbours).isPositive();
  }

  @Test
  void aPlaceThatWasSeenOnceHasSimulatedEarlierLooks() {
    // given
    PseudoChangeSet once = new PseudoChangeSet("pseudo", List.of(of(1)), 3, SIDE, 5);

    // when
    Sample.Changed pair = once.read(once.sources().getFirst());

    // then
    assertThat(pair.earlier()).hasSize(3);
    assertThat(pair.earlier().getFirst().planes()).isNotEqualTo(look(0).planes());
    assertThat(pair.labels().counts()[1]).as("lost").isPositive();
  }

  private static double index(Look look, int pixel) {
    double red = look.plane("red")[pixel];
    double nir = look.plane("nir")[pixel];
    return (nir - red) / (nir + red);
  }

  private static int day(Look look) {
    Instant time = look.time();
    return time == null ? -1 : Integer.parseInt(time.toString().substring(8, 10));
  }

  @Test
  void aPairIsTheSameWheneverItIsRead() {
    // given
    Source first = set.sources().getFirst();
    Source second = set.sources().get(1);

    // then
    assertThat(set.read(first).after().planes()).isDeepEqualTo(set.read(first).after().planes());
    assertThat(set.read(first).labels().codes()).isNotEqualTo(set.read(second).labels().codes());
    assertThat(first.place()).as("one place, whatever the pair").isEqualTo(second.place());
  }
}
