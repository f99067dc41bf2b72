package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.training.evaluation.Bootstrap;
import io.landshift.training.evaluation.Comparators;
import io.landshift.training.evaluation.Evaluation;
import io.landshift.training.evaluation.Interval;
import io.landshift.training.evaluation.Metric;
import io.landshift.training.evaluation.RankedScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code detect --pairs} and {@code evaluate} on labelled pairs of forest, beside the plain
 * measures that a product has to beat, on the same pixels. Every fourth pair, or all of the 160
 * with {@code -Dlandshift.pairs=all}, which takes a minute more.
 */
@Tag("it")
class BarkBeetlePairsIT {
  private static final String BANDS = "B01,B02,B03,B04,B05,B06,B07,B08,B8A,B09,B11,B12";
  private static final int BAND_COUNT = 12;
  private static final int NIR = 7;
  private static final int SWIR22 = 11;
  private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 0.95, 1);

  @TempDir Path folder;

  /** The truth of the pixels that every score of a table is measured on; a raster is a block. */
  private static final class Table {
    private final Map<String, RankedScores.Collector> collectors = new LinkedHashMap<>();

    void add(Map<String, float[]> scores, float[] truth, boolean[] wanted, int block) {
      scores.forEach((name, values) -> {
        RankedScores.Collector collector =
            collectors.computeIfAbsent(name, unseen -> new RankedScores.Collector(1 << 16));
        for (int p = 0; p < values.length; p++) {
          if (wanted[p]) {
            collector.add(values[p], truth[p] != 0, block);
          }
        }
      });
    }

    Map<String, RankedScores> rank() {
      Map<String, RankedScores> ranked = new LinkedHashMap<>();
      collectors.forEach((name, collector) -> ranked.put(name, collector.rank()));
      return ranked;
    }
  }

  @Test
  void bothScoresTellDamageFromForestBetterThanThePlainMeasures() throws Exception {
    // given
    Path data = SharedData.require("training/bark_beetle_train");
    List<String> ids = ids(data);
    Path list = folder.resolve("pairs.csv");
    List<String> lines = new ArrayList<>(List.of("id,before,after"));
    for (String id : ids) {
      lines.add(
          "%s,%s,%s"
              .formatted(
                  id,
                  data.resolve("2019-09/" + id + ".tif"),
                  data.resolve("2020-09/" + id + ".tif")));
    }
    Files.write(list, lines);
    Path out = folder.resolve("out");

    // when
    Shell.Ran ran = Shell.run("detect", "--pairs", list, "--bands", BANDS, "--out", out);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    Table vegetation = new Table();
    Table all = new Table();
    for (int i = 0; i < ids.size(); i++) {
      addPair(data, out, ids.get(i), i, vegetation, all);
    }
    Map<String, RankedScores> onVegetation = vegetation.rank();
    Map<String, RankedScores> onAll = all.rank();
    print(ids.size() + " pairs, where the reference shows vegetation", onVegetation);
    print(ids.size() + " pairs, all pixels", onAll);
    assertBetter(onVegetation, "loss-score", "dNBR");
    assertBetter(onVegetation, "loss-score", "CVA, 12 bands");
    assertBetter(onVegetation, "change-score", "dNBR");
    assertBetter(onAll, "change-score", "CVA, 12 bands");
    assertThat(Metric.ROC_AUC.of(onVegetation.get("loss-score"))).isGreaterThan(0.85);
    assertThat(Metric.ROC_AUC.of(onAll.get("change-score"))).isGreaterThan(0.85);
    assertSameAsEvaluate(data, out, ids, onVegetation.get("loss-score"));
  }

  /** Damaged forest scores higher than sound forest more often. */
  private static void assertBetter(
      Map<String, RankedScores> table, String score, String comparator) {
    assertThat(Metric.ROC_AUC.of(table.get(score)))
        .as(score + " against " + comparator)
        .isGreaterThan(Metric.ROC_AUC.of(table.get(comparator)));
  }

  /** The command that a user has for it says the same. */
  private static void assertSameAsEvaluate(
      Path data, Path out, List<String> ids, RankedScores scores) throws IOException {
    List<Object> words = new ArrayList<>(List.of("evaluate", "--json"));
    for (String id : ids) {
      words.addAll(List.of("--score", out.resolve(id).resolve("loss-score.tif")));
      words.addAll(List.of("--truth", data.resolve("mask/" + id + ".tif")));
    }
    Shell.Ran ran = Shell.run(words.toArray());
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode evaluation = new ObjectMapper().readTree(ran.out());
    assertThat(evaluation.get("pixels").asLong()).isEqualTo(scores.size());
    assertThat(evaluation.at("/rocAuc/value").asDouble()).isEqualTo(Metric.ROC_AUC.of(scores));
  }

  private static void addPair(
      Path data, Path out, String id, int block, Table vegetation, Table all) {
    float[][] before = reflectances(data.resolve("2019-09/" + id + ".tif"));
    float[][] after = reflectances(data.resolve("2020-09/" + id + ".tif"));
    float[] truth = TestRasters.band(data.resolve("mask/" + id + ".tif"), 1);
    Map<String, float[]> scores = new LinkedHashMap<>();
    float[] loss = TestRasters.band(out.resolve(id).resolve("loss-score.tif"), 1);
    float[] change = TestRasters.band(out.resolve(id).resolve("change-score.tif"), 1);
    scores.put("change-score", change);
    scores.put(
        "dNBR",
        Comparators.differencedBurnRatio(before[NIR], before[SWIR22], after[NIR], after[SWIR22]));
    scores.put("CVA, 12 bands", Comparators.changeVectorLength(before, after));
    scores.put(
        "CVA, the model's 7", Comparators.changeVectorLength(ofModel(before), ofModel(after)));
    boolean[] valid = new boolean[truth.length];
    boolean[] withLoss = new boolean[truth.length];
    for (int p = 0; p < truth.length; p++) {
      int pixel = p;
      valid[p] =
          !Float.isNaN(truth[p])
              && scores.values().stream().noneMatch(score -> Float.isNaN(score[pixel]));
      withLoss[p] = valid[p] && !Float.isNaN(loss[p]);
    }
    all.add(scores, truth, valid, block);
    Map<String, float[]> both = new LinkedHashMap<>(Map.of("loss-score", loss));
    both.putAll(scores);
    vegetation.add(both, truth, withLoss, block);
  }

  /** Blue, green, red, near infrared, narrow near infrared and the two short waves. */
  private static float[][] ofModel(float[][] bands) {
    return new float[][] {
      bands[1], bands[2], bands[3], bands[NIR], bands[8], bands[10], bands[SWIR22]
    };
  }

  private static float[][] reflectances(Path file) {
    float[][] bands = new float[BAND_COUNT][];
    for (int b = 0; b < BAND_COUNT; b++) {
      bands[b] = TestRasters.band(file, b + 1);
      for (int p = 0; p < bands[b].length; p++) {
        bands[b][p] = bands[b][p] > 0 ? bands[b][p] * 1e-4f : Float.NaN;
      }
    }
    return bands;
  }

  private static void print(String title, Map<String, RankedScores> table) {
    RankedScores any = table.values().iterator().next();
    System.out.printf(
        Locale.ROOT, "%n%s: %d pixels, %d damaged%n", title, any.size(), any.positives());
    System.out.println("score               ROC AUC                average precision      best F1");
    table.forEach((name, scores) -> {
      Evaluation.Options options = Evaluation.Options.DEFAULT.withBootstrap(BOOTSTRAP);
      Evaluation evaluation = Evaluation.of(scores, 0, 0, "rasters", options);
      System.out.printf(
          "%-18s  %s  %s  %s%n",
          name,
          text(evaluation.rocAuc()),
          text(evaluation.averagePrecision()),
          text(evaluation.bestF1()));
    });
  }

  private static String text(Evaluation.Estimate estimate) {
    Interval interval = estimate.interval();
    return String.format(
        Locale.ROOT, "%.3f (%.3f to %.3f)", estimate.value(), interval.low(), interval.high());
  }

  private static List<String> ids(Path data) throws IOException {
    boolean all = "all".equals(System.getProperty("landshift.pairs"));
    try (Stream<Path> files = Files.list(data.resolve("mask"))) {
      List<String> ids =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".tif"))
              .map(name -> name.substring(0, name.length() - 4))
              .sorted()
              .toList();
      return Stream.iterate(0, i -> i < ids.size(), i -> i + (all ? 1 : 4)).map(ids::get).toList();
    }
  }
}
