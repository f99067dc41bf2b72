package io.landshift.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class EvaluationIT {
  private static final int WIDTH = 90;
  private static final int HEIGHT = 70;
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());

  @TempDir Path folder;

  @Test
  void measuresOnlyPixelsWithScoreAndTruth() throws Exception {
    System.out.println("seed " + SEED);
    // given
    Random random = new Random(SEED);
    float[] score = new float[WIDTH * HEIGHT];
    byte[] truth = new byte[score.length];
    for (int i = 0; i < score.length; i++) {
      truth[i] = (byte) (random.nextInt(10) == 0 ? 255 : random.nextInt(4) == 0 ? 1 : 0);
      score[i] =
          random.nextInt(10) == 0
              ? Float.NaN
              : Math.round(10 * (random.nextGaussian() + (truth[i] == 1 ? 1 : 0))) / 10f;
    }
    RasterPair pair = new RasterPair(floats("score", score), bytes("truth", truth, HEIGHT));
    Evaluation.Options options =
        Evaluation.Options.DEFAULT
            .withIgnore(Set.of(255.0))
            .withThreshold(0.5)
            .withBootstrap(new Bootstrap(100, 0.95, 3));

    // when
    Evaluation evaluation = Evaluation.of(List.of(pair), options);

    // then
    List<float[]> kept = new ArrayList<>();
    long withoutTruth = 0;
    for (int i = 0; i < score.length; i++) {
      if (truth[i] == -1) {
        withoutTruth++;
      } else if (!Float.isNaN(score[i])) {
        kept.add(new float[] {score[i], truth[i]});
      }
    }
    assertThat(evaluation.pixels()).isEqualTo(kept.size());
    assertThat(evaluation.withoutTruth()).isEqualTo(withoutTruth);
    assertThat(evaluation.withoutScore()).isEqualTo(score.length - withoutTruth - kept.size());
    assertThat(evaluation.blocks()).isEqualTo(2 * 2);
    assertThat(evaluation.rocAuc().value()).isEqualTo(auc(kept), within(1e-12));
    assertThat(evaluation.atThreshold().confusion().truePositives())
        .isEqualTo(kept.stream().filter(k -> k[1] == 1 && k[0] >= 0.5).count());
    assertThat(evaluation.rocAuc().interval().low()).isLessThan(evaluation.rocAuc().value());
    JsonNode json = new ObjectMapper().readTree(evaluation.json());
    assertThat(json.at("/rocAuc/value").asDouble()).isEqualTo(evaluation.rocAuc().value());
    assertThat(json.at("/bootstrap/seed").asLong()).isEqualTo(3);
    assertThat(evaluation.text())
        .contains("ROC AUC", "seed 3", "over 4 squares of 64 x 64 pixels", "precision, recall");
  }

  @Test
  void severalRastersAreTheBlocks() {
    // given
    float[] score = new float[WIDTH * HEIGHT];
    byte[] truth = new byte[score.length];
    for (int i = 0; i < score.length; i++) {
      score[i] = i % 7;
      truth[i] = (byte) (i % 7 > 3 ? 1 : 0);
    }
    RasterPair pair = new RasterPair(floats("score", score), bytes("truth", truth, HEIGHT));

    // when
    Evaluation evaluation = Evaluation.of(List.of(pair, pair, pair), Evaluation.Options.DEFAULT);

    // then
    assertThat(evaluation.blocks()).isEqualTo(3);
    assertThat(evaluation.pixels()).isEqualTo(3L * score.length);
    assertThat(evaluation.rocAuc()).isEqualTo(new Evaluation.Estimate(1.0, new Interval(1.0, 1.0)));
    assertThat(evaluation.bestThreshold()).isEqualTo(4);
    assertThat(evaluation.blockUnit()).isEqualTo("rasters");
  }

  @Test
  void comparesTwoScoresOnThePixelsThatBothHave() throws Exception {
    // given: the one is the truth, the other says the contrary, and knows half of the pixels
    float[] score = new float[WIDTH * HEIGHT];
    float[] contrary = new float[score.length];
    byte[] truth = new byte[score.length];
    for (int i = 0; i < score.length; i++) {
      truth[i] = (byte) (i % 3 == 0 ? 1 : 0);
      score[i] = truth[i];
      contrary[i] = i % 2 == 0 ? Float.NaN : 1 - truth[i];
    }
    RasterPair pair =
        new RasterPair(
            floats("score", score), bytes("truth", truth, HEIGHT), floats("contrary", contrary));

    // when
    Evaluation evaluation =
        Evaluation.of(
            List.of(pair), Evaluation.Options.DEFAULT.withBootstrap(new Bootstrap(100, 0.95, 3)));

    // then
    assertThat(evaluation.pixels()).isEqualTo(score.length / 2);
    assertThat(evaluation.withoutScore()).isEqualTo(score.length / 2);
    assertThat(evaluation.calibrationError().value()).isZero();
    JsonNode json = new ObjectMapper().readTree(evaluation.json());
    assertThat(json.at("/against/rocAuc/value").asDouble()).isEqualTo(1);
    assertThat(json.at("/against/rocAuc/low").asDouble()).isEqualTo(1);
    assertThat(evaluation.text())
        .contains("better than the other score", "calibration error   0.0");
    assertThatThrownBy(() ->
            Evaluation.of(
                List.of(pair, new RasterPair(pair.score(), pair.truth())),
                Evaluation.Options.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutPositivesNothingIsDefinedAndJsonSaysNull() throws Exception {
    // given
    float[] score = new float[WIDTH * HEIGHT];
    RasterPair pair =
        new RasterPair(floats("score", score), bytes("truth", new byte[score.length], HEIGHT));

    // when
    Evaluation evaluation = Evaluation.of(List.of(pair), Evaluation.Options.DEFAULT);

    // then
    assertThat(evaluation.text()).contains("ROC AUC             not defined");
    assertThat(new ObjectMapper().readTree(evaluation.json()).at("/rocAuc/value").isNull())
        .isTrue();
  }

  @Test
  void refusesRastersOfDifferentSizeAndRastersWithoutAnyPixel() {
    // given
    float[] score = new float[WIDTH * HEIGHT];
    RasterPair different =
        new RasterPair(
            floats("score", score), bytes("truth", new byte[WIDTH * (HEIGHT - 1)], HEIGHT - 1));
    RasterPair ignored =
        new RasterPair(floats("score", score), bytes("zero", new byte[score.length], HEIGHT));

    // when, then
    assertFails(different, Evaluation.Options.DEFAULT, FailureReason.METADATA_INVALID);
    assertFails(
        ignored, Evaluation.Options.DEFAULT.withIgnore(Set.of(0.0)), FailureReason.NO_VALID_PIXELS);
  }

  private static void assertFails(
      RasterPair pair, Evaluation.Options options, FailureReason reason) {
    assertThatThrownBy(() -> Evaluation.of(List.of(pair), options))
        .isInstanceOfSatisfying(
            LandshiftException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static double auc(List<float[]> pixels) {
    double won = 0;
    long pairs = 0;
    for (float[] positive : pixels) {
      if (positive[1] == 1) {
        for (float[] negative : pixels) {
          if (negative[1] == 0) {
            pairs++;
            won += positive[0] > negative[0] ? 1 : positive[0] == negative[0] ? 0.5 : 0;
          }
        }
      }
    }
    return won / pairs;
  }

  private String floats(String name, float[] numbers) {
    CogLayout layout = CogLayout.of(RasterType.FLOAT32, name).withNodata(Double.NaN);
    return write(name, HEIGHT, layout, RowSource.ofFloats(WIDTH, numbers));
  }

  private String bytes(String name, byte[] numbers, int height) {
    return write(
        name, height, CogLayout.of(RasterType.UINT8, name), RowSource.ofBytes(WIDTH, numbers));
  }

  private String write(String name, int height, CogLayout layout, RowSource rows) {
    Path file = folder.resolve(name + ".tif");
    Grid grid = new Grid("LOCAL", "EPSG:32633", 500_000.0, 5_000_000.0, 10.0, WIDTH, height);
    CogWriter.write(file, grid, new PixelWindow(0, 0, WIDTH, height), layout, rows);
    return file.toString();
  }
}
