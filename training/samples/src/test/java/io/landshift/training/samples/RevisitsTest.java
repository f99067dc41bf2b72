package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.scenes.Quality;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RevisitsTest {
  private static final long SEED = Long.getLong("landshift.seed", 20261130);
  private static final int SIDE = 40;
  private static final List<String> BANDS = List.of("blue", "red", "nir", "swir16", "swir22");
  private final RandomGenerator random = new Random(SEED);

  /** Forest in the west and bare ground in the east; the look lacks the last band. */
  private static Look look() {
    float[][] planes = new float[BANDS.size()][];
    float[] forest = {0.02f, 0.03f, 0.35f, 0.15f};
    float[] bare = {0.1f, 0.2f, 0.26f, 0.33f};
    for (int band = 0; band < 4; band++) {
      planes[band] = new float[SIDE * SIDE];
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        planes[band][pixel] = pixel % SIDE < SIDE / 2 ? forest[band] : bare[band];
      }
    }
    planes[0][3] = Float.NaN;
    byte[] quality = new byte[SIDE * SIDE];
    Arrays.fill(quality, Quality.CLEAR);
    quality[3] = Quality.NODATA;
    return new Look(null, Look.Unit.REFLECTANCE, BANDS, SIDE, SIDE, planes, quality);
  }

  private static double mean(Look look, String band, boolean forest) {
    double sum = 0;
    int count = 0;
    for (int pixel = SIDE; pixel < SIDE * SIDE; pixel++) {
      if (pixel % SIDE < SIDE / 2 == forest) {
        sum += look.plane(band)[pixel];
        count++;
      }
    }
    return sum / count;
  }

  @Test
  void withoutUnrestGroundIsAsItWas() {
    // when
    Look seen = Revisits.SEASON.of(look(), 0, random);

    // then
    for (int band = 0; band < 4; band++) {
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        float was = look().plane(BANDS.get(band))[pixel];
        if (!Float.isNaN(was)) {
          assertThat(seen.plane(BANDS.get(band))[pixel]).isEqualTo(was, within(1e-6f));
        }
      }
    }
  }

  @Test
  void leavesMakeForestBrighterInInfraredAndDarkerInRedAndLeaveBareGroundAlone() {
    // given
    Revisits leaves = new Revisits(0, 0, 0.3, 0, 0, 0);
    System.out.println("revisits: seed " + SEED);
    double largest = 0;

    for (int time = 0; time < 20; time++) {
      // when
      Look seen = leaves.of(look(), 1, random);
      double infrared = mean(seen, "nir", true) / mean(look(), "nir", true);
      double red = mean(seen, "red", true) / mean(look(), "red", true);

      // then: stands differ, all follow the season
      largest = Math.max(largest, Math.abs(Math.log(infrared)));
      assertThat(infrared * red).isEqualTo(1, within(0.1));
      assertThat(mean(seen, "nir", false)).isEqualTo(0.26, within(1e-4));
    }
    assertThat(largest).isBetween(0.1, 1.2);
  }

  @Test
  void hazeFadesWithWavelength() {
    // given
    Revisits air = new Revisits(0, 0.1, 0, 0, 0, 0);

    // when
    Look seen = air.of(look(), 1, random);

    // then: added as the power -1.3 of the wavelength
    double blue = mean(seen, "blue", false) - mean(look(), "blue", false);
    double infrared = mean(seen, "swir16", false) - mean(look(), "swir16", false);
    assertThat(blue).isPositive();
    assertThat(infrared / blue).isEqualTo(Math.pow(1.61 / 0.49, -1.3), within(1e-3));
  }

  @Test
  void whatHasNoDataHasNoneAndMasksStay() {
    // when
    Look seen = Revisits.SEASON.of(look(), 1.5, random);

    // then
    assertThat(seen.planes()[4]).isNull();
    assertThat(seen.plane("blue")[3]).isNaN();
    assertThat(seen.quality()).isEqualTo(look().quality());
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      if (pixel != 3) {
        assertThat(seen.plane("blue")[pixel]).isPositive();
      }
    }
  }

  @Test
  void aPairGetsEarlierLooksAndKeepsItsLabels() {
    // given
    byte[] codes = new byte[SIDE * SIDE];
    codes[7] = 1;
    Labels labels = new Labels(List.of("same", "lost"), true, codes);
    Sample.Changed pair = new Sample.Changed(Made.SOURCE, look(), look(), labels);

    // when
    Sample.Changed followed = Revisits.SEASON.followed(pair, 3, random);

    // then: no two of the looks alike
    assertThat(followed.earlier()).hasSize(3);
    assertThat(followed.labels()).isSameAs(labels);
    assertThat(followed.looks().stream().map(look -> look.plane("nir")[SIDE * SIDE / 2]).distinct())
        .hasSize(4);
  }
}
