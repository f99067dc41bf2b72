package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.gdal.ogr.Geometry;
import org.gdal.ogr.ogr;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("it")
class OutlinesIT {
  private static final Grid UTM = Made.grid("EPSG:32633", 499_980, 5_100_000, 10, 400, 300);

  @Test
  void givenOnePixelOnTheCentralMeridian_whenOutlined_thenWhereTheProjectionPutsIt() {
    // given: 500,000 m east is longitude 15, and the northing is the meridian's arc times 0.9996
    int[] x = {2};
    int[] y = {0};

    // when
    Outline outline = Outlines.toWgs84(UTM, x, y);

    // then
    assertThat(outline.areaM2()).isEqualTo(100);
    assertThat(outline.geometry())
        .startsWith("{\"type\":\"Polygon\",\"coordinates\":[[[15,46.0535744],[15,")
        .matches("\\{\"type\":\"Polygon\",\"coordinates\":\\[\\[(\\[[0-9.]+,[0-9.]+],?){5}]]}");
    assertThat(0.9996 * meridianArc(46.0535744)).isCloseTo(5_100_000, within(0.02));
  }

  /** Metres from the equator along the WGS84 ellipsoid, summed step by step. */
  private static double meridianArc(double degrees) {
    int steps = 100_000;
    double step = Math.toRadians(degrees) / steps;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double w = 1 - 0.00669437999014 * Math.pow(Math.sin((i + 0.5) * step), 2);
      sum += 6_378_137.0 * (1 - 0.00669437999014) / Math.pow(w, 1.5) * step;
    }
    return sum;
  }

  private static Geometry geometry(String geoJson) {
    return ogr.CreateGeometryFromJson(geoJson);
  }

  private static Geometry point(double longitude, double latitude) {
    return ogr.CreateGeometryFromWkt("POINT(" + longitude + " " + latitude + ")");
  }

  @Test
  void givenPixelsWithAHoleAndACorner_whenOutlined_thenRingsTurnAsRfc7946Says() {
    // given: a ring of eight pixels and one that touches its corner
    int[] x = {0, 1, 2, 0, 2, 0, 1, 2, 3};
    int[] y = {0, 0, 0, 1, 1, 2, 2, 2, 3};

    // when
    String geometry = Outlines.toWgs84(UTM, x, y).geometry();

    // then
    assertThat(geometry).startsWith("{\"type\":\"MultiPolygon\"");
    List<Double> turns = signedAreas(geometry);
    assertThat(turns).hasSize(3);
    assertThat(turns.get(0)).isPositive();
    assertThat(turns.get(1)).isNegative();
    assertThat(turns.get(2)).isPositive();
    assertThat(geometry(geometry).IsValid()).isTrue();
  }

  /** Of each ring, in square degrees: positive where it runs anticlockwise. */
  private static List<Double> signedAreas(String geoJson) {
    List<Double> areas = new ArrayList<>();
    Matcher ring = Pattern.compile("\\[(\\[[-0-9.]+,[-0-9.]+],?)+]").matcher(geoJson);
    while (ring.find()) {
      double[] numbers =
          Pattern.compile("[-0-9.]+")
              .matcher(ring.group())
              .results()
              .mapToDouble(number -> Double.parseDouble(number.group()))
              .toArray();
      double doubled = 0;
      for (int i = 0; i + 3 < numbers.length; i += 2) {
        doubled += numbers[i] * numbers[i + 3] - numbers[i + 2] * numbers[i + 1];
      }
      areas.add(doubled / 2);
    }
    return areas;
  }

  @RepeatedTest(10)
  void givenRandomPixels_whenOutlinedAndRasterised_thenTheSamePixels() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    Random random = new Random(seed);
    Grid grid = random.nextBoolean() ? UTM : Made.grid("EPSG:4326", 14.5, 46.5, 1e-4, 400, 300);
    PixelWindow window = new PixelWindow(100 + random.nextInt(50), 80, 60, 40);
    int[] inside = IntStream.range(0, 2400).filter(i -> random.nextInt(3) > 0).toArray();
    int[] x = IntStream.of(inside).map(i -> window.getX() + i % 60).toArray();
    int[] y = IntStream.of(inside).map(i -> window.getY() + i / 60).toArray();

    // when
    String outline = Outlines.toWgs84(grid, x, y).geometry();
    byte[] raster = Footprints.rasterise(grid, window, List.of(outline));

    // then
    assertThat(IntStream.range(0, 2400).filter(i -> raster[i] == 1).toArray())
        .as("seed %d", seed)
        .containsExactly(inside);
    assertThat(geometry(outline).IsValid()).as("seed %d", seed).isTrue();
  }

  @Test
  void givenSamePixelsInAnotherOrder_whenOutlined_thenSameText() {
    assertThat(Outlines.toWgs84(UTM, new int[] {4, 5, 9}, new int[] {7, 7, 9}))
        .isEqualTo(Outlines.toWgs84(UTM, new int[] {9, 5, 4}, new int[] {9, 7, 7}));
  }

  @Test
  void givenDegrees_whenMeasured_thenAsTheEllipsoidSays() {
    // given: one degree by one degree at the equator and at 60 north, WGS84, in square kilometres;
    // the squares' sides there: 111.3195 x 110.5743 (mean parallel), 55.3897 mean x 111.4213
    Grid equator = Made.grid("EPSG:4326", 10, 1, 1, 1, 1);
    Grid north = Made.grid("EPSG:4326", 10, 61, 0.5, 2, 2);

    // when / then
    assertThat(area(equator, new int[] {0}, new int[] {0})).isCloseTo(12_308.78, within(1.0));
    assertThat(area(north, new int[] {0, 1, 0, 1}, new int[] {0, 0, 1, 1}))
        .isCloseTo(parallelStrip(60, 61), within(0.5));
  }

  private static double area(Grid grid, int[] x, int[] y) {
    return Outlines.toWgs84(grid, x, y).areaM2() / 1e6;
  }

  /** By summing thin strips: width of the parallel times length along the meridian. */
  private static double parallelStrip(double south, double north) {
    double a = 6378.137;
    double e2 = 0.00669437999014;
    double sum = 0;
    int strips = 10_000;
    double step = Math.toRadians(north - south) / strips;
    for (int i = 0; i < strips; i++) {
      double latitude = Math.toRadians(south) + (i + 0.5) * step;
      double w = 1 - e2 * Math.pow(Math.sin(latitude), 2);
      double meridian = a * (1 - e2) / Math.pow(w, 1.5) * step;
      sum += a / Math.sqrt(w) * Math.cos(latitude) * Math.toRadians(1) * meridian;
    }
    return sum;
  }

  @Test
  void givenTileAcrossTheAntimeridian_whenOutlined_thenCutThere() {
    // given: tile 01WCP lies across 180 degrees
    Grid tile = new Grid("MGRS-01WCP", "EPSG:32601", 300_000.0, 7_400_040.0, 60.0, 1830, 1830);

    // when
    Footprint footprint = Footprints.footprintWgs84(tile, Made.all(tile));

    // then
    assertThat(footprint.geometry()).startsWith("{\"type\":\"MultiPolygon\"");
    assertThat(footprint.bbox().get(0)).isBetween(178.0, 180.0);
    assertThat(footprint.bbox().get(2)).isBetween(-180.0, -177.0);
    Geometry geometry = geometry(footprint.geometry());
    assertThat(geometry.IsValid()).isTrue();
    assertThat(geometry.Contains(point(179.95, 66.3))).isTrue();
    assertThat(geometry.Contains(point(-179.95, 66.3))).isTrue();
    assertThat(geometry.Contains(point(0, 66.3))).isFalse();
    assertThat(signedAreas(footprint.geometry())).allMatch(area -> area > 0);
  }

  @Test
  void givenTile_whenFootprintAsked_thenAroundAllOfItsPixels() {
    // given
    Grid tile = new Grid("MGRS-33TWL", "EPSG:32633", 499_980.0, 5_100_000.0, 10.0, 10_980, 10_980);

    // when
    Footprint footprint = Footprints.footprintWgs84(tile, Made.all(tile));

    // then: the item of this tile states 14.9997426, 45.0536397 .. 16.4201, 46.0537
    assertThat(footprint.geometry()).startsWith("{\"type\":\"Polygon\"");
    assertThat(footprint.bbox().get(0)).isCloseTo(14.99974, within(1e-4));
    assertThat(footprint.bbox().get(1)).isCloseTo(45.0536, within(1e-2));
    assertThat(footprint.bbox().get(2)).isCloseTo(16.418, within(1e-2));
    assertThat(footprint.bbox().get(3)).isCloseTo(46.05347, within(1e-3));
    assertThat(Footprints.footprintWgs84(tile, new PixelWindow(5, 5, 1, 1)).geometry())
        .matches("\\{\"type\":\"Polygon\",\"coordinates\":\\[\\[(\\[[0-9.]+,[0-9.]+],?){5}]]}");
  }

  @Test
  void givenRealClearCuts_whenRasterised_thenTheirGround() throws IOException {
    // given
    String all = Files.readString(Data.of("demo/romania_s2_2015_2021/reference-patches.geojson"));
    List<String> polygons =
        Pattern.compile("\\{\\s*\"type\"\\s*:\\s*\"(Multi)?Polygon\"\\s*,[^{}]*}")
            .matcher(all)
            .results()
            .map(result -> result.group())
            .toList();
    String red = Data.romania("S2_L2A_RO_20180427/B04.tif");
    CellWindow cell = Grids.cellsOf(Rasters.inspect(red, RasterRules.anywhere()), null).getFirst();

    // when
    byte[] inside = Footprints.rasterise(cell.grid(), cell.window(), polygons);

    // then: clear-cuts of 0.1 to 0.5 hectares, each in pixels of 0.01 hectares
    assertThat(polygons).isNotEmpty();
    long pixels = IntStream.range(0, inside.length).filter(i -> inside[i] == 1).count();
    assertThat(pixels).isBetween(5L * polygons.size(), 80L * polygons.size());
  }

  @Test
  void givenWhatIsNoPolygon_whenRasterised_thenMetadataInvalid() {
    PixelWindow window = new PixelWindow(0, 0, 10, 10);
    for (String text :
        List.of("", "{", "{\"type\":\"Point\",\"coordinates\":[1,2]}", "{\"type\":\"Polygon\"}")) {
      Failing.with(
          FailureReason.METADATA_INVALID, () -> Footprints.rasterise(UTM, window, List.of(text)));
    }
    Failing.with(
        FailureReason.METADATA_INVALID,
        () -> Outlines.toWgs84(Made.grid("", 0, 0, 1, 9, 9), new int[] {1}, new int[] {1}));
  }
}
