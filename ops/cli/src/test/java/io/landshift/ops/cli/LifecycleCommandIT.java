package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden files were computed with the processor whose lifecycle users know. */
@Tag("it")
class LifecycleCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FIELDS =
      List.of(
          "status",
          "maxMetric",
          "confidence",
          "firstDay",
          "count",
          "percent",
          "duration",
          "lastObservedDay");

  @TempDir Path folder;

  @Test
  void seriesEqualTheGoldenOnesInEveryField() throws Exception {
    // given
    Path golden = SharedData.require("../golden/dist-lifecycle.jsonl.gz");
    Path out = folder.resolve("out.jsonl");

    // when
    Shell.Ran ran = Shell.run("lifecycle", "--series", golden, "--out", out);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    List<String> written = Files.readAllLines(out);
    List<String> expected = lines(golden);
    assertThat(written).hasSameSizeAs(expected).hasSize(240);
    for (int i = 0; i < expected.size(); i++) {
      JsonNode series = JSON.readTree(expected.get(i));
      JsonNode result = JSON.readTree(written.get(i));
      assertThat(result.get("id")).isEqualTo(series.get("id"));
      assertThat(result.get("days")).isEqualTo(series.get("days"));
      assertThat(series.get("expected").size()).isEqualTo(FIELDS.size());
      for (String field : FIELDS) {
        assertThat(numbers(result.get(field)))
            .as("series %s, %s", series.get("id"), field)
            .isEqualTo(numbers(series.get("expected").get(field)))
            .hasSize(series.get("days").size());
      }
    }
  }

  @Test
  void rastersInAnyOrderEqualTheGoldenOnesInEveryPixel() throws Exception {
    // given
    Path golden = SharedData.require("../golden/dist-s1-chile-fire");
    List<Path> metrics = new ArrayList<>(files(golden, "metric_"));
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Collections.shuffle(metrics, new Random(seed));
    List<Object> arguments = new ArrayList<>(List.of("lifecycle", "--out", folder));
    arguments.addAll(metrics);

    // when
    Shell.Ran ran = Shell.run(arguments.toArray());

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    List<Path> expected = files(golden, "expected_status_");
    assertThat(expected).hasSize(9);
    assertThat(files(folder, "status_")).hasSize(9);
    int disturbed = 0;
    for (Path file : expected) {
      Path written = folder.resolve(file.getFileName().toString().replace("expected_", ""));
      float[] status = pixels(written);
      assertThat(status).as(file.toString()).isEqualTo(pixels(file));
      for (float code : status) {
        disturbed += code > 0 ? 1 : 0;
      }
      RasterInfo info = Rasters.inspect(written.toString(), RasterRules.anywhere());
      RasterInfo source = Rasters.inspect(file.toString(), RasterRules.anywhere());
      assertThat(info.crs()).isEqualTo(source.crs());
      assertThat(info.geoTransform()).isEqualTo(source.geoTransform());
    }
    assertThat(disturbed).as("disturbed pixels over all dates").isGreaterThan(1_000);
  }

  @Test
  void aSeriesThatIsNoneIsRefusedWithItsNumber() throws Exception {
    // given
    Path in = folder.resolve("in.jsonl");
    Files.writeString(in, "{\"days\": [1, 2], \"metric\": [0.1, null]}\n{\"days\": [1]}\n");

    // when
    Shell.Ran ran = Shell.run("lifecycle", "--series", in, "--out", folder.resolve("out.jsonl"));

    // then
    assertThat(ran.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ran.err()).contains("series 2 of", "`days` and `metric`");
  }

  @Test
  void aRasterWithoutATimeInItsNameIsRefused() {
    // when
    Shell.Ran ran = Shell.run("lifecycle", folder.resolve("metric.tif"), "--out", folder);

    // then
    assertThat(ran.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ran.err()).contains("metric.tif", "like metric_20240128T233646.tif");
  }

  /** Numbers as numbers: 0 and 0.0 are one; null is NaN. */
  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.isNull() ? Double.NaN : number.doubleValue()));
    return numbers;
  }

  private static List<String> lines(Path compressed) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(compressed)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  private static List<Path> files(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  private static float[] pixels(Path file) {
    return Rasters.readAll(file.toString(), 1, RasterRules.anywhere());
  }
}
