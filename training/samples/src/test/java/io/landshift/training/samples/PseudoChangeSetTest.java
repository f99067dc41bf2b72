package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.ingest.scenes.Quality;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PseudoChangeSetTest {
  private static final int SIDE = 48;
  private static final List<String> BANDS = List.of("red", "nir", "swir16");

  /** Forest in the west, bare ground in the east, cloud over the first rows of every look. */
  private static final SampleSet<Sample.Unlabelled> SERIES =
      new SampleSet<>() {
        @Override
        public List<Source> sources() {
          return List.of(Made.source("forest"));
        }

        @Override
        public Sample.Unlabelled read(Source source) {
          List<Look> looks = new ArrayList<>();
          for (int date = 0; date < 4; date++) {
            looks.add(look(date));
          }
          return new Sample.Unlabelled(source, looks);
        }
      };

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

  private final PseudoChangeSet set = new PseudoChangeSet("pseudo", List.of(SERIES), 12, SIDE, 5);

  @Test
  void onlyClearForestIsLostAndOnlyThereTheLaterDateIsNotTheRealOne() {
    long lost = 0;
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
        float now = pair.after().plane("nir")[pixel] - pair.after().plane("red")[pixel];
        if (codes[pixel] == 1) {
          lost++;
          assertThat(forest).as("pixel %d", pixel).isTrue();
          assertThat(now).as("pixel %d", pixel).isLessThan(0.2f);
        } else {
          assertThat(pair.after().plane("nir")[pixel]).isEqualTo(real.plane("nir")[pixel]);
          assertThat(pair.after().plane("swir16")[pixel]).isEqualTo(real.plane("swir16")[pixel]);
        }
      }
    }
    assertThat(lost).as("pixels lost in %d pairs", 12).isGreaterThan(500);
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
