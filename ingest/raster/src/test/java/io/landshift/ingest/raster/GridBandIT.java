package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Vector;
import java.util.stream.IntStream;
import org.gdal.gdal.Dataset;
import org.gdal.gdal.WarpOptions;
import org.gdal.gdal.gdal;
import org.gdal.gdalconst.gdalconst;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class GridBandIT {
  private static final int SIDE = 3072;
  private static final int CHUNK = 1024;
  private static final RasterRules ANYWHERE = RasterRules.anywhere();

  @TempDir Path folder;

  @Test
  void givenMosaicReadInChunks_whenRowByRow_thenEachBlockIsDecodedOnce() {
    // given: 6 x 6 blocks of 512 on the grid, and 4 x 4 at twice the pixel size around it
    Grid grid = Made.grid("EPSG:32633", 499_980, 5_100_000, 10, SIDE, SIDE);
    Grid half = Made.grid("EPSG:32633", 499_960, 5_100_020, 20, 1540, 1540);
    String fine = mosaic("fine.tif", grid);
    String coarse = mosaic("coarse.tif", half);
    DecodeCounter counter = new DecodeCounter();

    // when
    readInChunks(fine, grid, counter);
    readInChunks(coarse, grid, counter);

    // then
    assertThat(counter.byRaster().get(fine + "#1")).isEqualTo(new DecodeCounter.Count(36, 36));
    assertThat(counter.byRaster().get(coarse + "#1")).isEqualTo(new DecodeCounter.Count(16, 16));
    assertThat(counter.decoded()).isEqualTo(52);
    assertThat(counter.distinct()).isEqualTo(52);
  }

  @Test
  void givenWarpedMosaicReadInChunks_whenRowByRow_thenEachBlockIsDecodedOnce() {
    // given: a neighbouring zone, turned by some three degrees
    Grid source = Made.grid("EPSG:32632", 900_000, 5_100_000, 10, SIDE, SIDE);
    String href = mosaic("neighbour.tif", source);
    Grid grid = Made.around(source, "EPSG:32633", SIDE);
    DecodeCounter counter = new DecodeCounter();

    // when
    readInChunks(href, grid, counter);

    // then
    assertThat(counter.distinct()).isBetween(20L, 36L);
    assertThat(counter.decoded()).isEqualTo(counter.distinct());
  }

  @Test
  void givenReaderThatGoesBack_whenReadAgain_thenSameNumbersAndDecodedAgain() {
    // given
    Grid grid = Made.grid("EPSG:32633", 499_980, 5_100_000, 10, SIDE, SIDE);
    String href = mosaic("fine.tif", grid);
    DecodeCounter counter = new DecodeCounter();
    PixelWindow north = new PixelWindow(0, 0, 512, 512);
    PixelWindow south = new PixelWindow(0, 2048, 512, 512);
    float[] first = new float[512 * 512];
    float[] again = new float[512 * 512];

    // when
    try (GridBand band = GridBand.open(href, 1, grid, Resampling.NEAREST, ANYWHERE, counter)) {
      band.read(north, first);
      band.read(south, again);
      band.read(north, again);
    }

    // then
    assertThat(again).containsExactly(first);
    assertThat(counter.decoded()).isEqualTo(3);
    assertThat(counter.distinct()).isEqualTo(2);
  }

  private String mosaic(String name, Grid grid) {
    short[] numbers = new short[grid.getWidth() * grid.getHeight()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (short) (1 + i % 3000);
    }
    return Made.shorts(folder.resolve(name), grid, numbers);
  }

  private static void readInChunks(String href, Grid grid, DecodeCounter counter) {
    float[] into = new float[CHUNK * CHUNK];
    try (GridBand band = GridBand.open(href, 1, grid, Resampling.BILINEAR, ANYWHERE, counter)) {
      for (int y = 0; y < SIDE; y += CHUNK) {
        for (int x = 0; x < SIDE; x += CHUNK) {
          band.read(new PixelWindow(x, y, CHUNK, CHUNK), into);
        }
      }
    }
  }

  @RepeatedTest(20)
  void givenRandomLattices_whenRead_thenAsTheFormulaSays() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    Random random = new Random(seed);
    int width = 20 + random.nextInt(60);
    int height = 20 + random.nextInt(60);
    double size = List.of(5.0, 10.0, 20.0, 60.0).get(random.nextInt(4));
    Grid source = Made.grid("EPSG:32633", 500_000, 5_000_000, size, width, height);
    short[] numbers = new short[width * height];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (short) (random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(10_000));
    }
    String href = Made.shorts(folder.resolve("random.tif"), source, numbers);
    // To the decimetre: edges that nearly meet are taken to meet, which AxisTest covers. A pixel's
    // share with data is then half of it exactly, or off by more than 1e-5.
    double east = 500_000 + Math.rint((random.nextDouble() - 0.3) * width * size * 10) / 10;
    double north = 5_000_000 - Math.rint((random.nextDouble() - 0.3) * height * size * 10) / 10;
    Grid target = Made.grid("EPSG:32633", east, north, 10, 50, 40);

    for (Resampling resampling : Resampling.values()) {
      // when
      float[] read = new float[0];
      try {
        read = Made.read(href, target, resampling);
      } catch (io.landshift.schemas.LandshiftException e) {
        assertThat(e.reason()).as("seed %d", seed).isEqualTo(FailureReason.NO_OVERLAP);
        continue;
      }

      // then
      for (int i = 0; i < read.length; i++) {
        double u = (east + (i % 50 + 0.5) * 10 - 500_000) / size;
        double v = (5_000_000 - north + (i / 50 + 0.5) * 10) / size;
        double expected = expected(numbers, width, height, u, v, 10 / size, resampling);
        if (Double.isNaN(expected)) {
          assertThat(read[i]).as("%s at %d, seed %d", resampling, i, seed).isNaN();
        } else {
          assertThat((double) read[i])
              .as("%s at %d, seed %d", resampling, i, seed)
              .isCloseTo(expected, within(1e-6 * expected + 1e-2));
        }
      }
    }
  }

  /** Straight from the definitions, pixel by pixel over the whole source. */
  private static double expected(
      short[] numbers, int width, int height, double u, double v, double b, Resampling resampling) {
    if (u < 0 || v < 0 || u >= width || v >= height) {
      return Double.NaN;
    }
    double centre = numbers[(int) v * width + (int) u];
    if (resampling == Resampling.NEAREST || b <= 1 && centre == 0) {
      return centre == 0 ? Double.NaN : centre;
    }
    double sum = 0;
    double weight = 0;
    double all = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double share =
            b > 1
                ? overlap(u - b / 2, u + b / 2, column) * overlap(v - b / 2, v + b / 2, row)
                : hat(clamp(u, width), column) * hat(clamp(v, height), row);
        all += share;
        if (numbers[row * width + column] != 0) {
          sum += share * numbers[row * width + column];
          weight += share;
        }
      }
    }
    return b > 1 && weight < all / 2 - 1e-5 * all ? Double.NaN : sum / weight;
  }

  private static double clamp(double u, int size) {
    return Math.max(0.5, Math.min(size - 0.5, u));
  }

  private static double hat(double u, int pixel) {
    return Math.max(0, 1 - Math.abs(u - pixel - 0.5));
  }

  private static double overlap(double from, double to, int pixel) {
    return Math.max(0, Math.min(to, pixel + 1) - Math.max(from, pixel));
  }

  @Test
  void givenRealBandsOfThreePixelSizes_whenReadOnTheTenMetreGrid_thenAsGdalWarps() {
    // given: the 20 m bands begin 10 m west of the 10 m bands, the 60 m bands 10 m west and 20
    // north
    String red = Data.of("bench/virginia_s2_l1c/B04.tif").toString();
    Grid grid = Grids.gridOf(Rasters.inspect(red, ANYWHERE));
    PixelWindow window = new PixelWindow(700, 900, 300, 200);

    for (String name : List.of("B04", "B05", "B01")) {
      String href = Data.of("bench/virginia_s2_l1c/" + name + ".tif").toString();

      // when
      float[] read = Made.read(RasterBand.of(href, 1), grid, window, Resampling.BILINEAR);

      // then
      float[] warped = warp(href, grid, window, "bilinear");
      for (int i = 0; i < read.length; i++) {
        assertThat(read[i]).as("%s at %d", name, i).isCloseTo(warped[i], within(0.51f));
      }
    }
  }

  @Test
  void givenRealBandOfAnotherZone_whenWarped_thenAsGdalWarps() {
    // given
    String href = Data.of("bench/virginia_s2_l1c/B04.tif").toString();
    Grid grid = Made.grid("EPSG:3857", -8_430_000, 4_541_000, 12, 900, 700);
    PixelWindow window = new PixelWindow(311, 203, 400, 300);

    // when
    float[] near = Made.read(RasterBand.of(href, 1), grid, window, Resampling.NEAREST);
    float[] smooth = Made.read(RasterBand.of(href, 1), grid, window, Resampling.BILINEAR);

    // then: a hundredth of a pixel of position moves a pixel's number by little
    float[] warpedNear = warp(href, grid, window, "near");
    float[] warpedSmooth = warp(href, grid, window, "bilinear");
    long same = IntStream.range(0, near.length).filter(i -> near[i] == warpedNear[i]).count();
    assertThat(same / (double) near.length).isGreaterThan(0.985);
    double error = 0;
    for (int i = 0; i < smooth.length; i++) {
      error += Math.abs(smooth[i] - warpedSmooth[i]);
    }
    assertThat(error / smooth.length).isLessThan(1);
    assertThat(Arrays.equals(near, smooth)).isFalse();
  }

  @Test
  void givenWarpedRaster_whenReadInAnyWindows_thenSameNumbers() {
    // given
    Grid source = Made.grid("EPSG:32632", 900_000, 5_100_000, 10, 500, 500);
    String href = mosaic("neighbour.tif", source);
    Grid grid = Made.around(source, "EPSG:32633", 400);
    float[] whole = Made.read(href, grid, Resampling.BILINEAR);

    // when
    float[] part =
        Made.read(
            RasterBand.of(href, 1), grid, new PixelWindow(101, 203, 57, 31), Resampling.BILINEAR);

    // then
    for (int i = 0; i < part.length; i++) {
      float there = whole[(203 + i / 57) * 400 + 101 + i % 57];
      assertThat(Float.compare(part[i], there)).as("at %d", i).isZero();
    }
  }

  private float[] warp(String href, Grid grid, PixelWindow window, String method) {
    double west = grid.getOriginX() + window.getX() * grid.getPixelSize();
    double north = grid.getOriginY() - window.getY() * grid.getPixelSize();
    double east = west + window.getWidth() * grid.getPixelSize();
    double south = north - window.getHeight() * grid.getPixelSize();
    Vector<String> options =
        new Vector<>(
            List.of(
                "-of", "MEM", "-ot", "Float32", "-r", method, "-et", "0", "-t_srs", grid.getCrs()));
    options.addAll(List.of("-te", "" + west, "" + south, "" + east, "" + north));
    options.addAll(List.of("-ts", "" + window.getWidth(), "" + window.getHeight()));
    Dataset source = gdal.Open(href);
    Dataset warped = gdal.Warp("", new Dataset[] {source}, new WarpOptions(options));
    float[] numbers = new float[window.getWidth() * window.getHeight()];
    int status =
        warped.GetRasterBand(1)
            .ReadRaster(
                0,
                0,
                window.getWidth(),
                window.getHeight(),
                window.getWidth(),
                window.getHeight(),
                gdalconst.GDT_Float32,
                numbers);
    assertThat(status).isZero();
    warped.delete();
    source.delete();
    return numbers;
  }

  @Test
  void givenSouthUpRaster_whenRead_thenTurnedTheRightWayUp() {
    // given
    Path file = folder.resolve("south-up.tif");
    Dataset made =
        gdal.GetDriverByName("GTiff").Create(file.toString(), 4, 3, 1, gdalconst.GDT_Byte);
    made.SetGeoTransform(new double[] {500_000, 10, 0, 4_999_970, 0, 10});
    made.SetProjection(utm33());
    made.GetRasterBand(1)
        .WriteRaster(
            0, 0, 4, 3, gdalconst.GDT_Byte, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    made.delete();
    Grid grid = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 4, 3);

    // when / then
    assertThat(Made.read(file.toString(), grid, Resampling.NEAREST))
        .containsExactly(9, 10, 11, 12, 5, 6, 7, 8, 1, 2, 3, 4);
  }

  private static String utm33() {
    try (Crs crs = Crs.of("EPSG:32633")) {
      return crs.wkt();
    }
  }

  @Test
  void givenBareCodestreamPlacedByItsItem_whenReadOnTheTile_thenItsOwnPixels() {
    // given: no georeference of its own; the item states that of the 10 m original
    String name = "demo/zagreb_s2_stac_120m/sentinel-2-l2a/S2A_33TWL_20230815_0_L2A/B04.tif";
    String href = Data.of(name).toString();
    Extent place = new Extent("EPSG:32633", 499_980, 4_990_200, 609_780, 5_100_000);
    List<CellWindow> cells = Grids.cellsOf(place, 120, "MGRS-33TWL");
    Grid grid = cells.getFirst().grid();

    // when
    float[] read =
        Made.read(
            new RasterBand(href, 1, List.of(0.0), place),
            grid,
            cells.getFirst().window(),
            Resampling.BILINEAR);

    // then
    float[] own = Rasters.readAll(href, 1, ANYWHERE);
    assertThat(grid)
        .isEqualTo(
            new Grid("MGRS-33TWL-120m", "EPSG:32633", 499_980.0, 5_100_000.0, 120.0, 915, 915));
    assertThat(read).hasSameSizeAs(own);
    for (int i = 0; i < own.length; i++) {
      if (own[i] == 0) {
        assertThat(read[i]).isNaN();
      } else {
        assertThat(read[i]).isEqualTo(own[i]);
      }
    }
    Failing.with(FailureReason.METADATA_INVALID, () -> Made.read(href, grid, Resampling.NEAREST));
  }

  @Test
  void givenCompressedEntriesOfAZip_whenReadOnTheCell_thenPlacedInIt() {
    // given
    String red = Data.romania("S2_L2A_RO_20180427/B04.tif");
    String swir = Data.romania("S2_L2A_RO_20180427/B11.tif");
    CellWindow cell = Grids.cellsOf(Rasters.inspect(red, ANYWHERE), null).getFirst();

    // when
    float[] fine =
        Made.read(RasterBand.of(red, 1), cell.grid(), cell.window(), Resampling.BILINEAR);
    float[] coarse =
        Made.read(RasterBand.of(swir, 1), cell.grid(), cell.window(), Resampling.NEAREST);

    // then
    assertThat(fine).containsExactly(Rasters.readAll(red, 1, ANYWHERE));
    float[] own = Rasters.readAll(swir, 1, ANYWHERE);
    for (int i = 0; i < coarse.length; i++) {
      assertThat(coarse[i]).isEqualTo(own[i / 200 * 50 + i % 100 / 2]);
    }
  }

  @Test
  void givenRasterElsewhere_whenOpened_thenNoOverlap() {
    // given
    Grid source = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 20, 10);
    String href = Made.floats(folder.resolve("a.tif"), source, new float[200]);

    // when / then
    for (Grid grid :
        List.of(
            Made.grid("EPSG:32633", 500_200, 5_000_000, 10, 20, 10),
            Made.grid("EPSG:32633", 500_000, 5_000_100, 10, 20, 10),
            Made.grid("EPSG:32632", 500_000, 5_000_000, 10, 20, 10),
            Made.grid("EPSG:4326", 100, 45, 0.001, 200, 100))) {
      Failing.with(FailureReason.NO_OVERLAP, () -> Made.read(href, grid, Resampling.NEAREST));
    }
  }

  @Test
  void givenWindowOutsideTheGrid_whenRead_thenRefused() {
    // given
    Grid grid = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 20, 10);
    String href = Made.floats(folder.resolve("a.tif"), grid, new float[200]);

    // when / then
    assertThatThrownBy(() ->
            Made.read(
                RasterBand.of(href, 1), grid, new PixelWindow(15, 0, 6, 1), Resampling.NEAREST))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
