package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.Quality;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("it")
class DemoSeriesIT {
  private static final int PIXELS = 100 * 100;
  private static final List<BandRequest> BANDS =
      List.of(
          new BandRequest("blue", 0.49, true),
          new BandRequest("green", 0.56, true),
          new BandRequest("red", 0.665, true),
          new BandRequest("nir", 0.842, true),
          new BandRequest("nir08", 0.865, true),
          new BandRequest("swir16", 1.61, true),
          new BandRequest("swir22", 2.19, false));

  private static List<SceneAvailable> scenes() {
    Collected collected =
        Collected.of(
            Sources.of(SharedData.path("demo/romania_s2_2015_2021/romania-forest-s2-l2a.zip")));
    assertThat(collected.failures).isEmpty();
    return collected.scenes;
  }

  @Test
  void readsTheWholeCollectionFromItsZip() {
    // given, when
    List<SceneAvailable> scenes = scenes();

    // then
    assertThat(scenes).hasSize(140);
    assertThat(scenes)
        .isSortedAccordingTo(Comparator.comparing(SceneAvailable::getSensingTime))
        .extracting(scene -> scene.getGrid().getCode())
        .containsOnly("EPSG3035-10m-C0051R0024-P258.421");
    SceneAvailable first = scenes.getFirst();
    assertThat(first.getProductId()).isEqualTo("S2_L2A_RO_20150801");
    assertThat(first.getSensor()).isEqualTo("sentinel-2-msi");
    assertThat(first.getPlatform()).isEqualTo("sentinel-2a");
    assertThat(first.getProcessingLevel()).isEqualTo("L2A");
    assertThat(first.getWindow().getWidth()).isEqualTo(100);
    assertThat(first.getWindow().getHeight()).isEqualTo(100);
    assertThat(first.getBands())
        .extracting(BandAsset::getName, BandAsset::getCommonName, BandAsset::getScale)
        .containsExactly(
            tuple("B02", "blue", 1e-4),
            tuple("B03", "green", 1e-4),
            tuple("B04", "red", 1e-4),
            tuple("B08", "nir", 1e-4),
            tuple("B11", "swir16", 1e-4),
            tuple("B8A", "nir08", 1e-4));
    assertThat(first.getMasks()).hasSize(1);
    assertThat(first.getItemHref()).endsWith("!/S2_L2A_RO_20150801/S2_L2A_RO_20150801.json");
  }

  @Test
  void masksEveryPixelOfEveryDateAsTheIndependentPrototypeDoes() throws IOException {
    // given
    byte[] expected = prototypeCodes();
    List<SceneAvailable> scenes = scenes();
    MaskParameters parameters = MaskParameters.DEFAULT.withMinimumClearShare(0);

    // when
    List<String> different = new ArrayList<>();
    for (int date = 0; date < scenes.size(); date++) {
      byte[] quality = read(scenes.get(date), parameters).quality();
      for (int i = 0; i < PIXELS; i++) {
        if (!agrees(expected[date * PIXELS + i], quality[i])) {
          different.add(
              scenes.get(date).getProductId()
                  + " pixel "
                  + i
                  + ": "
                  + quality[i]
                  + " not "
                  + expected[date * PIXELS + i]);
        }
      }
    }

    // then
    assertThat(expected).hasSize(140 * PIXELS);
    assertThat(different).isEmpty();
  }

  @Test
  void readsReflectancesAsTheIndependentPrototypeDoes() throws IOException {
    // given
    List<String> lines = lines("romania-pixels.csv");
    Map<String, HarmonisedChunk> chunks = new HashMap<>();
    for (SceneAvailable scene : scenes()) {
      chunks.put(
          scene.getSensingTime().toString().substring(0, 10), read(scene, MaskParameters.DEFAULT));
    }

    // when
    int[] different = new int[6];
    for (String line : lines) {
      String[] fields = line.split(",");
      int pixel = Integer.parseInt(fields[1]) * 100 + Integer.parseInt(fields[2]);
      HarmonisedChunk chunk = chunks.get(fields[0]);
      for (int band = 0; band < 6; band++) {
        int steps = Math.round(chunk.band(band)[pixel] * 10_000);
        int apart = Math.abs(steps - Integer.parseInt(fields[3 + band]));
        assertThat(apart).as("%s band %d", line, band).isLessThanOrEqualTo(1);
        different[band] += apart;
      }
    }

    // then: bands of 20 m may differ by a step where the grid's rounded phase shifts a weight
    assertThat(lines).hasSize(420);
    assertThat(different).startsWith(0, 0, 0, 0);
    assertThat(different[4]).isLessThan(42);
    assertThat(different[5]).isLessThan(42);
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = DemoSeriesIT.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
    }
  }

  @Test
  void dropsDatesOfWhichTooLittleIsClear() throws IOException {
    // given
    byte[] expected = prototypeCodes();
    List<SceneAvailable> scenes = scenes();

    // when, then
    for (int date = 0; date < scenes.size(); date++) {
      int clear = 0;
      int nodata = 0;
      for (int i = 0; i < PIXELS; i++) {
        clear += expected[date * PIXELS + i] == 0 ? 1 : 0;
        nodata += expected[date * PIXELS + i] == 1 ? 1 : 0;
      }
      int left = clear < 0.2 * (PIXELS - nodata) ? 0 : clear;
      byte[] quality = read(scenes.get(date), MaskParameters.DEFAULT).quality();
      assertThat(Quality.count(quality, Quality.CLEAR))
          .as(scenes.get(date).getProductId())
          .isEqualTo(left);
    }
  }

  @Test
  void readsReflectanceAndSaysWhichBandIsNotThere() {
    // given
    SceneAvailable scene =
        scenes().stream()
            .filter(candidate -> candidate.getProductId().equals("S2_L2A_RO_20150831"))
            .findFirst()
            .orElseThrow();

    // when
    HarmonisedChunk chunk = read(scene, MaskParameters.DEFAULT);

    // then
    assertThat(chunk.present()).containsExactly(true, true, true, true, true, true, false);
    assertThat(chunk.bands()[6]).isNull();
    for (int i = 0; i < PIXELS; i++) {
      assertThat(chunk.band(3)[i]).isBetween(0.05f, 0.6f);
    }
  }

  private static HarmonisedChunk read(SceneAvailable scene, MaskParameters parameters) {
    try (SceneReader reader =
        SceneReader.open(scene, BANDS, parameters, RasterRules.anywhere(), new DecodeCounter())) {
      return reader.read(scene.getWindow());
    }
  }

  private static boolean agrees(byte prototype, byte quality) {
    return switch (prototype) {
      case 0 -> quality == Quality.CLEAR;
      case 1 -> quality == Quality.NODATA;
      case 2 -> quality == Quality.CLOUD || quality == Quality.SHADOW;
      case 3 -> quality == Quality.SNOW;
      case 4, 5 -> quality == Quality.OTHER;
      default -> quality == Quality.HAZE;
    };
  }

  private static byte[] prototypeCodes() throws IOException {
    try (InputStream in =
        new GZIPInputStream(DemoSeriesIT.class.getResourceAsStream("romania-mask-codes.gz"))) {
      return in.readAllBytes();
    }
  }
}
