package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.raster.Footprints;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterType;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, in this process: broker, Flink and Streams on the series that is in the project. */
@Tag("it")
class DemoIT {
  private static final String HOME = "landshift.home";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> PROPERTIES =
      Set.of(
          "id",
          "revision",
          "status",
          "firstDate",
          "confirmedDate",
          "areaM2",
          "fromClass",
          "toClass",
          "score",
          "modelDigest");

  @TempDir static Path folder;
  private static Path home;
  private static Path out;
  private static Shell.Ran ran;
  private static String homeBefore;

  @BeforeAll
  static void replay() {
    homeBefore = System.getProperty(HOME);
    home = home();
    System.setProperty(HOME, home.toString());
    out = folder.resolve("demo");
    ran = Shell.run("demo", "--out", out, "--json");
  }

  @AfterAll
  static void restore() {
    if (homeBefore == null) {
      System.clearProperty(HOME);
    } else {
      System.setProperty(HOME, homeBefore);
    }
  }

  /** The checkout: the first folder upwards that has the demo's data. */
  private static Path home() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("ops/demo"))) {
      at = at.getParent();
    }
    return at;
  }

  @Test
  void clearCutsBecomeAlertsAndForestDoesNot() throws Exception {
    // given
    assertThat(ran.code()).as(ran.err()).isZero();
    Path map = maps().getFirst();
    Grid grid = Grids.gridOf(TestRasters.info(map.resolveSibling("land-cover.tif")));
    PixelWindow all = new PixelWindow(0, 0, grid.getWidth(), grid.getHeight());

    // when
    List<String> confirmed = new ArrayList<>();
    for (JsonNode alert : features(out.resolve("alerts.geojson"))) {
      if (!alert.at("/properties/confirmedDate").isNull()) {
        confirmed.add(alert.get("geometry").toString());
      }
    }
    byte[] alerted = Footprints.rasterise(grid, all, confirmed);
    int found = 0;
    List<JsonNode> patches = features(home.resolve("ops/demo/reference-patches.geojson"));
    for (JsonNode patch : patches) {
      byte[] inside = Footprints.rasterise(grid, all, List.of(patch.get("geometry").toString()));
      found += common(inside, alerted) > 0 ? 1 : 0;
    }
    List<String> stable = new ArrayList<>();
    features(home.resolve("ops/demo/stable.geojson"))
        .forEach(feature -> stable.add(feature.get("geometry").toString()));
    byte[] forest = Footprints.rasterise(grid, all, stable);

    // then
    assertThat(patches).hasSizeGreaterThan(15);
    assertThat(found / (double) patches.size()).isGreaterThanOrEqualTo(2.0 / 3);
    assertThat(common(forest, forest)).isGreaterThan(2_000);
    assertThat(common(forest, alerted) / (double) common(forest, forest)).isLessThanOrEqualTo(0.01);
    assertThat(ran.err())
        .contains(
            found + " of " + patches.size() + " reference clear-cuts are overlapped",
            "% of stable forest");
  }

  @Test
  void alertsAreFeaturesWithAllThatAConsumerNeeds() throws Exception {
    // when
    List<JsonNode> alerts = features(out.resolve("alerts.geojson"));

    // then
    assertThat(alerts).hasSizeGreaterThan(20);
    Set<String> ids = new HashSet<>();
    for (JsonNode alert : alerts) {
      JsonNode properties = alert.get("properties");
      List<String> names = new ArrayList<>();
      properties.fieldNames().forEachRemaining(names::add);
      assertThat(names).containsAll(PROPERTIES);
      assertThat(ids.add(properties.get("id").asText())).as("one feature an alert").isTrue();
      assertThat(properties.get("revision").asInt()).isPositive();
      assertThat(properties.get("status").asText()).isIn("provisional", "confirmed", "finished");
      LocalDate first = LocalDate.parse(properties.get("firstDate").asText());
      if (!properties.get("confirmedDate").isNull()) {
        assertThat(LocalDate.parse(properties.get("confirmedDate").asText()))
            .isAfterOrEqualTo(first);
      } else {
        assertThat(properties.get("status").asText()).isNotEqualTo("confirmed");
      }
      assertThat(properties.get("areaM2").asDouble()).isBetween(499.0, 200_000.0);
      assertThat(properties.get("score").asDouble()).isGreaterThanOrEqualTo(2.5);
      assertThat(properties.get("modelDigest").asText()).matches("[0-9a-f]{64}");
      assertThat(alert.at("/geometry/type").asText()).isIn("Polygon", "MultiPolygon");
    }
    assertThat(alerts)
        .anySatisfy(alert ->
            assertThat(alert.at("/properties/fromClass").asText()).isEqualTo("vegetation"));
  }

  @Test
  void eachSceneThatWasSeenHasMapsAndAnItemThatNamesThem() throws Exception {
    // given
    JsonNode summary = JSON.readTree(out.resolve("summary.json").toFile());
    int seen =
        summary.at("/scenes/processed").asInt()
            + summary.at("/scenes/reasons/SUSPICIOUS_CHANGE").asInt();

    // when
    List<Path> items = maps();

    // then
    assertThat(items).hasSize(seen).hasSizeGreaterThan(60);
    for (Path item : items) {
      assertItem(item);
    }
  }

  private static void assertItem(Path file) throws IOException {
    JsonNode item = JSON.readTree(file.toFile());
    assertThat(item.get("type").asText()).isEqualTo("Feature");
    assertThat(item.get("stac_version").asText()).startsWith("1.");
    assertThat(item.get("id").asText()).isNotEmpty();
    assertThat(item.at("/geometry/type").asText()).isEqualTo("Polygon");
    assertThat(item.get("bbox")).hasSize(4);
    assertThat(item.at("/properties/datetime").asText()).matches("20\\d\\d-\\d\\d-\\d\\dT.*Z");
    List<JsonNode> sources = new ArrayList<>();
    for (JsonNode link : item.get("links")) {
      assertThat(link.get("href").asText()).isNotEmpty();
      if (link.get("rel").asText().equals("derived_from")) {
        sources.add(link);
      }
    }
    assertThat(sources).as("derived_from of " + file).hasSize(1);
    assertThat(sources.getFirst().get("href").asText()).contains("romania-forest-s2-l2a.zip");
    Set<String> named = new HashSet<>();
    for (JsonNode asset : item.get("assets")) {
      Path map = file.resolveSibling(asset.get("href").asText()).normalize();
      named.add(map.getFileName().toString());
      assertThat(asset.get("type").asText()).contains("cloud-optimized");
      assertThat(asset.get("roles")).isNotEmpty();
      assertCog(map, item);
    }
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(
              files
                  .map(each -> each.getFileName().toString())
                  .filter(each -> !each.endsWith(".json")))
          .containsExactlyInAnyOrderElementsOf(named);
    }
    assertThat(named)
        .contains("land-cover.tif", "vegetation-loss-score.tif", "vegetation-loss-status.tif");
  }

  private static void assertCog(Path map, JsonNode item) throws IOException {
    RasterInfo info = TestRasters.info(map);
    assertThat(info.crs()).isEqualTo(item.at("/properties/proj:code").asText());
    assertThat(info.height()).isEqualTo(item.at("/properties/proj:shape/0").asInt());
    assertThat(info.width()).isEqualTo(item.at("/properties/proj:shape/1").asInt());
    assertThat(info.geoTransform().x())
        .isEqualTo(item.at("/properties/proj:transform/2").asDouble(), within(1e-6));
    assertThat(info.bands().getFirst().nodata()).isNotNull();
    assertThat(info.bands().getFirst().blockWidth())
        .isEqualTo(info.bands().getFirst().blockHeight())
        .isBetween(Math.min(512, Math.max(info.width(), info.height())), 512);
    assertThat(info.bands().getFirst().type())
        .isEqualTo(
            map.getFileName().toString().endsWith("-score.tif")
                ? RasterType.UINT16
                : RasterType.UINT8);
    byte[] head = new byte[4096];
    try (var stream = Files.newInputStream(map)) {
      assertThat(stream.readNBytes(head, 0, head.length)).isPositive();
    }
    assertThat(new String(head, java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("LAYOUT=IFDS_BEFORE_DATA");
  }

  @Test
  void theSummaryAddsUpAndIsWhatJsonPrints() throws Exception {
    // when
    JsonNode summary = JSON.readTree(out.resolve("summary.json").toFile());

    // then
    JsonNode scenes = summary.get("scenes");
    assertThat(scenes.get("announced").asInt()).isEqualTo(140);
    assertThat(
            scenes.get("processed").asInt()
                + scenes.path("refused").asInt()
                + scenes.path("quarantined").asInt())
        .isEqualTo(140);
    int standing =
        summary.at("/alerts/provisional").asInt()
            + summary.at("/alerts/confirmed").asInt()
            + summary.at("/alerts/finished").asInt();
    assertThat(standing).isEqualTo(features(out.resolve("alerts.geojson")).size());
    JsonNode coverage = summary.get("coverage");
    assertThat(coverage.get("pixels").asLong()).isEqualTo(140L * 100 * 100);
    assertThat(
            coverage.get("nodata").asLong()
                + coverage.get("masked").asLong()
                + coverage.get("clear").asLong())
        .isEqualTo(coverage.get("pixels").asLong());
    assertThat(coverage.get("monitored").asLong() + coverage.get("withoutReference").asLong())
        .isEqualTo(coverage.get("clear").asLong());
    assertThat(summary.get("decodesPerBlock").asDouble()).isBetween(1.0, 1.1);
    for (String stage : List.of("read", "encode", "fold", "assemble")) {
      assertThat(summary.at("/secondsByStage/" + stage).asDouble()).as(stage).isPositive();
    }
    JsonNode printed = JSON.readTree(ran.out());
    for (String field :
        List.of("scenes", "alerts", "coverage", "reference", "provider", "modelDigest")) {
      assertThat(printed.get(field)).isEqualTo(summary.get(field));
    }
    assertThat(printed.get("out").asText()).isEqualTo(out.toString());
  }

  @Test
  void theSameSeriesFromAStacApiGivesTheSameAlerts() throws Exception {
    // given: the demo's own catalogue behind a STAC API on loopback, its rasters behind ranges
    Path there = folder.resolve("there");

    // when
    Shell.Ran same;
    try (DemoApi api = new DemoApi(home.resolve("ops/demo/romania-forest-s2-l2a.zip"))) {
      same =
          Shell.run(
              "demo",
              "--from",
              api.url(),
              "--collection",
              "romania-forest-s2-l2a",
              "--bbox",
              "22.1,45.1,22.2,45.3",
              "--datetime",
              "2015-01-01/2021-12-31",
              "--out",
              there,
              "--json");
      assertThat(api.rangesOf(".tif")).as("rasters came over the network").isGreaterThan(500);
      assertThat(api.pages()).as("in several pages").isGreaterThan(100);
    }

    // then
    assertThat(same.code()).as(same.err()).isZero();
    JsonNode summary = JSON.readTree(same.out());
    assertThat(summary.at("/scenes/announced").asInt()).isEqualTo(140);
    assertThat(summary.has("reference")).as("no truth is known there").isFalse();
    assertThat(Files.readString(there.resolve("alerts.geojson")))
        .isEqualTo(Files.readString(out.resolve("alerts.geojson")));
  }

  @Test
  void thePictureIsThere() throws Exception {
    var picture = ImageIO.read(out.resolve("report.png").toFile());
    assertThat(picture.getWidth()).isGreaterThan(800);
  }

  private static int common(byte[] a, byte[] b) {
    int count = 0;
    for (int p = 0; p < a.length; p++) {
      count += a[p] != 0 && b[p] != 0 ? 1 : 0;
    }
    return count;
  }

  private static List<JsonNode> features(Path file) throws IOException {
    List<JsonNode> features = new ArrayList<>();
    JSON.readTree(file.toFile()).get("features").forEach(features::add);
    return features;
  }

  private static List<Path> maps() throws IOException {
    try (Stream<Path> files = Files.walk(out.resolve("maps"))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }
}
