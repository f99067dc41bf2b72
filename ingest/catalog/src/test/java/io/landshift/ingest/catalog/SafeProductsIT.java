package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.Jp2Writer;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.Quality;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.MaskKind;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SAFE products with real JPEG 2000 bands, from the folder to reflectance. */
@Tag("it")
class SafeProductsIT {
  private static final int SIDE = 120;

  /** The pixel where the detector was blinded. */
  private static final int SATURATED = 7 * SIDE + 5;

  private static final List<String> BANDS = List.of("B02", "B03", "B04", "B08");

  @TempDir private Path folder;

  @Test
  void trap1AnOffsetThatTheMetadataStatesLeavesReflectanceAsItIs() throws IOException {
    // given: the same ground before and after baseline 04.00, the second as a zip
    product("S2A_MSIL2A_20200701T100031_N0214_R122_T33TWL_20200701T130000", "02.14", 0);
    Path recent =
        product("S2B_MSIL2A_20230701T100029_N0509_R122_T33TWL_20230701T130000", "05.09", 1000);
    zip(recent);

    // when
    Collected found = read();

    // then
    assertThat(found.failures).isEmpty();
    assertThat(found.scenes).hasSize(2);
    HarmonisedChunk before = chunk(found.scenes.getFirst());
    HarmonisedChunk after = chunk(found.scenes.getLast());
    assertThat(after.present()).containsOnly(true);
    for (int i = 0; i < after.bands().length; i++) {
      assertThat(after.band(i)).isEqualTo(before.band(i));
    }
    assertThat(before.band(0)[SIDE + 3]).isEqualTo(number(3, 1) / 10_000f);
    assertThat(found.scenes.getLast().getProductId())
        .isEqualTo("S2B_MSIL2A_20230701T100029_R122_T33TWL");
    assertThat(found.scenes.getLast().getOrbitDirection()).isEqualTo("descending");
    assertThat(found.scenes.getLast().getBands().getFirst().getHref()).startsWith("zip:");
  }

  @Test
  void aFolderMayHoldScenesOfEveryKindAndEachIsReadOnce() throws IOException {
    // given: a product with an item of its own, an item, and two sidecars, one of them no JSON
    Path product =
        product("S2A_MSIL2A_20200701T100031_N0214_R122_T33TWL_20200701T130000", "02.14", 0);
    SmallScenes.itemWithRaster(product, "of-the-product", "2020-07-01T10:00:31Z");
    SmallScenes.itemWithRaster(folder, "an-item", "2020-06-01T00:00:00Z");
    SmallScenes.raster(folder.resolve("of/one.tif"), "B04");
    SmallScenes.write(
        folder.resolve("of/one.json"), "{\"date\": \"2020-05-01\", \"bands\": [\"red\"]}");
    SmallScenes.raster(folder.resolve("of/two.tif"), "B04");
    SmallScenes.write(folder.resolve("of/two.json"), "{");

    // when
    Collected found = read();

    // then
    assertThat(found.products())
        .containsExactly("one", "an-item", "S2A_MSIL2A_20200701T100031_R122_T33TWL");
    assertThat(found.failures)
        .extracting(SceneFailure::document, SceneFailure::reason)
        .containsExactly(tuple("of/two.json", FailureReason.METADATA_INVALID));
  }

  @Test
  void theSceneClassificationIsItsMask() throws IOException {
    // given: class 9 in the right half, class 4 in the left
    product("S2C_MSIL2A_20250701T100031_N0511_R122_T33TWL_20250701T130000", "05.11", 1000);

    // when
    SceneAvailable scene = read().scenes.getFirst();
    HarmonisedChunk chunk = chunk(scene);

    // then
    assertThat(scene.getPlatform()).isEqualTo("sentinel-2c");
    assertThat(scene.getMasks().getFirst().getKind()).isEqualTo(MaskKind.SCENE_CLASSIFICATION);
    assertThat(chunk.quality()[SIDE + 10]).isEqualTo(Quality.CLEAR);
    assertThat(chunk.quality()[SATURATED]).isEqualTo(Quality.NODATA);
    assertThat(chunk.band(0)[SATURATED]).isNaN();
    assertThat(chunk.quality()[SIDE + SIDE - 10]).isEqualTo(Quality.CLOUD);
  }

  @Test
  void trap9ASpacecraftThatIsNotKnownYetIsRead() throws IOException {
    product("S2E_MSIL2A_20310701T100031_N0600_R122_T33TWL_20310701T130000", "06.00", 1000);
    assertThat(read().scenes.getFirst().getPlatform()).isEqualTo("sentinel-2e");
  }

  @Test
  void trap7AMissingBandIsNamedAndTheSourceGoesOn() throws IOException {
    // given
    Path broken =
        product("S2A_MSIL2A_20200701T100031_N0214_R122_T33TWL_20200701T130000", "02.14", 0);
    product("S2A_MSIL2A_20200711T100031_N0214_R122_T33TWL_20200711T130000", "02.14", 0);
    try (Stream<Path> files = Files.walk(broken)) {
      Files.delete(
          files.filter(file -> file.toString().endsWith("B04_10m.jp2")).findFirst().orElseThrow());
    }

    // when
    Collected found = read();

    // then
    assertThat(found.scenes).hasSize(1);
    assertThat(found.failures).hasSize(1);
    assertThat(found.failures.getFirst().reason()).isEqualTo(FailureReason.SCENE_INCOMPLETE);
    assertThat(found.failures.getFirst().message()).contains("B04").doesNotContain("B03");
  }

  @Test
  void hostileProductsAreRefusedAndTheSourceGoesOn() throws IOException {
    // given
    Path truncated =
        product("S2A_MSIL2A_20200701T100031_N0214_R122_T33TWL_20200701T130000", "02.14", 0);
    Path band = find(truncated, "B03_10m.jp2");
    Files.write(band, java.util.Arrays.copyOf(Files.readAllBytes(band), 60));
    Path leaving =
        product("S2A_MSIL2A_20200711T100031_N0214_R122_T33TWL_20200711T130000", "02.14", 0);
    Path metadata = leaving.resolve("MTD_MSIL2A.xml");
    Files.writeString(
        metadata,
        Files.readString(metadata)
            .replace(
                "GRANULE/L2A_T33TWL/IMG_DATA/R10m/T33TWL_B03_10m",
                "GRANULE/../../../etc/passwd_B03_10m"));
    product("S2A_MSIL2A_20200721T100031_N0214_R122_T33TWL_20200721T130000", "02.14", 0);

    // when
    Collected found = read();

    // then
    assertThat(found.scenes).hasSize(1);
    assertThat(found.failures)
        .extracting(SceneFailure::reason)
        .containsExactly(FailureReason.ASSET_UNREADABLE, FailureReason.HREF_REFUSED);
  }

  @Test
  void aWatchedFolderTakesAProductWhenItIsWhole() throws IOException {
    // given
    try (WatchedSource source =
        (WatchedSource)
            Sources.watch(
                folder,
                List.of(),
                Sources.INTERVAL,
                Sources.PATIENCE,
                java.time.Clock.systemUTC())) {
      Path product =
          product("S2A_MSIL2A_20200701T100031_N0214_R122_T33TWL_20200701T130000", "02.14", 0);
      Path band = find(product, "B03_10m.jp2");
      Path elsewhere = folder.resolveSibling("band-" + System.nanoTime());
      Files.move(band, elsewhere);

      // when
      Collected unfinished = look(source, 3);
      Files.move(elsewhere, band);
      Collected whole = look(source, 3);

      // then
      assertThat(unfinished.scenes).isEmpty();
      assertThat(unfinished.failures).isEmpty();
      assertThat(whole.scenes).hasSize(1);
      zip(product("S2A_MSIL2A_20200711T100031_N0214_R122_T33TWL_20200711T130000", "02.14", 0));
      assertThat(look(source, 3).scenes).hasSize(1);
    }
  }

  private static Collected look(WatchedSource source, int times) {
    Collected found = new Collected();
    for (int i = 0; i < times; i++) {
      source.look(found);
    }
    return found;
  }

  private Collected read() {
    return Collected.of(Sources.of(folder));
  }

  private static HarmonisedChunk chunk(SceneAvailable scene) {
    try (SceneReader reader =
        SceneReader.open(
            scene,
            List.of(new BandRequest("blue", 0.49, true), new BandRequest("nir", 0.842, true)),
            MaskParameters.DEFAULT.withHazeTest(false).withMinimumClearShare(0),
            RasterRules.anywhere(),
            new DecodeCounter())) {
      return reader.read(new PixelWindow(0, 0, SIDE, SIDE));
    }
  }

  private static int number(int x, int y) {
    return 300 + 20 * x + y;
  }

  private Path product(String name, String baseline, int added) throws IOException {
    Path product = folder.resolve(name + ".SAFE");
    String images = "GRANULE/L2A_T33TWL/IMG_DATA/R10m/T33TWL_";
    Grid grid = new Grid("TEST", "EPSG:32633", 499980.0, 5100000.0, 10.0, SIDE, SIDE);
    for (String band : BANDS) {
      short[] numbers = new short[SIDE * SIDE];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (short) (number(i % SIDE, i / SIDE) + added);
      }
      numbers[SATURATED] = (short) 65_535;
      Jp2Writer.write(
          product.resolve(images + band + "_10m.jp2"),
          grid,
          RasterType.UINT16,
          RowSource.ofShorts(SIDE, numbers));
    }
    byte[] classes = new byte[SIDE * SIDE / 4];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (byte) (i % (SIDE / 2) < SIDE / 4 ? 4 : 9);
    }
    Jp2Writer.write(
        product.resolve("GRANULE/L2A_T33TWL/IMG_DATA/R20m/T33TWL_SCL_20m.jp2"),
        new Grid("TEST", "EPSG:32633", 499980.0, 5100000.0, 20.0, SIDE / 2, SIDE / 2),
        RasterType.UINT8,
        RowSource.ofBytes(SIDE / 2, classes));
    Files.writeString(product.resolve("MTD_MSIL2A.xml"), metadata(name, baseline, -added, images));
    Files.writeString(product.resolve("GRANULE/L2A_T33TWL/MTD_TL.xml"), tile(name));
    return product;
  }

  private static String metadata(String name, String baseline, int offset, String images) {
    StringBuilder files = new StringBuilder();
    BANDS.forEach(band -> files.append("<IMAGE_FILE>" + images + band + "_10m</IMAGE_FILE>"));
    StringBuilder offsets = new StringBuilder();
    for (int band = 0; offset != 0 && band < 13; band++) {
      offsets.append("<BOA_ADD_OFFSET band_id=\"" + band + "\">" + offset + "</BOA_ADD_OFFSET>");
    }
    String start = name.substring(11, 26);
    String time =
        "%s-%s-%sT%s:%s:%s.024Z"
            .formatted(
                start.substring(0, 4),
                start.substring(4, 6),
                start.substring(6, 8),
                start.substring(9, 11),
                start.substring(11, 13),
                start.substring(13, 15));
    return """
    <n1:Level-2A_User_Product xmlns:n1="urn:test"><n1:General_Info>
    <PRODUCT_TYPE>S2MSI2A</PRODUCT_TYPE><PROCESSING_BASELINE>%s</PROCESSING_BASELINE>
    <GENERATION_TIME>%s</GENERATION_TIME>
    <Datatake datatakeIdentifier="GS2_%s"><SPACECRAFT_NAME>Sentinel-2%s</SPACECRAFT_NAME>
    <DATATAKE_SENSING_START>%s</DATATAKE_SENSING_START>
    <SENSING_ORBIT_NUMBER>122</SENSING_ORBIT_NUMBER>
    <SENSING_ORBIT_DIRECTION>DESCENDING</SENSING_ORBIT_DIRECTION></Datatake>
    <Granule datastripIdentifier="D" granuleIdentifier="G">%s</Granule>
    <BOA_QUANTIFICATION_VALUE>10000</BOA_QUANTIFICATION_VALUE>%s
    </n1:General_Info></n1:Level-2A_User_Product>
    """
        .formatted(baseline, time, start, name.substring(2, 3), time, files, offsets);
  }

  private static String tile(String name) {
    return """
    <n1:Level-2A_Tile_ID xmlns:n1="urn:test"><n1:General_Info>
    <TILE_ID>S2A_OPER_MSI_L2A_TL_2APS_20200701T130000_A1_T33TWL_N02.14</TILE_ID>
    <DATASTRIP_ID>S2A_OPER_MSI_L2A_DS_2APS_20200701T130000_S%s_N02.14</DATASTRIP_ID>
    <SENSING_TIME>2020-07-01T10:03:00Z</SENSING_TIME></n1:General_Info>
    <HORIZONTAL_CS_CODE>EPSG:32633</HORIZONTAL_CS_CODE>
    <Size resolution="10"><NROWS>10980</NROWS><NCOLS>10980</NCOLS></Size>
    <Geoposition resolution="10"><ULX>499980</ULX><ULY>5100000</ULY></Geoposition>
    </n1:Level-2A_Tile_ID>
    """
        .formatted(name.substring(11, 26));
  }

  private void zip(Path product) throws IOException {
    Path zip = folder.resolve(product.getFileName().toString().replace(".SAFE", ".zip"));
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(product)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        entries.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, entries);
      }
    }
    try (Stream<Path> files = Files.walk(product)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Path find(Path product, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(product)) {
      return files.filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }
}
