package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gdal.gdal.Band;
import org.gdal.gdal.Dataset;
import org.gdal.gdal.gdal;
import org.gdal.gdalconst.gdalconst;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("it")
class CogWriterIT {
  private static final Grid TILE =
      new Grid("MGRS-33TWL", "EPSG:32633", 499_980.0, 5_100_000.0, 10.0, 10_980, 10_980);
  private static final PixelWindow WINDOW = new PixelWindow(2048, 1024, 1300, 1100);

  @TempDir Path folder;

  /** Scores of which every third is not valid. */
  private static void scores(int band, int y, int height, java.nio.ByteBuffer into) {
    ShortBuffer numbers = into.asShortBuffer();
    for (int i = 0; i < height * WINDOW.getWidth(); i++) {
      numbers.put(score(band, y + i / WINDOW.getWidth(), i % WINDOW.getWidth()));
    }
  }

  private static short score(int band, int row, int column) {
    return (short) ((row + column) % 3 == 0 ? 65_535 : 100 * band + (row * 31 + column * 7) % 50);
  }

  @Test
  void givenScoresOfTwoBands_whenWritten_thenValidCogWithTheSameNumbers() throws IOException {
    // given
    CogLayout layout =
        CogLayout.of(RasterType.UINT16, "vegetation-loss", "generic")
            .withNodata(65_535)
            .withScale(0.01, 0)
            .withOverviews(Overviews.AVERAGE)
            .withTags(Map.of("LANDSHIFT_SCENE", "S2A_1", "LANDSHIFT_MODEL", "abc"));
    Path file = folder.resolve("products/scores.tif");

    // when
    CogWriter.write(file, TILE, WINDOW, layout, CogWriterIT::scores);

    // then
    Dataset cog = gdal.Open(file.toString());
    assertThat(cog.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE")).isEqualTo("COG");
    assertThat(cog.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE")).isEqualTo("DEFLATE");
    assertThat(cog.GetMetadataItem("LANDSHIFT_SCENE")).isEqualTo("S2A_1");
    assertThat(cog.GetGeoTransform()).containsExactly(520_460, 10, 0, 5_089_760, 0, -10);
    assertThat(cog.GetSpatialRef().GetAuthorityCode(null)).isEqualTo("32633");
    assertThat(cog.getRasterCount()).isEqualTo(2);
    for (int number = 1; number <= 2; number++) {
      checkBand(cog.GetRasterBand(number), number, layout.bandNames().get(number - 1));
    }
    cog.delete();
    checkDirectoriesComeBeforePixels(file);
    assertThat(filesIn(file.getParent())).containsExactly(file);
  }

  private static void checkBand(Band band, int number, String name) {
    int[] width = new int[1];
    int[] height = new int[1];
    band.GetBlockSize(width, height);
    Double[] nodata = new Double[1];
    band.GetNoDataValue(nodata);
    Double[] scale = new Double[1];
    band.GetScale(scale);
    assertThat(List.of(width[0], height[0])).containsExactly(512, 512);
    assertThat(nodata[0]).isEqualTo(65_535);
    assertThat(scale[0]).isEqualTo(0.01);
    assertThat(band.GetDescription()).isEqualTo(name);
    assertThat(band.GetOverviewCount()).isEqualTo(2);
    assertThat(band.GetOverview(0).getXSize()).isEqualTo(650);
    int[] numbers = new int[1300 * 1100];
    assertThat(band.ReadRaster(0, 0, 1300, 1100, 1300, 1100, gdalconst.GDT_Int32, numbers))
        .isZero();
    for (int i = 0; i < numbers.length; i++) {
      assertThat(numbers[i]).isEqualTo(score(number, i / 1300, i % 1300) & 0xffff);
    }
    // The mean of those of four pixels that are valid.
    int[] small = new int[1];
    band.GetOverview(0).ReadRaster(10, 20, 1, 1, 1, 1, gdalconst.GDT_Int32, small);
    double sum = 0;
    int valid = 0;
    for (int i = 0; i < 4; i++) {
      int one = score(number, 40 + i / 2, 20 + i % 2) & 0xffff;
      sum += one == 65_535 ? 0 : one;
      valid += one == 65_535 ? 0 : 1;
    }
    assertThat((double) small[0]).isCloseTo(sum / valid, within(0.51));
  }

  /** COG: all image directories lie before the pixels, so that one request finds them. */
  private static void checkDirectoriesComeBeforePixels(Path file) throws IOException {
    String head =
        new String(Files.readAllBytes(file), 0, 300, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(head).contains("LAYOUT=IFDS_BEFORE_DATA").contains("BLOCK_ORDER=ROW_MAJOR");
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void givenSameNumbers_whenWrittenTwice_thenSameBytes() throws IOException {
    // given
    CogLayout layout =
        CogLayout.of(RasterType.UINT16, "a", "b").withTags(Map.of("B", "2", "A", "1", "C", "3"));

    // when
    CogWriter.write(folder.resolve("1.tif"), TILE, WINDOW, layout, CogWriterIT::scores);
    CogWriter.write(folder.resolve("2.tif"), TILE, WINDOW, layout, CogWriterIT::scores);

    // then
    assertThat(folder.resolve("1.tif")).hasSameBinaryContentAs(folder.resolve("2.tif"));
  }

  @Test
  void givenClassesWithColours_whenWritten_thenPaletteAndNearestOverviews() {
    // given
    byte[] classes = new byte[1100 * 1300];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (byte) (i % 1300 % 3 == 0 ? 1 : 9);
    }
    CogLayout layout =
        CogLayout.of(RasterType.UINT8, "land-cover")
            .withColours(new int[][] {{0, 0, 0, 0}, {10, 20, 30, 255}});

    // when
    Path file = folder.resolve("classes.tif");
    CogWriter.write(file, TILE, WINDOW, layout, RowSource.ofBytes(1300, classes));

    // then
    Dataset cog = gdal.Open(file.toString());
    Band band = cog.GetRasterBand(1);
    assertThat(band.GetColorTable().GetColorEntry(1).getGreen()).isEqualTo(20);
    byte[] small = new byte[650 * 550];
    band.GetOverview(0).ReadRaster(0, 0, 650, 550, 650, 550, gdalconst.GDT_Byte, small);
    cog.delete();
    for (int i = 0; i < small.length; i++) {
      assertThat(small[i]).as("at %d", i).isIn((byte) 1, (byte) 9);
    }
    assertThat(small[0]).isEqualTo((byte) 1);
    assertThat(small[1]).isEqualTo((byte) 9);
  }

  @ParameterizedTest
  @CsvSource({"3, 2, 128", "128, 128, 128", "129, 5, 144", "300, 305, 320", "512, 1, 512"})
  void givenARasterThatFitsOneTile_whenWritten_thenTheTileIsHardlyLarger(
      int width, int height, int side) {
    // given
    Grid grid = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, width, height);
    byte[] numbers = new byte[width * height];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (byte) (i * 7);
    }
    Path file = folder.resolve("small.tif");

    // when
    CogWriter.write(
        file,
        grid,
        new PixelWindow(0, 0, width, height),
        CogLayout.of(RasterType.UINT8, "a"),
        RowSource.ofBytes(width, numbers));

    // then
    Dataset cog = gdal.Open(file.toString());
    Band band = cog.GetRasterBand(1);
    int[] blockWidth = new int[1];
    int[] blockHeight = new int[1];
    band.GetBlockSize(blockWidth, blockHeight);
    byte[] read = new byte[numbers.length];
    band.ReadRaster(0, 0, width, height, width, height, gdalconst.GDT_Byte, read);
    assertThat(List.of(blockWidth[0], blockHeight[0])).containsExactly(side, side);
    assertThat(band.GetOverviewCount()).isZero();
    assertThat(cog.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE")).isEqualTo("COG");
    cog.delete();
    assertThat(read).isEqualTo(numbers);
  }

  @Test
  void givenEveryType_whenWritten_thenReadBackAsItIs() {
    // given
    Grid grid = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 3, 2);
    int[] large = {-2_000_000, 1, 2, 3, 4, 16_777_216};

    // when
    CogWriter.write(
        folder.resolve("int.tif"),
        grid,
        Made.all(grid),
        CogLayout.of(RasterType.INT32, "days"),
        RowSource.ofInts(3, large));
    CogWriter.write(
        folder.resolve("short.tif"),
        grid,
        Made.all(grid),
        CogLayout.of(RasterType.INT16, "q").withNodata(-32_768),
        RowSource.ofShorts(3, new short[] {-32_768, -1, 0, 1, 2, 32_767}));

    // then
    RasterRules rules = RasterRules.within(folder);
    assertThat(Rasters.readAll(folder.resolve("int.tif").toString(), 1, rules))
        .containsExactly(-2_000_000, 1, 2, 3, 4, 16_777_216);
    assertThat(Rasters.readAll(folder.resolve("short.tif").toString(), 1, rules))
        .containsExactly(Float.NaN, -1, 0, 1, 2, 32_767);
  }

  @Test
  void givenGridWithoutCrs_whenWritten_thenReadableOnThatGrid() {
    // given
    Grid grid = Made.grid("", 0, 0, 1, 4, 2);
    float[] numbers = {1, 2, 3, 4, 5, 6, 7, 8};

    // when
    String href = Made.floats(folder.resolve("plain.tif"), grid, numbers);

    // then
    assertThat(Grids.gridOf(Rasters.inspect(href, RasterRules.anywhere()))).isEqualTo(grid);
    assertThat(Made.read(href, grid, Resampling.NEAREST)).containsExactly(numbers);
  }

  @Test
  void givenSourceThatFails_whenWritten_thenOldFileStaysAndNothingIsLeft() throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("scores.tif"), "old");
    CogLayout layout = CogLayout.of(RasterType.UINT16, "a");
    RowSource failing =
        (band, y, height, into) -> {
          if (y > 0) {
            throw new IllegalStateException("no more rows");
          }
        };

    // when / then
    assertThatIllegalStateException()
        .isThrownBy(() -> CogWriter.write(file, TILE, WINDOW, layout, failing));
    assertThat(filesIn(folder)).containsExactly(file);
    assertThat(file).hasContent("old");
  }

  @Test
  void givenMoreThanTheDiskHolds_whenWritten_thenStorageFullBeforeAnyRow() throws IOException {
    // given: 10^13 bytes
    Grid vast = Made.grid("EPSG:32633", 0, 0, 1, 1_250_000, 1_000_000);
    List<Integer> asked = new ArrayList<>();

    // when / then
    Failing.with(
        FailureReason.STORAGE_FULL,
        () ->
            CogWriter.write(
                folder.resolve("vast.tif"),
                vast,
                Made.all(vast),
                CogLayout.of(RasterType.FLOAT64, "a"),
                (band, y, height, into) -> asked.add(y)));
    assertThat(asked).isEmpty();
    assertThat(filesIn(folder)).isEmpty();
  }

  @Test
  void givenFolderThatIsAFile_whenWritten_thenStorageUnavailable() throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("file"), "x");

    // when / then
    Failing.with(
        FailureReason.STORAGE_UNAVAILABLE,
        () ->
            CogWriter.write(
                file.resolve("scores.tif"),
                TILE,
                WINDOW,
                CogLayout.of(RasterType.UINT16, "a"),
                CogWriterIT::scores));
  }

  @Test
  void givenColoursOfWhatIsNoClass_whenLaidOut_thenRefused() {
    int[][] colours = {{0, 0, 0, 0}};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CogLayout.of(RasterType.FLOAT32, "a").withColours(colours));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CogLayout.of(RasterType.UINT8, "a", "b").withColours(colours));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> CogLayout.of(RasterType.UINT8, "a").withColours(new int[][] {{256, 0, 0, 0}}));
  }
}
