package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ingest.raster.Footprints;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterType;
import io.landshift.schemas.PixelWindow;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code detect SERIES} on a folder of dated rasters and on a zip of a STAC collection. */
@Tag("it")
class DetectSeriesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LocalDate DAY_0 = LocalDate.of(2014, 12, 31);

  /** The files of a series' results, their number type and what stands for no data. */
  private static final Map<String, RasterType> MAPS =
      Map.of(
          "change-score.tif", RasterType.FLOAT32,
          "loss-score.tif", RasterType.FLOAT32,
          "land-cover.tif", RasterType.UINT8,
          "change-status.tif", RasterType.UINT8,
          "loss-status.tif", RasterType.UINT8,
          "change-first-day.tif", RasterType.INT32,
          "loss-first-day.tif", RasterType.INT32,
          "change-confirmed-day.tif", RasterType.INT32,
          "loss-confirmed-day.tif", RasterType.INT32);

  @TempDir Path folder;

  @Test
  void aFolderOfDatedRastersIsComparedAndItsCityStaysQuiet() throws Exception {
    // given: real rasters of two number types, with another no data each, and a sidecar
    Path series = copy(SharedData.require("demo/parana_s2_l2a/scenes"), folder.resolve("series"));
    Path out = folder.resolve("out");

    // when
    Shell.Ran ran = Shell.run("detect", series, "--out", out, "--json");

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    assertMaps(out, "EPSG:32721", 219, 218);
    JsonNode run = JSON.readTree(out.resolve("run.json").toFile());
    assertThat(run.get("kind").asText()).isEqualTo("series");
    assertThat(run.get("scenes")).hasSize(10);
    assertThat(run.at("/scenes/0/sensed").asText()).isEqualTo("2023-05-11T00:00:00Z");
    assertThat(run.at("/scenes/0/coverage/withoutReference").asLong())
        .as("the first date has nothing to be compared with")
        .isEqualTo(run.at("/scenes/0/coverage/clear").asLong());
    assertThat(run.at("/scenes/9/coverage/nodata").asLong()).isEqualTo(436);
    assertThat(JSON.readTree(ran.out()).at("/results/0/run")).isEqualTo(run);
    assertThat(ran.err())
        .contains("note: 9 of 10 scenes with clear pixels had nothing to be compared with");
    assertDaysFitStatus(out, LocalDate.of(2023, 5, 11), LocalDate.of(2025, 11, 26));
    assertQuietCity(out);
    assertPicture(out);
  }

  /** The picture shows ground: many colours, in the panel of the first date. */
  private static void assertPicture(Path out) throws IOException {
    BufferedImage picture = ImageIO.read(out.resolve("report.png").toFile());
    Set<Integer> colours = new HashSet<>();
    for (int y = 200; y < 700; y++) {
      for (int x = 60; x < 600; x++) {
        colours.add(picture.getRGB(x, y));
      }
    }
    assertThat(colours).hasSizeGreaterThan(1000);
  }

  private static void assertQuietCity(Path out) throws IOException {
    RasterInfo info = TestRasters.info(out.resolve("loss-score.tif"));
    // Streets and roofs of Corrientes, behind the beach.
    PixelWindow city = new PixelWindow(168, 120, 51, 98);
    List<String> confirmed = new ArrayList<>();
    for (JsonNode feature :
        JSON.readTree(out.resolve("detections.geojson").toFile()).get("features")) {
      if (!feature.at("/properties/confirmedDate").isNull()) {
        confirmed.add(feature.get("geometry").toString());
      }
    }
    byte[] alerted = Footprints.rasterise(Grids.gridOf(info), city, confirmed);
    assertThat(alerted).containsOnly((byte) 0);
  }

  @Test
  void aZipOfAStacCollectionIsComparedAndItsClearCutsAreFound() throws Exception {
    // given
    Path zip = SharedData.require("demo/romania_s2_2015_2021/romania-forest-s2-l2a.zip");
    Path out = folder.resolve("out");

    // when
    Shell.Ran ran = Shell.run("detect", zip, "--out", out);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("140 scenes -> " + out);
    assertMaps(out, "EPSG:3035", 100, 100);
    JsonNode run = JSON.readTree(out.resolve("run.json").toFile());
    assertThat(run.get("scenes")).hasSize(140);
    assertThat(run.get("scenes").findValuesAsText("reason"))
        .as("two platforms, one radiometry")
        .doesNotContain("PLATFORM_STEP", "RADIOMETRY_CONTRADICTED");
    assertDaysFitStatus(out, LocalDate.of(2015, 8, 1), LocalDate.of(2021, 1, 1));
    float[] confirmed = TestRasters.band(out.resolve("loss-confirmed-day.tif"), 1);
    assertPatches(out, confirmed);
    assertThat(JSON.readTree(out.resolve("detections.geojson").toFile()).get("features"))
        .anySatisfy(feature -> {
          assertThat(feature.at("/properties/change").asText()).isEqualTo("vegetation-loss");
          assertThat(feature.at("/properties/confirmedDate").isNull()).isFalse();
          assertThat(feature.at("/properties/fromClass").asText()).isEqualTo("vegetation");
        });
  }

  /** Truth that was drawn from the summer images, on the pixels of the results. */
  private static void assertPatches(Path out, float[] confirmed) throws IOException {
    Path truth = SharedData.require("demo/romania_s2_2015_2021");
    RasterInfo info = TestRasters.info(out.resolve("loss-confirmed-day.tif"));
    PixelWindow all = new PixelWindow(0, 0, 100, 100);
    JsonNode patches =
        JSON.readTree(truth.resolve("reference-patches.geojson").toFile()).get("features");
    int found = 0;
    for (JsonNode patch : patches) {
      byte[] inside =
          Footprints.rasterise(Grids.gridOf(info), all, List.of(patch.get("geometry").toString()));
      boolean any = false;
      for (int p = 0; p < inside.length; p++) {
        any |= inside[p] != 0 && !Float.isNaN(confirmed[p]);
      }
      found += any ? 1 : 0;
    }
    assertThat(found / (double) patches.size())
        .as("of %d patches", patches.size())
        .isGreaterThan(2.0 / 3);
  }

  private static void assertMaps(Path out, String crs, int width, int height) throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      List<String> expected = new ArrayList<>(MAPS.keySet());
      expected.addAll(List.of("detections.geojson", "report.png", "run.json"));
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    MAPS.forEach((name, type) -> {
      RasterInfo info = TestRasters.info(out.resolve(name));
      assertThat(info.crs()).as(name).isEqualTo(crs);
      assertThat(List.of(info.width(), info.height())).as(name).containsExactly(width, height);
      assertThat(info.bands().getFirst().type()).as(name).isEqualTo(type);
      Double nodata =
          switch (type) {
            case FLOAT32 -> Double.NaN;
            case INT32 -> -1.0;
            default -> name.equals("land-cover.tif") ? 0.0 : 255.0;
          };
      assertThat(info.bands().getFirst().nodata()).as(name).isEqualTo(nodata);
    });
  }

  /** A pixel is confirmed on a day of the series, not before it was first seen. */
  private static void assertDaysFitStatus(Path out, LocalDate first, LocalDate last) {
    for (String score : List.of("loss", "change")) {
      float[] status = TestRasters.band(out.resolve(score + "-status.tif"), 1);
      float[] firstDay = TestRasters.band(out.resolve(score + "-first-day.tif"), 1);
      float[] confirmed = TestRasters.band(out.resolve(score + "-confirmed-day.tif"), 1);
      for (int p = 0; p < status.length; p++) {
        String what = score + ", pixel " + p;
        boolean ever = !Float.isNaN(confirmed[p]);
        assertThat(Float.isNaN(firstDay[p])).as(what).isEqualTo(!ever);
        if (status[p] == 3 || status[p] >= 6) {
          assertThat(ever).as(what + " has status " + status[p]).isTrue();
        }
        if (ever) {
          assertThat(firstDay[p]).as(what).isBetween(day(first), confirmed[p]);
          assertThat(confirmed[p]).as(what).isLessThanOrEqualTo(day(last));
        }
      }
    }
  }

  private static float day(LocalDate date) {
    return ChronoUnit.DAYS.between(DAY_0, date);
  }

  private static Path copy(Path scenes, Path to) throws IOException {
    Files.createDirectories(to);
    ObjectNode sidecar = JSON.createObjectNode();
    sidecar.put("sensor", "sentinel-2-msi").put("scale", 1e-4).put("offset", -0.1);
    ArrayNode listed = sidecar.putArray("scenes");
    try (Stream<Path> files = Files.list(scenes)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        Files.copy(file, to.resolve(name));
        String date =
            name.substring(0, 4) + "-" + name.substring(4, 6) + "-" + name.substring(6, 8);
        listed.addObject().put("file", name).put("date", date);
      }
    }
    JSON.writeValue(to.resolve("series.json").toFile(), sidecar);
    return to;
  }
}
