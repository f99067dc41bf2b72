package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterType;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code detect BEFORE AFTER} on two summer dates of farmland along the river Inn. */
@Tag("it")
class DetectPairIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BANDS = "B04,B03,B02,B08";
  private static final PixelWindow WHOLE = new PixelWindow(0, 0, 578, 379);

  @TempDir static Path shared;
  private static Path river;
  private static Path before;
  private static Path after;
  private static Path whole;
  private static Shell.Ran ranWhole;

  @TempDir Path folder;

  /** The file holds four bands of the one date, then the same four of the other. */
  @BeforeAll
  static void compareOnce() {
    river = SharedData.require("demo/inn_river_s2_pair/inference-img.tif");
    before = TestRasters.cut(river, 1, 4, WHOLE, shared.resolve("before.tif"));
    after = TestRasters.cut(river, 5, 4, WHOLE, shared.resolve("after.tif"));
    whole = shared.resolve("whole");
    ranWhole = Shell.run("detect", before, after, "--bands", BANDS, "--out", whole, "--json");
  }

  @Test
  void writesScoresLandCoverObjectsAndFigures() throws Exception {
    // when
    Path out = whole;
    Shell.Ran ran = ranWhole;

    // then: the files and nothing else
    assertThat(ran.code()).as(ran.err()).isZero();
    try (var files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "change-score.tif",
              "loss-score.tif",
              "land-cover.tif",
              "detections.geojson",
              "report.png",
              "run.json");
    }
    RasterInfo source = TestRasters.info(before);
    for (String name : List.of("change-score.tif", "loss-score.tif", "land-cover.tif")) {
      RasterInfo info = TestRasters.info(out.resolve(name));
      assertThat(info.crs()).isEqualTo("EPSG:32633");
      assertThat(info.geoTransform()).isEqualTo(source.geoTransform());
      assertThat(List.of(info.width(), info.height())).containsExactly(578, 379);
      boolean score = name.endsWith("score.tif");
      assertThat(info.bands().getFirst().type())
          .isEqualTo(score ? RasterType.FLOAT32 : RasterType.UINT8);
      assertThat(info.bands().getFirst().nodata())
          .isEqualTo(Double.valueOf(score ? Double.NaN : 0));
    }
    float[] change = TestRasters.band(out.resolve("change-score.tif"), 1);
    assertThat(TestRasters.count(change, Double::isNaN)).isZero();
    assertThat(TestRasters.count(change, score -> score >= 4.5) / (double) change.length)
        .as("share of harvested fields and moved water")
        .isBetween(0.1, 0.9);
    float[] loss = TestRasters.band(out.resolve("loss-score.tif"), 1);
    assertThat(TestRasters.count(loss, Double::isNaN)).isPositive().isLessThan(loss.length / 2);
    assertDetections(out);
    JsonNode run = JSON.readTree(out.resolve("run.json").toFile());
    assertThat(run.get("kind").asText()).isEqualTo("pair");
    assertThat(run.get("crs").asText()).isEqualTo("EPSG:32633");
    assertThat(run.get("modelDigest").asText()).matches("[0-9a-f]{64}");
    assertThat(run.get("provider").asText()).isEqualTo("cpu");
    assertThat(run.get("notes")).isEmpty();
    assertThat(run.get("seconds").asDouble()).isPositive();
    assertThat(run.at("/scenes/1/coverage/monitored").asLong()).isEqualTo(578 * 379);
    JsonNode printed = JSON.readTree(ran.out());
    assertThat(printed.at("/results/0/folder").asText()).isEqualTo(out.toString());
    assertThat(printed.at("/results/0/run")).isEqualTo(run);
    assertThat(ran.err()).contains("2 of 2 scenes");
  }

  private void assertDetections(Path out) throws IOException {
    JsonNode detections = JSON.readTree(out.resolve("detections.geojson").toFile());
    assertThat(detections.get("type").asText()).isEqualTo("FeatureCollection");
    assertThat(detections.get("features").size()).isGreaterThan(20);
    for (JsonNode feature : detections.get("features")) {
      assertThat(feature.at("/properties/areaM2").asDouble()).isGreaterThanOrEqualTo(499);
      assertThat(feature.at("/properties/score").asDouble()).isGreaterThanOrEqualTo(4.5);
      JsonNode corner = feature.at("/geometry/coordinates");
      while (corner.get(0).isArray()) {
        corner = corner.get(0);
      }
      assertThat(corner.get(0).asDouble()).as("longitude").isBetween(12.9, 13.9);
      assertThat(corner.get(1).asDouble()).as("latitude").isBetween(47.5, 48.9);
    }
  }

  @Test
  void nothingHasChangedWhereBothAreOne() throws Exception {
    // given
    Path out = folder.resolve("out");

    // when
    Shell.Ran ran = Shell.run("detect", before, before, "--bands", BANDS, "--out", out);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    for (String name : List.of("change-score.tif", "loss-score.tif")) {
      float[] score = TestRasters.band(out.resolve(name), 1);
      assertThat(TestRasters.count(score, value -> value > 0)).as(name).isZero();
    }
    assertThat(JSON.readTree(out.resolve("detections.geojson").toFile()).get("features")).isEmpty();
  }

  @Test
  void probabilitiesOfTheClassesAreWrittenWhereAsked() {
    // given
    Path out = folder.resolve("out");

    // when
    Shell.Ran ran =
        Shell.run("detect", before, after, "--bands", BANDS, "--probabilities", "--out", out);

    // then: in steps of 1/250 they add up to 1, and the land cover is the most probable class
    assertThat(ran.code()).as(ran.err()).isZero();
    Path map = out.resolve("land-cover-probabilities.tif");
    int classes = TestRasters.info(map).bands().size();
    float[] landCover = TestRasters.band(out.resolve("land-cover.tif"), 1);
    float[] sum = new float[landCover.length];
    float[] most = new float[landCover.length];
    float[] own = new float[landCover.length];
    for (int band = 1; band <= classes; band++) {
      float[] probability = TestRasters.band(map, band);
      for (int p = 0; p < sum.length; p++) {
        sum[p] += probability[p];
        most[p] = Math.max(most[p], probability[p]);
        own[p] = landCover[p] == band ? probability[p] : own[p];
      }
    }
    assertThat(TestRasters.count(sum, value -> Math.abs(value - 250) <= classes))
        .isEqualTo(sum.length);
    assertThat(own).isEqualTo(most);
  }

  @Test
  void anotherGridIsWarpedOntoTheFirstWithANote() throws Exception {
    // given: the second raster lacks the first 100 columns and the last 79 rows
    PixelWindow part = new PixelWindow(100, 0, 478, 300);
    Path shifted = TestRasters.cut(river, 5, 4, part, folder.resolve("part.tif"));
    Path out = folder.resolve("out");

    // when
    Shell.Ran ran = Shell.run("detect", before, shifted, "--bands", BANDS, "--out", out);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("note: " + shifted + " is warped onto the grid of " + before);
    assertThat(JSON.readTree(out.resolve("run.json").toFile()).at("/notes/0").asText())
        .contains("is warped onto");
    float[] all = TestRasters.band(whole.resolve("change-score.tif"), 1);
    float[] some = TestRasters.band(out.resolve("change-score.tif"), 1);
    assertThat(some).hasSameSizeAs(all);
    for (int p = 0; p < some.length; p++) {
      boolean covered = p % 578 >= 100 && p / 578 < 300;
      if (covered) {
        assertThat(some[p]).as("pixel " + p).isEqualTo(all[p]);
      } else {
        assertThat(some[p]).as("pixel " + p).isNaN();
      }
    }
  }

  @Test
  void aCoarserGridIsResampled() throws Exception {
    // given: every second pixel of the second raster
    Grid own = Grids.gridOf(TestRasters.info(river));
    Grid coarse = Grid.newBuilder(own).setPixelSize(20).setWidth(289).setHeight(189).build();
    short[][] numbers = new short[4][289 * 189];
    for (int b = 0; b < 4; b++) {
      float[] fine = TestRasters.band(after, b + 1);
      for (int p = 0; p < numbers[b].length; p++) {
        numbers[b][p] = (short) fine[p / 289 * 2 * 578 + p % 289 * 2];
      }
    }
    Path other = folder.resolve("coarse.tif");
    TestRasters.write(other, coarse, new PixelWindow(0, 0, 289, 189), numbers);
    Path out = folder.resolve("out");

    // when
    Shell.Ran ran = Shell.run("detect", before, other, "--bands", BANDS, "--out", out);

    // then: on the first one's grid, scores all over
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(TestRasters.info(out.resolve("change-score.tif")).width()).isEqualTo(578);
    float[] score = TestRasters.band(out.resolve("change-score.tif"), 1);
    assertThat(TestRasters.count(score, value -> !Double.isNaN(value)) / (double) score.length)
        .isGreaterThan(0.98);
  }

  @Test
  void rastersWithoutAnyCrsHaveScoresButNoPolygons() throws Exception {
    // given
    Path out = folder.resolve("out");
    Path one = withoutCrs(1, "one.tif");
    Path other = withoutCrs(5, "other.tif");

    // when
    Shell.Ran ran = Shell.run("detect", one, other, "--bands", BANDS, "--out", out);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("note: neither raster has a CRS");
    for (String name : List.of("change-score.tif", "loss-score.tif", "land-cover.tif")) {
      assertThat(TestRasters.info(out.resolve(name)).crs()).isEmpty();
      assertThat(TestRasters.band(out.resolve(name), 1))
          .isEqualTo(TestRasters.band(whole.resolve(name), 1));
    }
    JsonNode run = JSON.readTree(out.resolve("run.json").toFile());
    assertThat(run.at("/notes/0").asText()).contains("without polygons");
    assertThat(run.get("crs").asText()).isEmpty();
    assertThat(JSON.readTree(out.resolve("detections.geojson").toFile()).get("features")).isEmpty();
  }

  @Test
  void aRasterWithoutCrsLiesWhereTheOtherOneLies() throws Exception {
    // given
    Path out = folder.resolve("out");
    Path lost = withoutCrs(1, "lost.tif");

    // when
    Shell.Ran ran = Shell.run("detect", lost, after, "--bands", BANDS, "--out", out);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.err()).contains(lost + " has no CRS");
    assertThat(TestRasters.info(out.resolve("change-score.tif")).crs()).isEqualTo("EPSG:32633");
    assertDetections(out);
  }

  @Test
  void withoutCrsOnlyOneSizeCanBeCompared() {
    // given
    Grid nowhere = new Grid("LOCAL", "", 0.0, 0.0, 1.0, 50, 40);
    Path small = folder.resolve("small.tif");
    TestRasters.write(
        small,
        nowhere,
        new PixelWindow(0, 0, 50, 40),
        new short[2000],
        new short[2000],
        new short[2000],
        new short[2000]);

    // when
    Shell.Ran ran =
        Shell.run("detect", before, small, "--bands", BANDS, "--out", folder.resolve("out"));

    // then
    assertThat(ran.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ran.err()).contains("small.tif has 50 x 40 pixels and not 578 x 379", "CRS");
  }

  @Test
  void bandsThatAreNotKnownAreAskedFor() {
    // when: layers are called "layer 1" and so on
    Shell.Ran ran = Shell.run("detect", before, after, "--out", folder.resolve("out"));

    // then
    assertThat(ran.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ran.err())
        .contains("The 4 bands of", "have no known names", "as in B02,B03,B04,B08");
  }

  @Test
  void aBandThatTheModelNeedsIsMissed() {
    // when
    Shell.Ran ran =
        Shell.run(
            "detect", before, after, "--bands", "B04,B03,B02", "--out", folder.resolve("out"));

    // then
    assertThat(ran.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ran.err()).contains("no band for [nir]");
  }

  @Test
  void rastersFarApartAreRefused() {
    // given
    Grid own = Grids.gridOf(TestRasters.info(river));
    Grid elsewhere = Grid.newBuilder(own).setOriginX(own.getOriginX() + 100_000).build();
    Path far = TestRasters.cut(river, 5, 4, WHOLE, elsewhere, folder.resolve("far.tif"));

    // when
    Shell.Ran ran =
        Shell.run("detect", before, far, "--bands", BANDS, "--out", folder.resolve("out"));

    // then: the first raster is of use, but there is nothing to compare
    assertThat(ran.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ran.err()).contains("does not touch");
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    // when
    Shell.Ran ran =
        Shell.run(
            "detect",
            before,
            folder.resolve("none.tif"),
            "--bands",
            BANDS,
            "--out",
            folder.resolve("out"));

    // then
    assertThat(ran.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ran.err()).contains("none.tif");
  }

  @Test
  void datesInTheWrongOrderAreAMistakeOfTheCommandLine() {
    // when
    Shell.Ran ran =
        Shell.run(
            "detect",
            before,
            after,
            "--bands",
            BANDS,
            "--out",
            folder.resolve("out"),
            "--before-date",
            "2021-09-25",
            "--after-date",
            "2021-06-17");

    // then
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("--before-date must be earlier than --after-date");
  }

  @Test
  void scaleOffsetAndNodataMeanWhatTheySay() throws Exception {
    // given: the same reflectances, stored with an offset of 1000 and no data as 7
    Path stored = folder.resolve("stored.tif");
    short[][] numbers = new short[4][578 * 379];
    for (int b = 0; b < 4; b++) {
      float[] plain = TestRasters.band(after, b + 1);
      for (int p = 0; p < plain.length; p++) {
        numbers[b][p] = (short) (p < 5780 ? 7 : (int) plain[p] + 1000);
      }
    }
    TestRasters.write(stored, Grids.gridOf(TestRasters.info(river)), WHOLE, numbers);
    Path out = folder.resolve("out");

    // when
    Shell.Ran ran =
        Shell.run(
            "detect",
            stored,
            stored,
            "--bands",
            BANDS,
            "--scale",
            "1e-4",
            "--offset",
            "-0.1",
            "--nodata",
            "7",
            "--out",
            out);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    float[] expected = TestRasters.band(whole.resolve("land-cover.tif"), 1);
    float[] landCover = TestRasters.band(out.resolve("land-cover.tif"), 1);
    float[] score = TestRasters.band(out.resolve("change-score.tif"), 1);
    for (int p = 0; p < score.length; p++) {
      if (p < 5780) {
        assertThat(score[p]).as("score of no data, pixel " + p).isNaN();
        assertThat(landCover[p]).as("land cover of no data, pixel " + p).isNaN();
      } else {
        assertThat(score[p]).as("pixel " + p).isEqualTo(0, within(0f));
        assertThat(landCover[p]).as("pixel " + p).isEqualTo(expected[p]);
      }
    }
  }

  @Test
  void aListIsDoneInOneStartAndABadPairDoesNotHideTheOthers() throws Exception {
    // given
    PixelWindow west = new PixelWindow(0, 0, 200, 379);
    PixelWindow east = new PixelWindow(378, 0, 200, 379);
    TestRasters.cut(river, 1, 4, west, folder.resolve("west-1.tif"));
    TestRasters.cut(river, 5, 4, west, folder.resolve("west-2.tif"));
    TestRasters.cut(river, 1, 4, east, folder.resolve("east-1.tif"));
    TestRasters.cut(river, 5, 4, east, folder.resolve("east-2.tif"));
    byte[] bytes = Files.readAllBytes(folder.resolve("east-2.tif"));
    Files.write(folder.resolve("cut-off.tif"), Arrays.copyOf(bytes, bytes.length / 3));
    Path list = folder.resolve("list.csv");
    Files.writeString(
        list,
        """
        before,id,after
        west-1.tif,west,west-2.tif
        east-1.tif,broken,cut-off.tif
        east-1.tif,east,%s
        """
            .formatted(folder.resolve("east-2.tif")));
    Path out = folder.resolve("out");

    // when
    Shell.Ran ran = Shell.run("detect", "--pairs", list, "--bands", BANDS, "--out", out, "--json");

    // then
    assertThat(ran.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ran.err()).contains("broken is left out", "cut-off.tif");
    assertThat(out.resolve("east/run.json")).exists();
    assertThat(out.resolve("broken/run.json")).doesNotExist();
    float[] scores = TestRasters.band(out.resolve("west/change-score.tif"), 1);
    float[] all = TestRasters.band(whole.resolve("change-score.tif"), 1);
    for (int p = 0; p < scores.length; p++) {
      assertThat(scores[p]).as("pixel " + p).isEqualTo(all[p / 200 * 578 + p % 200]);
    }
    JsonNode results = JSON.readTree(ran.out()).get("results");
    assertThat(results).hasSize(3);
    assertThat(results.get(1).get("reason").asText()).isEqualTo("ASSET_UNREADABLE");
  }

  @Test
  void aListThatIsNoneIsRefusedWithItsLine() throws Exception {
    // given
    Path list = folder.resolve("list.csv");
    Files.writeString(list, "id,before,after\na,before.tif,after.tif\na,before.tif,after.tif\n");

    // when
    Shell.Ran ran =
        Shell.run("detect", "--pairs", list, "--bands", BANDS, "--out", folder.resolve("out"));

    // then
    assertThat(ran.code()).isEqualTo(ExitCode.INPUT);
    assertThat(ran.err()).contains("line 3 of");
  }

  private Path withoutCrs(int firstBand, String name) {
    Grid nowhere = new Grid("LOCAL", "", 0.0, 0.0, 1.0, 578, 379);
    return TestRasters.cut(river, firstBand, 4, WHOLE, nowhere, folder.resolve(name));
  }
}
