package io.landshift.training.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.Bundles;
import io.landshift.training.samples.Licence;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.Source;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Three dates of made forest, on the last of which two patches are bare. */
class SeasonPairsIT {
  private static final int SIDE = 32;
  private static final Map<String, float[]> FOREST_AND_BARE =
      Map.of(
          "blue", new float[] {0.03f, 0.07f},
          "green", new float[] {0.05f, 0.09f},
          "red", new float[] {0.035f, 0.13f},
          "nir", new float[] {0.34f, 0.2f},
          "nir08", new float[] {0.35f, 0.21f},
          "swir16", new float[] {0.15f, 0.27f},
          "swir22", new float[] {0.07f, 0.18f});

  private static Look look(String time, boolean cut, boolean cloudy) {
    List<String> bands =
        Bundles.spectralBaseline().manifest().bands().stream().map(Band::commonName).toList();
    float[][] planes = new float[bands.size()][SIDE * SIDE];
    for (int band = 0; band < planes.length; band++) {
      float[] levels = Objects.requireNonNull(FOREST_AND_BARE.get(bands.get(band)));
      for (int pixel = 0; pixel < planes[band].length; pixel++) {
        planes[band][pixel] = levels[cut && isCut(pixel) ? 1 : 0];
      }
    }
    byte[] quality = new byte[SIDE * SIDE];
    Arrays.fill(quality, cloudy ? Quality.CLOUD : Quality.CLEAR);
    return new Look(
        Instant.parse(time + "T10:00:00Z"),
        Look.Unit.REFLECTANCE,
        bands,
        SIDE,
        SIDE,
        planes,
        quality);
  }

  /** 4 x 4 pixels in the upper half, which is stable, and as many in the lower half. */
  private static boolean isCut(int pixel) {
    int row = pixel / SIDE % (SIDE / 2);
    int column = pixel % SIDE;
    return row >= 6 && row < 10 && column >= 20 && column < 24;
  }

  @Test
  void whatIsCalledOnStableGroundIsCountedBySeason() {
    // given
    List<Look> looks =
        List.of(
            look("2019-07-01", false, false),
            look("2020-01-20", false, true),
            look("2020-02-01", false, false),
            look("2020-07-10", true, false));
    Sample.Unlabelled series =
        new Sample.Unlabelled(new Source("made", "made", "made", Licence.SHIPPABLE, false), looks);
    boolean[] stable = new boolean[SIDE * SIDE];
    Arrays.fill(stable, 0, stable.length / 2, true);

    // when
    SeasonPairs pairs =
        SeasonPairs.of(
            Map.of("spectral-baseline", Bundles.spectralBaseline()), series, stable, 10, "made");

    // then: one patch of 16 pixels in one pair of July; winter meets both summers
    SeasonPairs.Tally same = tally(pairs, SeasonPairs.Pairing.SAME_SEASON);
    assertThat(same.pairs()).isEqualTo(1);
    assertThat(same.pixels()).isEqualTo(SIDE * SIDE / 2);
    assertThat(same.high()).isEqualTo(16);
    assertThat(same.low()).isEqualTo(16);
    assertThat(same.alarms().rate()).isEqualTo(1000 / 0.0512, within(1e-6));
    SeasonPairs.Tally other = tally(pairs, SeasonPairs.Pairing.OTHER_SEASON);
    assertThat(other.pairs()).isEqualTo(2);
    assertThat(other.high()).isEqualTo(16);
    assertThat(other.median()).isEqualTo(16 / 512.0);
    assertThat(other.alarms().rate()).isEqualTo(1000 / 0.1024, within(1e-6));
    assertThat(EvaluationTables.seasons(pairs))
        .contains(
            "## Pairs of dates: made",
            "| same season, another year | spectral-baseline | 1 | 512 | 3.13 % | 3.13 % | 3.13 % |"
                + " 19,531 |",
            "| another season | spectral-baseline | 2 | 1,024 | 1.56 % | 1.56 % | 3.13 % | 9,766 |");
  }

  private static SeasonPairs.Tally tally(SeasonPairs pairs, SeasonPairs.Pairing pairing) {
    return Objects.requireNonNull(
        Objects.requireNonNull(pairs.found().get(pairing)).get("spectral-baseline"));
  }
}
