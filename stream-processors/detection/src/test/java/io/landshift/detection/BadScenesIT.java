package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.BandAsset;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.wire.EventCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One run of the job over scenes that are bad in every way we could think of, each followed by a
 * good one.
 */
@Tag("it")
class BadScenesIT {
  private static final Instant FIRST_DAY = Instant.parse("2019-01-01T09:00:00Z");
  private static final int HUGE = Integer.MAX_VALUE;

  @TempDir static Path root;

  private static final List<Bad> bad = new ArrayList<>();
  private static final List<SceneAvailable> named = new ArrayList<>();
  private static final List<SceneAvailable> announced = new ArrayList<>();
  private static BoundedDetection.Results results;

  /** A scene that must be refused, and how. */
  private record Bad(String name, SceneAvailable scene, FailureReason reason, String stage) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void run() throws IOException {
    Path rasters = root.resolve("rasters");
    Path forest = rasters.resolve("forest.tif");
    SmallScenes.forest(forest, SmallScenes.GRID, SmallScenes.WHOLE);
    brokenRasters(rasters, forest);
    placesAndMasks(rasters);
    metadata(forest);
    absurdSizes(forest);
    hrefs(rasters, forest);
    gridCodes(forest);
    hostileNames(forest);
    announceEachBeforeAGoodOne(forest);
    DetectionSettings settings =
        DetectionSettings.standard(root.resolve("store"), root.resolve("products"))
            .withChunkSize(64)
            .withRasterRoots(List.of(rasters));
    results = BoundedDetection.run(announced, settings, 2, outcome -> {});
  }

  private static void brokenRasters(Path rasters, Path forest) throws IOException {
    byte[] whole = Files.readAllBytes(forest);
    Path half = rasters.resolve("half.tif");
    Files.write(half, Arrays.copyOf(whole, whole.length / 2));
    add("half of a COG", half, FailureReason.ASSET_UNREADABLE, "encode");
    Path header = rasters.resolve("header.tif");
    Files.write(header, Arrays.copyOf(whole, 100));
    add("the first 100 bytes of a COG", header, FailureReason.ASSET_UNREADABLE, "encode");
    Path empty = Files.createFile(rasters.resolve("empty.tif"));
    add("an empty file", empty, FailureReason.ASSET_UNREADABLE, "encode");
    Path text = Files.writeString(rasters.resolve("text.tif"), "<html>404</html>");
    add("a text", text, FailureReason.ASSET_UNREADABLE, "encode");
    add("a folder", rasters, FailureReason.ASSET_UNREADABLE, "encode");
    add("no file", rasters.resolve("absent.tif"), FailureReason.ASSET_MISSING, "encode");
    Path nan = rasters.resolve("nan.tif");
    SmallScenes.constant(nan, Float.NaN);
    add("NaN everywhere", nan, FailureReason.NO_VALID_PIXELS, "encode");
    Path nodata = rasters.resolve("nodata.tif");
    SmallScenes.constant(nodata, 0);
    add("nodata everywhere", nodata, FailureReason.NO_VALID_PIXELS, "encode");
  }

  private static void placesAndMasks(Path rasters) {
    Path elsewhere = rasters.resolve("elsewhere.tif");
    SmallScenes.forest(
        elsewhere, SmallScenes.grid("ELSEWHERE", 599_980, 5_100_000), SmallScenes.WHOLE);
    add("a raster beside the grid", elsewhere, FailureReason.NO_OVERLAP, "encode");
    Path quarter = rasters.resolve("quarter.tif");
    SmallScenes.forest(quarter, SmallScenes.GRID, new PixelWindow(0, 0, 64, 64));
    add(
        "a raster beside the window",
        quarter,
        scene -> scene.setWindow(new PixelWindow(64, 64, 64, 64)),
        FailureReason.NO_OVERLAP,
        "encode");
    Path cloud = rasters.resolve("cloud.tif");
    SmallScenes.classification(cloud, SmallScenes.CLOUD);
    Path forest = rasters.resolve("forest.tif");
    add(
        "cloud everywhere",
        forest,
        scene -> scene.setMasks(SmallScenes.mask(cloud)),
        FailureReason.ALL_CLOUD,
        "encode");
    add(
        "no mask where one is announced",
        forest,
        scene -> scene.setMasks(SmallScenes.mask(rasters.resolve("absent.tif"))),
        FailureReason.ASSET_MISSING,
        "encode");
  }

  private static void metadata(Path forest) {
    add(
        "no red band",
        forest,
        scene ->
            scene.setBands(
                scene.getBands().stream().filter(band -> !band.getName().equals("B04")).toList()),
        FailureReason.BAND_MISSING,
        "plan");
    add(
        "no band at all",
        forest,
        scene -> scene.setBands(List.of()),
        FailureReason.BAND_MISSING,
        "plan");
    add(
        "a band that its raster does not have",
        forest,
        scene ->
            scene.setBands(
                scene.getBands().stream()
                    .map(band -> BandAsset.newBuilder(band).setBand(band.getBand() + 7).build())
                    .toList()),
        FailureReason.BAND_MISSING,
        "encode");
    for (String time :
        List.of("2014-12-31T23:59:59.999Z", "1984-06-01T00:00:00Z", "2104-09-19T00:00:00Z")) {
      add(
          "sensed at " + time,
          forest,
          scene -> scene.setSensingTime(Instant.parse(time)),
          FailureReason.METADATA_INVALID,
          "plan");
    }
    add(
        "sensed after the end of time",
        forest,
        scene -> scene.setSensingTime(Instant.ofEpochMilli(Long.MAX_VALUE)),
        FailureReason.METADATA_INVALID,
        "plan");
    add(
        "sensed before the beginning of time",
        forest,
        scene -> scene.setSensingTime(Instant.ofEpochMilli(Long.MIN_VALUE)),
        FailureReason.METADATA_INVALID,
        "plan");
    for (double size : new double[] {0, -10, Double.NaN, Double.POSITIVE_INFINITY}) {
      addOnGrid(
          "pixels of " + size,
          forest,
          grid -> grid.setPixelSize(size),
          FailureReason.METADATA_INVALID);
    }
    addOnGrid(
        "a grid at NaN",
        forest,
        grid -> grid.setOriginX(Double.NaN),
        FailureReason.METADATA_INVALID);
    add(
        "a CRS that is none",
        forest,
        scene -> scene.setGrid(Grid.newBuilder(SmallScenes.GRID).setCrs("EPSG:999999").build()),
        FailureReason.METADATA_INVALID,
        "encode");
  }

  private static void absurdSizes(Path forest) {
    addWindow("a window wider than the grid", forest, 0, 0, HUGE, SmallScenes.SIDE);
    addWindow("a window that ends beyond all integers", forest, 1, 1, HUGE, HUGE);
    addWindow("a window right of the grid", forest, HUGE, 0, HUGE, 1);
    addWindow("a window left of the grid", forest, -64, 0, 64, 64);
    addWindow("a window of negative size", forest, 64, 64, -64, -64);
    addWindow("an empty window", forest, 0, 0, 0, SmallScenes.SIDE);
    add(
        "a grid and window of 2^31 - 1 pixels squared",
        forest,
        scene ->
            scene
                .setGrid(Grid.newBuilder(scene.getGrid()).setWidth(HUGE).setHeight(HUGE).build())
                .setWindow(new PixelWindow(0, 0, HUGE, HUGE)),
        FailureReason.LIMIT_EXCEEDED,
        "plan");
    add(
        "a grid and window of one row of 2^31 - 1 pixels",
        forest,
        scene ->
            scene
                .setGrid(Grid.newBuilder(scene.getGrid()).setWidth(HUGE).setHeight(1).build())
                .setWindow(new PixelWindow(0, 0, HUGE, 1)),
        FailureReason.LIMIT_EXCEEDED,
        "plan");
    addOnGrid(
        "a grid of negative size",
        forest,
        grid -> grid.setWidth(-SmallScenes.SIDE),
        FailureReason.METADATA_INVALID);
  }

  private static void hrefs(Path rasters, Path forest) throws IOException {
    Path outside = root.resolve("outside").resolve("forest.tif");
    Files.createDirectories(outside.getParent());
    Files.copy(forest, outside);
    add("a raster outside the roots", outside, FailureReason.HREF_REFUSED, "encode");
    Path link = Files.createSymbolicLink(rasters.resolve("link.tif"), outside);
    add("a link out of the roots", link, FailureReason.HREF_REFUSED, "encode");
    Path climbing = rasters.resolve("..").resolve("outside").resolve("forest.tif");
    add("a path out of the roots", climbing, FailureReason.HREF_REFUSED, "encode");
    String vrt =
        "<VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"><VRTRasterBand dataType=\"Byte\" band=\"1\">"
            + "<SimpleSource><SourceFilename>/etc/hostname</SourceFilename></SimpleSource>"
            + "</VRTRasterBand></VRTDataset>";
    Path open = Files.writeString(rasters.resolve("virtual.vrt"), vrt);
    add("a VRT", open, FailureReason.HREF_REFUSED, "encode");
    Path disguised = Files.writeString(rasters.resolve("virtual.tif"), vrt);
    add("a VRT that calls itself a TIFF", disguised, FailureReason.HREF_REFUSED, "encode");
    for (String href :
        List.of("/vsicurl/http://127.0.0.1:1/a.tif", "http://127.0.0.1:1/a.tif", "a.tif", "")) {
      bad.add(
          new Bad(
              "the href '" + href + "'",
              SmallScenes.scene("bad-" + bad.size(), nextDay(), href),
              FailureReason.HREF_REFUSED,
              "encode"));
    }
  }

  private static void gridCodes(Path forest) {
    List<String> codes =
        List.of("../../escape", "..", "", "/tmp/escape", "A/B", "A|B", "A\u0000B", "A".repeat(300));
    for (String code : codes) {
      addOnGrid(
          "the grid code '%.20s'".formatted(code.replace('\u0000', '0')),
          forest,
          grid -> grid.setCode(code),
          FailureReason.METADATA_INVALID);
    }
  }

  /** These are good scenes, whatever they call themselves. */
  private static void hostileNames(Path forest) {
    List<String> ids =
        List.of(
            "../../../escape",
            "..",
            ".",
            "",
            "/tmp/landshift-escape",
            "A|B|0|0",
            "A\u0000B",
            "C:\\con",
            "x".repeat(5000),
            "%s%n");
    for (String id : ids) {
      Instant sensed = FIRST_DAY.minus(Duration.ofDays(100 - named.size()));
      named.add(SmallScenes.scene(id, sensed, forest.toString()));
    }
  }

  private static void addWindow(String name, Path raster, int x, int y, int width, int height) {
    add(
        name,
        raster,
        scene -> scene.setWindow(new PixelWindow(x, y, width, height)),
        FailureReason.NO_OVERLAP,
        "plan");
  }

  private static void addOnGrid(
      String name, Path raster, UnaryOperator<Grid.Builder> change, FailureReason reason) {
    Grid grid = change.apply(Grid.newBuilder(SmallScenes.GRID)).build();
    add(name, raster, scene -> scene.setGrid(grid), reason, "plan");
  }

  private static void add(String name, Path raster, FailureReason reason, String stage) {
    add(name, raster, scene -> scene, reason, stage);
  }

  private static void add(
      String name,
      Path raster,
      UnaryOperator<SceneAvailable.Builder> change,
      FailureReason reason,
      String stage) {
    SceneAvailable usual = SmallScenes.scene("bad-" + bad.size(), nextDay(), raster.toString());
    bad.add(new Bad(name, change.apply(SceneAvailable.newBuilder(usual)).build(), reason, stage));
  }

  private static Instant nextDay() {
    return FIRST_DAY.plus(Duration.ofDays(2L * bad.size()));
  }

  private static void announceEachBeforeAGoodOne(Path forest) {
    announced.addAll(named);
    for (int i = 0; i < bad.size(); i++) {
      announced.add(bad.get(i).scene());
      announced.add(
          SmallScenes.scene(
              "good-" + i, FIRST_DAY.plus(Duration.ofDays(2L * i + 1)), forest.toString()));
    }
  }

  static List<Bad> bad() {
    return bad;
  }

  static List<String> named() {
    return named.stream().map(SceneAvailable::getProductId).toList();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void isRefusedWithAReasonAndTheNextSceneIsProcessed(Bad scene) {
    // given
    String product = scene.scene().getProductId();

    // when
    List<SceneOutcome> outcomes = outcomes(product);
    List<DeadLetter> letters =
        results.deadLetters().stream()
            .filter(letter -> product.equals(letter.getProductId()))
            .toList();
    List<SceneOutcome> next = outcomes(product.replace("bad", "good"));

    // then
    assertThat(outcomes)
        .singleElement()
        .satisfies(outcome -> {
          assertThat(outcome.getReason()).as(outcome.getMessage()).isEqualTo(scene.reason());
          assertThat(outcome.getResult()).isEqualTo(SceneResult.REFUSED);
          assertThat(outcome.getMessage()).isNotBlank();
          assertThat(outcome.getProducts()).isEmpty();
          assertThat(outcome.getChunks()).isBetween(0, 4);
        });
    assertThat(letters)
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.getReason()).isEqualTo(scene.reason());
          assertThat(letter.getStage()).isEqualTo(scene.stage());
          assertThat(letter.getMessage()).isEqualTo(outcomes.getFirst().getMessage());
          assertThat(letter.getGridCode()).isEqualTo(scene.scene().getGrid().getCode());
          assertThat(letter.getPayload())
              .isEqualTo(ByteBuffer.wrap(EventCodec.embedded().encode(scene.scene())));
        });
    assertThat(next)
        .singleElement()
        .satisfies(outcome ->
            assertThat(outcome.getResult())
                .as(outcome.getMessage())
                .isEqualTo(SceneResult.PROCESSED));
  }

  @ParameterizedTest(name = "[{index}]")
  @MethodSource("named")
  void aNameIsOnlyAName(String productId) {
    // when
    List<SceneOutcome> outcomes = outcomes(productId);

    // then
    assertThat(outcomes)
        .singleElement()
        .satisfies(outcome -> {
          assertThat(outcome.getResult()).as(outcome.getMessage()).isEqualTo(SceneResult.PROCESSED);
          assertThat(outcome.getProducts().values())
              .hasSize(5)
              .allSatisfy(file -> {
                assertThat(Path.of(file)).exists();
                assertThat(Path.of(file).toRealPath())
                    .startsWith(root.resolve("products").toRealPath());
              });
        });
  }

  @Test
  void differentNamesHaveDifferentFolders() {
    // when
    List<String> items =
        results.outcomes().stream()
            .filter(outcome -> outcome.getResult() == SceneResult.PROCESSED)
            .map(SceneOutcome::getItemHref)
            .toList();

    // then
    assertThat(items).hasSize(named.size() + bad.size()).doesNotHaveDuplicates();
  }

  @Test
  void nothingIsWrittenOutsideTheStoreAndTheProducts() throws IOException {
    // when
    List<String> entries;
    try (Stream<Path> files = Files.list(root)) {
      entries = files.map(file -> file.getFileName().toString()).sorted().toList();
    }
    List<String> grids;
    try (Stream<Path> files = Files.list(root.resolve("store"))) {
      grids = files.map(file -> file.getFileName().toString()).toList();
    }

    // then
    assertThat(entries).containsExactly("outside", "products", "rasters", "store");
    assertThat(grids).containsExactly(SmallScenes.GRID.getCode());
    assertThat(root.resolve("outside").toFile().list()).containsExactly("forest.tif");
    assertThat(Path.of("/tmp/landshift-escape")).doesNotExist();
    assertThat(Path.of("/tmp/escape")).doesNotExist();
  }

  private static List<SceneOutcome> outcomes(String product) {
    return results.outcomes().stream()
        .filter(outcome -> outcome.getProductId().equals(product))
        .toList();
  }
}
