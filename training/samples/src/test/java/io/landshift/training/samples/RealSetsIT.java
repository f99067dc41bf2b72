package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.Quality;
import io.landshift.training.evaluation.Comparators;
import io.landshift.training.evaluation.Metric;
import io.landshift.training.evaluation.RankedScores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The real sets, against what is written down of them. Every fourth pair of forest, or all of them
 * with {@code -Dlandshift.pairs=all}.
 */
@Tag("it")
class RealSetsIT {
  private static final boolean ALL_PAIRS = "all".equals(System.getProperty("landshift.pairs"));
  private static final BandRequest RED = new BandRequest("red", 0.665, false);
  private static final BandRequest NIR = new BandRequest("nir", 0.842, false);
  private static final BandRequest SWIR22 = new BandRequest("swir22", 2.19, false);

  private static Path data(String relative) {
    String root = System.getProperty("landshift.data", "");
    assumeTrue(!root.isBlank() && !root.contains("${"), "no shared data: set landshift.data");
    Path path = Path.of(root).resolve(relative);
    assumeTrue(Files.exists(path), path + " is not there");
    return path;
  }

  @Test
  void readsPairsOfBarkBeetleDamage() {
    // given
    BarkBeetleSet set = new BarkBeetleSet(data("training/bark_beetle_train"), List.of(NIR, SWIR22));

    // when
    List<Source> sources = set.sources();
    long valid = 0;
    long damaged = 0;
    RankedScores.Collector scores = new RankedScores.Collector(1 << 20);
    for (int i = 0; i < sources.size(); i += ALL_PAIRS ? 1 : 4) {
      Sample.Changed sample = set.read(sources.get(i));
      float[] drop =
          Comparators.differencedBurnRatio(
              sample.before().plane("nir"),
              sample.before().plane("swir22"),
              sample.after().plane("nir"),
              sample.after().plane("swir22"));
      for (int pixel = 0; pixel < drop.length; pixel++) {
        if (!Float.isNaN(drop[pixel])) {
          valid++;
          damaged += sample.labels().codes()[pixel];
          scores.add(drop[pixel], sample.labels().codes()[pixel] == 1, 0);
        }
      }
    }

    // then
    assertThat(sources)
        .hasSize(160)
        .extracting(Source::licence)
        .containsOnly(Licence.EXPERIMENT_ONLY);
    long places = sources.stream().map(Source::place).distinct().count();
    double auc = Metric.ROC_AUC.of(scores.rank());
    System.out.printf(
        "bark beetle: %d places, %d valid pixels, %.4f damaged, dNBR %.4f%n",
        places, valid, (double) damaged / valid, auc);
    assertThat(places).as("some cuts overlap").isBetween(100L, 159L);
    assertThat((double) damaged / valid).isEqualTo(0.139, within(ALL_PAIRS ? 0.0005 : 0.03));
    assertThat(auc).isEqualTo(0.855, within(ALL_PAIRS ? 0.0005 : 0.03));
    if (ALL_PAIRS) {
      assertThat(valid).isEqualTo(1_008_341);
    }
  }

  @Test
  void readsFires() {
    // given
    CaliforniaFiresSet set =
        new CaliforniaFiresSet(
            data("training/california_fires_20"), List.of("red", "nir", "swir22"));

    // when
    double sum = 0;
    double kenneth = 0;
    for (Source source : set.sources()) {
      Sample.Segmented sample = set.read(source);
      double auc = auc(set.burnRatioDrop(source), sample.labels());
      kenneth = source.name().equals("KENNETH_20250109") ? auc : kenneth;
      sum += auc;
      assertReflectances(sample.look(), "nir", 0.02f, 0.7f);
      assertReflectances(sample.look(), "swir22", 0.005f, 0.6f);
      assertThat(sample.look().planes()[0]).as("the picture's red is no reflectance").isNull();
    }

    // then
    System.out.printf("fires: mean dNBR %.4f, KENNETH %.4f%n", sum / 20, kenneth);
    assertThat(set.sources()).hasSize(20);
    assertThat(sum / 20).isEqualTo(0.934, within(0.001));
    assertThat(kenneth).as("the bad one").isEqualTo(0.35, within(0.01));
  }

  @Test
  void readsCloudsAndShadows() {
    // given
    CloudShadowSet set =
        new CloudShadowSet(data("training/cloud_shadow_csmask"), List.of("red", "nir", "cirrus"));

    // when
    Sample.Segmented sample = set.read(set.sources().getLast());

    // then
    assertThat(set.sources())
        .extracting(Source::place)
        .containsExactly("landsat5", "landsat7", "sentinel2");
    assertThat(sample.width()).isEqualTo(512);
    assertThat(sample.height()).isEqualTo(512);
    long[] counts = sample.labels().counts();
    assertThat(Arrays.stream(counts).sum()).isEqualTo(512 * 512);
    assertThat(counts[0] / 262_144.0).isEqualTo(0.109, within(0.0005));
    assertThat(counts[2] / 262_144.0).isEqualTo(0.189, within(0.0005));
    assertThat(sample.look().planes()[2]).isNull();
    // Clouds are brighter than shadows: image and mask lie on each other.
    assertThat(median(sample, 2, "red")).isGreaterThan(2 * median(sample, 0, "red"));
    assertReflectances(sample.look(), "nir", 0.01f, 0.9f);
  }

  @Test
  void readsTheLandsatPair() {
    // given
    NanjingSet set =
        new NanjingSet(
            data("training/landsat_nanjing"),
            List.of("blue", "green", "red", "nir08", "swir16", "swir22"));

    // when
    Sample.Changed sample = set.read(set.sources().getFirst());

    // then
    assertThat(sample.labels().counts()).containsExactly(12_393, 2_363);
    assertThat(sample.width() * sample.height()).isEqualTo(640_000);
    assertThat(sample.before().unit()).isEqualTo(Look.Unit.RELATIVE);
    double auc =
        auc(
            Comparators.changeVectorLength(
                standardised(sample.before().planes()), standardised(sample.after().planes())),
            sample.labels());
    assertThat(auc).isEqualTo(0.957, within(0.001));
  }

  @Test
  void readsTheParanaSeries() {
    // given
    SeriesSet set =
        SeriesSet.ofDated(
            "parana_s2_l2a",
            Licence.SHIPPABLE,
            data("demo/parana_s2_l2a/scenes"),
            -0.1,
            List.of(RED, NIR, SWIR22));

    // when
    Sample.Unlabelled sample = set.read(set.sources().getFirst());

    // then
    assertThat(sample.looks()).hasSize(10);
    assertThat(sample.looks().getFirst().time()).isEqualTo(Instant.parse("2023-05-11T00:00:00Z"));
    assertThat(sample.looks().getLast().time()).isEqualTo(Instant.parse("2025-11-26T00:00:00Z"));
    for (Look look : sample.looks()) {
      assertThat(look.width()).isEqualTo(219);
      assertThat(look.height()).isEqualTo(218);
      assertThat(Quality.count(look.quality(), Quality.NODATA)).isLessThan(219 * 218 / 50);
      assertReflectances(look, "red", 0.01f, 0.2f);
    }
    TrainingGuard.require(sample.source(), true);
  }

  @Test
  void readsTheZagrebSeries() {
    // given
    SeriesSet set =
        SeriesSet.of(
            "zagreb_s2_stac_120m",
            Licence.SHIPPABLE,
            data("demo/zagreb_s2_stac_120m"),
            List.of(RED, NIR, SWIR22));

    // when
    Sample.Unlabelled sample = set.read(set.sources().getFirst());

    // then: B12 is not among its files; the first date is cloudy, the second half seen
    assertThat(sample.looks()).hasSize(3);
    assertThat(sample.width()).isEqualTo(915);
    assertThat(sample.height()).isEqualTo(915);
    assertThat(sample.looks().getFirst().planes()[2]).isNull();
    int[] clear =
        sample.looks().stream()
            .mapToInt(look -> Quality.count(look.quality(), Quality.CLEAR))
            .toArray();
    System.out.println("zagreb clear " + Arrays.toString(clear));
    assertThat(clear[2]).isGreaterThan(915 * 915 / 2).isGreaterThan(clear[0]);
    assertThat(Quality.count(sample.looks().get(1).quality(), Quality.NODATA))
        .isGreaterThan(915 * 915 / 20);
    assertReflectances(sample.looks().getLast(), "nir", 0.05f, 0.6f);
  }

  @Test
  void readsASceneWhoseBandsAreOnGridsOfTheirOwn() {
    // given
    SingleSceneSet set =
        new SingleSceneSet(
            "virginia_s2_l1c",
            Licence.SHIPPABLE,
            data("bench/virginia_s2_l1c"),
            List.of(RED, NIR, SWIR22));

    // when
    Look look = set.read(set.sources().getFirst()).looks().getFirst();

    // then: all of it on the grid of 10 m
    assertThat(look.width()).isEqualTo(1933);
    assertThat(look.height()).isEqualTo(1947);
    assertThat(look.time()).as("nobody says when").isNull();
    // Where plants are, near infrared is high and short waves are not: the bands lie on each other.
    float[] red = look.plane("red");
    float[] nir = look.plane("nir");
    float[] swir = look.plane("swir22");
    int plants = 0;
    int fit = 0;
    for (int pixel = 0; pixel < red.length; pixel++) {
      if (nir[pixel] > 0.2 && red[pixel] < 0.25 * nir[pixel]) {
        plants++;
        fit += swir[pixel] < 0.6 * nir[pixel] ? 1 : 0;
      }
    }
    System.out.printf("virginia: plants on %.3f%n", (double) plants / red.length);
    assertThat((double) plants / red.length).isBetween(0.05, 0.9);
    assertThat((double) fit / plants).isGreaterThan(0.95);
    TrainingGuard.require(set.sources().getFirst(), true);
  }

  @Test
  void readsTheShowButNeverLearnsFromIt() {
    // given: under another name
    SeriesSet set =
        SeriesSet.of(
            "forest",
            Licence.SHIPPABLE,
            data("demo/romania_s2_2015_2021/romania-forest-s2-l2a.zip"),
            List.of(RED, NIR));
    Source source = set.sources().getFirst();

    // when, then
    assertThat(set.size()).isEqualTo(140);
    assertThat(set.grid().getWidth()).isEqualTo(100);
    assertThat(source.heldOut()).isTrue();
    assertThatThrownBy(() -> TrainingGuard.require(source, false))
        .isInstanceOfSatisfying(
            UnfitForTrainingException.class,
            e -> assertThat(e.reason()).isEqualTo(UnfitForTrainingException.Reason.HELD_OUT));
  }

  /** Nearly all values lie between these. */
  private static void assertReflectances(Look look, String band, float low, float high) {
    float[] sorted = look.plane(band).clone();
    Arrays.sort(sorted);
    int valid = 0;
    while (valid < sorted.length && !Float.isNaN(sorted[valid])) {
      valid++;
    }
    assertThat(valid).isGreaterThan(sorted.length / 20);
    assertThat(sorted[0]).as(band).isGreaterThanOrEqualTo(0);
    assertThat(sorted[valid / 2]).as(band + ", median").isBetween(low, high);
    assertThat(sorted[valid - 1 - valid / 100]).as(band + ", 99 %").isLessThan(1.5f);
  }

  private static double auc(float[] scores, Labels labels) {
    RankedScores.Collector collector = new RankedScores.Collector(1 << 16);
    for (int pixel = 0; pixel < scores.length; pixel++) {
      byte code = labels.codes()[pixel];
      if (code != Labels.UNKNOWN && !Float.isNaN(scores[pixel])) {
        collector.add(scores[pixel], code == 1, 0);
      }
    }
    return Metric.ROC_AUC.of(collector.rank());
  }

  private static float median(Sample.Segmented sample, int code, String band) {
    List<Float> numbers = new ArrayList<>();
    for (int pixel = 0; pixel < sample.labels().codes().length; pixel++) {
      if (sample.labels().codes()[pixel] == code) {
        numbers.add(sample.look().plane(band)[pixel]);
      }
    }
    numbers.sort(null);
    return numbers.get(numbers.size() / 2);
  }

  private static float[][] standardised(float[][] planes) {
    float[][] standardised = new float[planes.length][];
    for (int band = 0; band < planes.length; band++) {
      double mean = 0;
      for (float number : planes[band]) {
        mean += number / planes[band].length;
      }
      double variance = 0;
      for (float number : planes[band]) {
        variance += (number - mean) * (number - mean) / planes[band].length;
      }
      standardised[band] = new float[planes[band].length];
      for (int pixel = 0; pixel < planes[band].length; pixel++) {
        standardised[band][pixel] = (float) ((planes[band][pixel] - mean) / Math.sqrt(variance));
      }
    }
    return standardised;
  }
}
