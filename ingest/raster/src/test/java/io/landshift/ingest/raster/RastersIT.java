package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class RastersIT {
  private static final RasterRules ANYWHERE = RasterRules.anywhere();

  @TempDir Path folder;

  @Test
  void givenEntryOfAZip_whenInspected_thenSaysWhatTheCatalogueSays() {
    // given
    String href = Data.romania("S2_L2A_RO_20180427/B11.tif");

    // when
    RasterInfo info = Rasters.inspect(href, ANYWHERE);

    // then
    assertThat(info.crs()).isEqualTo("EPSG:3035");
    assertThat(info.width()).isEqualTo(50);
    assertThat(info.height()).isEqualTo(50);
    assertThat(info.geoTransform())
        .isEqualTo(new GeoTransform(5271982.57655193, 20, 0, 2533004.21491519, 0, -20));
    assertThat(info.bands())
        .containsExactly(new BandInfo(RasterType.UINT16, 0.0, 128, 128, 1e-4, 0, "B11"));
  }

  @Test
  void givenEnviWithoutGeoTiff_whenInspected_thenItsHeaderIsFound() {
    // given
    Path file = Data.of("training/landsat_nanjing/LT51200382000124BJC00_Nanjing");

    // when
    RasterInfo info = Rasters.inspect(file.toString(), ANYWHERE);

    // then
    assertThat(info.bands()).hasSize(6).allMatch(band -> band.type() == RasterType.UINT8);
    assertThat(info.crs()).startsWith("PROJCS[\"UTM_Zone_50N\"");
    assertThat(info.isNorthUp()).isTrue();
    assertThat(info.extent().minX()).isEqualTo(660_585);
  }

  @Test
  void givenPictureWithoutPlace_whenInspected_thenPixelsAreUnits() {
    // given
    Path file = Data.of("training/landsat_nanjing/change.bmp");

    // when
    RasterInfo info = Rasters.inspect(file.toString(), ANYWHERE);

    // then
    assertThat(info.crs()).isEmpty();
    assertThat(info.geoTransform()).isEqualTo(new GeoTransform(0, 1, 0, 0, 0, -1));
    assertThat(Grids.gridOf(info)).isEqualTo(new Grid("LOCAL", "", 0.0, 0.0, 1.0, 800, 800));
  }

  @Test
  void givenNodataBeyondFloat32_whenReadAll_thenNaNWhereTheManifestSays() {
    // given: uint32, nodata 4294967295 along one edge of the 20 m bands
    String href = Data.of("demo/parana_s2_l2a/scenes/20240530.tif").toString();

    // when
    float[] swir = Rasters.readAll(href, 10, ANYWHERE);
    float[] red = Rasters.readAll(href, 4, ANYWHERE);

    // then
    long missing = IntStream.range(0, swir.length).filter(i -> Float.isNaN(swir[i])).count();
    assertThat(swir).hasSize(219 * 218);
    assertThat(missing / (double) swir.length).isBetween(0.004, 0.02);
    assertThat(IntStream.range(0, red.length).filter(i -> Float.isNaN(red[i])).count()).isZero();
    assertThat(red[0]).isBetween(1000f, 10_000f);
  }

  @Test
  void givenNaNRaster_whenReadAll_thenAllNaN() {
    // given
    Grid grid = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 20, 10);
    float[] none = new float[200];
    Arrays.fill(none, Float.NaN);

    // when
    float[] read = Rasters.readAll(Made.floats(folder.resolve("nan.tif"), grid, none), 1, ANYWHERE);

    // then
    assertThat(read).containsOnly(Float.NaN);
  }

  @Test
  void givenTruncatedRasters_whenRead_thenUnreadable() throws IOException {
    // given
    Path tif = truncated(Data.of("bench/virginia_s2_l1c/B02.tif"), 0.6);
    Path header = truncated(Data.of("bench/virginia_s2_l1c/B02.tif"), 0.00001);
    String jp2Name = "demo/zagreb_s2_stac_120m/sentinel-2-l2a/S2A_33TWL_20230815_0_L2A/B04.tif";
    Path jp2 = truncated(Data.of(jp2Name), 0.5);

    // when / then
    assertThat(Rasters.inspect(tif.toString(), ANYWHERE).width()).isEqualTo(1933);
    Failing.with(
        FailureReason.ASSET_UNREADABLE, () -> Rasters.readAll(tif.toString(), 1, ANYWHERE));
    Failing.with(
        FailureReason.ASSET_UNREADABLE, () -> Rasters.inspect(header.toString(), ANYWHERE));
    Failing.with(
        FailureReason.ASSET_UNREADABLE, () -> Rasters.readAll(jp2.toString(), 1, ANYWHERE));
  }

  private Path truncated(Path file, double share) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Path cut = Files.createTempFile(folder, "cut", ".tif");
    return Files.write(cut, Arrays.copyOf(bytes, (int) (bytes.length * share)));
  }

  @Test
  void givenNoRaster_whenInspected_thenUnreadable() throws IOException {
    // given
    Path text = Files.writeString(folder.resolve("text.tif"), "not a raster");
    Path empty = Files.createFile(folder.resolve("empty.tif"));

    // when / then
    Failing.with(FailureReason.ASSET_UNREADABLE, () -> Rasters.inspect(text.toString(), ANYWHERE));
    Failing.with(FailureReason.ASSET_UNREADABLE, () -> Rasters.inspect(empty.toString(), ANYWHERE));
  }

  @Test
  void givenVrtUnderAnotherName_whenInspected_thenRefused() throws IOException {
    // given
    Path secret = Files.writeString(folder.resolve("secret"), "x".repeat(100));
    String vrt =
        """
        <VRTDataset rasterXSize="10" rasterYSize="10">
          <VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">
            <SourceFilename>%s</SourceFilename>
          </VRTRasterBand>
        </VRTDataset>
        """
            .formatted(secret);
    Path disguised = Files.writeString(folder.resolve("scene.tif"), vrt);

    // when / then
    Failing.with(FailureReason.HREF_REFUSED, () -> Rasters.inspect(disguised.toString(), ANYWHERE));
  }

  @Test
  void givenSidecarsBesideARaster_whenInspected_thenTheyAreNotLookedAt() throws IOException {
    // given
    Grid grid = Made.grid("", 0, 0, 1, 8, 8);
    String href = Made.floats(folder.resolve("scene.tif"), grid, new float[64]);
    Files.writeString(
        folder.resolve("scene.tif.aux.xml"), "<PAMDataset><SRS>EPSG:4326</SRS></PAMDataset>");
    Files.writeString(folder.resolve("scene.tfw"), "5\n0\n0\n-5\n7\n7\n");
    Files.writeString(
        folder.resolve("scene.tif.ovr"), "<VRTDataset rasterXSize=\"4\" rasterYSize=\"4\"/>");

    // when
    RasterInfo info = Rasters.inspect(href, ANYWHERE);

    // then
    assertThat(info.crs()).isEmpty();
    assertThat(info.geoTransform().xPerColumn()).isEqualTo(1);
  }

  @Test
  void givenRasterBeyondTheLimits_whenInspected_thenLimitExceeded() {
    // given
    Grid grid = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 20, 10);
    String href = Made.floats(folder.resolve("a.tif"), grid, new float[200]);
    RasterRules fewPixels = ANYWHERE.withMaxPixels(199);
    RasterRules smallBlocks = new RasterRules(ANYWHERE.roots(), 1000, 1, 1000, 1000, null);

    // when / then
    Failing.with(FailureReason.LIMIT_EXCEEDED, () -> Rasters.inspect(href, fewPixels));
    Failing.with(FailureReason.LIMIT_EXCEEDED, () -> Rasters.inspect(href, smallBlocks));
    Failing.with(FailureReason.BAND_MISSING, () -> Rasters.readAll(href, 2, ANYWHERE));
  }

  @Test
  void givenVirtualThread_whenInspecting_thenRefusedBeforeGdalIsCalled() {
    // given
    Grid grid = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 20, 10);
    String href = Made.floats(folder.resolve("a.tif"), grid, new float[200]);

    // when / then
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var inspecting =
          CompletableFuture.supplyAsync(() -> Rasters.inspect(href, ANYWHERE), threads);
      assertThatThrownBy(inspecting::join)
          .isInstanceOf(CompletionException.class)
          .hasRootCauseInstanceOf(IllegalStateException.class);
    }
  }
}
