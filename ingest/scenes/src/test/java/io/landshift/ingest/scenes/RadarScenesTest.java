package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.schemas.Backscatter;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Modality;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sentinel-1 items become scenes of gamma0, or say what they lack. */
class RadarScenesTest {
  /** As Planetary Computer answers; no such item is among the recorded ones. */
  private static final String PLANETARY_COMPUTER =
      """
      {"type": "Feature", "stac_version": "1.0.0", "collection": "sentinel-1-rtc",
       "id": "S1A_IW_GRDH_1SDV_20230303T051912_20230303T051937_047475_05B32B_rtc",
       "properties": {
         "datetime": "2023-03-03T05:19:24.927031Z", "platform": "SENTINEL-1A",
         "constellation": "Sentinel-1", "s1:datatake_id": "373547", "s1:resolution": "high",
         "s1:orbit_source": "RESORB", "s1:processing_level": "1", "s1:slice_number": "5",
         "s1:processing_datetime": "2023-03-03T07:01:02.000Z",
         "sar:product_type": "GRD", "sar:instrument_mode": "IW", "sar:frequency_band": "C",
         "sar:polarizations": ["VV", "VH"], "sat:orbit_state": "descending",
         "sat:absolute_orbit": 47475, "sat:relative_orbit": 153,
         "proj:epsg": 32632, "proj:shape": [21000, 28000],
         "proj:transform": [10.0, 0.0, 600000.0, 0.0, -10.0, 5200000.0, 0.0, 0.0, 1.0]},
       "assets": {
         "vh": {"href": "https://sentinel1euwestrtc.blob.core.windows.net/a/iw-vh.rtc.tiff",
           "type": "image/tiff; application=geotiff; profile=cloud-optimized", "roles": ["data"],
           "raster:bands": [{"nodata": -32768, "data_type": "float32", "spatial_resolution": 10.0}]},
         "vv": {"href": "https://sentinel1euwestrtc.blob.core.windows.net/a/iw-vv.rtc.tiff",
           "type": "image/tiff; application=geotiff; profile=cloud-optimized", "roles": ["data"],
           "raster:bands": [{"nodata": -32768, "data_type": "float32", "spatial_resolution": 10.0}]},
         "tilejson": {"href": "https://example.com/t", "type": "application/json",
           "roles": ["tiles"]}}}
      """;

  /** As any catalogue may write it in STAC 1.1. */
  private static final String GENERIC =
      """
      {"type": "Feature", "stac_version": "1.1.0", "collection": "backscatter", "id": "look-7",
       "properties": {
         "datetime": "2025-05-01T17:00:00Z", "platform": "sentinel-1c",
         "constellation": "sentinel-1", "instruments": ["c-sar"],
         "sar:product_type": "RTC", "sar:polarizations": ["VV", "VH"],
         "sat:orbit_state": "ascending", "sat:relative_orbit": 44, "view:incidence_angle": 38.5,
         "proj:code": "EPSG:32632", "proj:shape": [100, 200], "grid:code": "MGRS-32UPU",
         "proj:transform": [10.0, 0.0, 600000.0, 0.0, -10.0, 5400000.0]},
       "assets": {
         "stack": {"href": "https://sentinel1euwestrtc.blob.core.windows.net/b/stack.tif",
           "type": "image/tiff", "roles": ["data"],
           "bands": [{"name": "VV", "unit": "dB"}, {"name": "VH", "unit": "dB"},
                     {"name": "angle", "unit": "deg"}]}}}
      """;

  private static ObjectNode item(String json) {
    return (ObjectNode) Json.object(json.getBytes(StandardCharsets.UTF_8), "item");
  }

  private static List<SceneAvailable> read(JsonNode item) {
    RemoteSettings network =
        RemoteSettings.ofApi("https://example.com/", List.of("planetary-computer"));
    HrefResolver hrefs = HrefResolver.ofNetwork("api", "item", network);
    return StacItems.read(item, hrefs, RasterRules.anywhere(), null);
  }

  @Test
  void readsPlanetaryComputersItemsOnTheCellsOfTheirZone() {
    // when
    List<SceneAvailable> scenes = read(item(PLANETARY_COMPUTER));

    // then: 21000 x 28000 pixels lie on several cells of 10240 pixels
    assertThat(scenes.size()).isGreaterThan(4);
    assertThat(scenes).extracting(scene -> scene.getGrid().getCode()).doesNotHaveDuplicates();
    long pixels =
        scenes.stream()
            .mapToLong(each -> (long) each.getWindow().getWidth() * each.getWindow().getHeight())
            .sum();
    assertThat(pixels).isEqualTo(21_000L * 28_000);
    assertThat(scenes)
        .allSatisfy(scene -> {
          assertThat(scene.getSensor()).isEqualTo("sentinel-1-sar");
          assertThat(scene.getPlatform()).isEqualTo("sentinel-1a");
          assertThat(scene.getProductId()).isEqualTo("S1A_IW_RTC_20230303T051912_047475_05B32B");
          assertThat(scene.getGeneration())
              .isEqualTo(Instant.parse("2023-03-03T07:01:02Z").toEpochMilli());
          assertThat(scene.getDatatakeId()).isEqualTo("sentinel-1a-373547");
          assertThat(scene.getProcessingLevel()).isEqualTo("RTC");
          assertThat(scene.getOrbitDirection()).isEqualTo("descending");
          assertThat(scene.getRelativeOrbit()).isEqualTo(153);
          assertThat(scene.getIncidenceAngle()).as("the item states none").isNull();
          assertThat(scene.getGrid().getCrs()).isEqualTo("EPSG:32632");
          assertThat(scene.getMasks()).isEmpty();
          assertThat(scene.getBands())
              .extracting(
                  BandAsset::getName,
                  BandAsset::getCommonName,
                  BandAsset::getModality,
                  BandAsset::getBackscatter,
                  BandAsset::getScale,
                  BandAsset::getNodata)
              .containsExactly(
                  tuple("VH", "vh", Modality.RADAR, Backscatter.POWER, 1.0, -32_768.0),
                  tuple("VV", "vv", Modality.RADAR, Backscatter.POWER, 1.0, -32_768.0));
        });
  }

  @Test
  void readsAnyItemWithTheSarAndSatExtensions() {
    // when
    List<SceneAvailable> scenes = read(item(GENERIC));

    // then
    assertThat(scenes)
        .singleElement()
        .satisfies(scene -> {
          assertThat(scene.getGrid().getCode()).as("that of Sentinel-2").isEqualTo("MGRS-32UPU");
          assertThat(scene.getProductId()).isEqualTo("look-7");
          assertThat(scene.getPlatform()).isEqualTo("sentinel-1c");
          assertThat(scene.getOrbitDirection()).isEqualTo("ascending");
          assertThat(scene.getRelativeOrbit()).isEqualTo(44);
          assertThat(scene.getIncidenceAngle()).isEqualTo(38.5);
          assertThat(scene.getDatatakeId()).isNull();
          assertThat(scene.getBands())
              .extracting(BandAsset::getName, BandAsset::getBackscatter, BandAsset::getBand)
              .containsExactly(
                  tuple("VH", Backscatter.DECIBELS, 2),
                  tuple("VV", Backscatter.DECIBELS, 1),
                  tuple("angle", null, 3));
          assertThat(scene.getBands().getLast().getModality()).isEqualTo(Modality.OTHER);
        });
  }

  private static LandshiftException failureOf(String json, Consumer<ObjectNode> change) {
    ObjectNode item = item(json);
    change.accept(item);
    try {
      throw new AssertionError("it was read: " + read(item));
    } catch (LandshiftException e) {
      return e;
    }
  }

  private static Consumer<ObjectNode> properties(Consumer<ObjectNode> change) {
    return item -> change.accept((ObjectNode) item.path("properties"));
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    for (String field : List.of("sat:orbit_state", "sat:relative_orbit", "sar:product_type")) {
      LandshiftException failure = failureOf(GENERIC, properties(each -> each.remove(field)));
      assertThat(failure.reason()).as(field).isEqualTo(FailureReason.METADATA_INVALID);
      assertThat(failure.getMessage()).contains(field);
    }
    assertThat(failureOf(GENERIC, properties(each -> each.put("sat:orbit_state", "geostationary"))))
        .hasMessageContaining("ascending");
    assertThat(failureOf(GENERIC, properties(each -> each.put("sat:relative_orbit", 176))))
        .hasMessageContaining("1 to 175, not 176");
    assertThat(failureOf(GENERIC, properties(each -> each.put("view:incidence_angle", 97))))
        .hasMessageContaining("97");
    LandshiftException ground =
        failureOf(GENERIC, properties(each -> each.put("sar:product_type", "GRD")));
    assertThat(ground.reason()).isEqualTo(FailureReason.ASSETS_ABSENT);
    assertThat(ground).hasMessageContaining("sentinel-1-rtc");
    LandshiftException unit =
        failureOf(
            PLANETARY_COMPUTER,
            item -> ((ObjectNode) item.at("/assets/vv/raster:bands/0")).put("unit", "amplitude"));
    assertThat(unit.reason()).isEqualTo(FailureReason.METADATA_INVALID);
    assertThat(unit).hasMessageContaining("amplitude").hasMessageContaining("VV");
    LandshiftException unnamed =
        failureOf(
            PLANETARY_COMPUTER,
            item -> {
              ObjectNode assets = (ObjectNode) item.path("assets");
              assets.set("one", assets.remove("vv"));
              assets.set("other", assets.remove("vh"));
            });
    assertThat(unnamed.reason()).isEqualTo(FailureReason.ASSETS_ABSENT);
  }

  @Test
  void aPolarisationMayBeStatedOrNamedOtherwise() {
    // given
    ObjectNode item = item(PLANETARY_COMPUTER);
    ObjectNode assets = (ObjectNode) item.path("assets");
    assets.remove("vh");
    ObjectNode asset = (ObjectNode) assets.remove("vv");
    asset.putArray("sar:polarizations").add("VV");
    assets.set("measurement", asset);

    // when, then
    assertThat(read(item).getFirst().getBands())
        .extracting(BandAsset::getName)
        .containsExactly("VV");

    // and as Indigo's tiles name it
    assets.set("gamma0_vh", assets.remove("measurement"));
    assertThat(read(item).getFirst().getBands())
        .extracting(BandAsset::getName)
        .containsExactly("VH");
  }

  /** Orbits of real products: absolute, relative. */
  @ParameterizedTest
  @CsvSource({"sentinel-1a, 60328, 56", "sentinel-1a, 30643, 121", "sentinel-1b, 3050, 49"})
  void derivesTheRelativeOrbitWhereItIsNotStated(String platform, int absolute, int relative) {
    // given
    ObjectNode item = item(GENERIC);
    ObjectNode properties = (ObjectNode) item.path("properties");
    properties.put("platform", platform).put("sat:absolute_orbit", absolute);
    properties.remove("sat:relative_orbit");

    // when, then
    assertThat(read(item).getFirst().getRelativeOrbit()).isEqualTo(relative);
  }

  @Test
  void keepsAProductsIdentityThroughItsProcessings() {
    // given: what the original is called, and a later processing without a datatake of its own
    ObjectNode later = item(PLANETARY_COMPUTER);
    later.put("id", "S1A_IW_GRDH_1SDV_20230303T051912_20230303T051937_047475_05B32B_1A2B_rtc");
    ((ObjectNode) later.path("properties"))
        .put("s1:processing_datetime", "2024-01-01T00:00:00Z")
        .remove("s1:datatake_id");

    // when
    ProductIdentity one = ProductIdentity.of(item(PLANETARY_COMPUTER));
    ProductIdentity other = ProductIdentity.of(later);

    // then
    assertThat(other.productId()).isEqualTo(one.productId());
    assertThat(other.generation()).isGreaterThan(one.generation());
    assertThat(other.datatakeId()).isEqualTo(one.datatakeId());
  }

  /** Of Sentinel-1 only ground range products were recorded: not one of them may become a scene. */
  @Test
  void refusesEveryRecordedItemThatIsNotTerrainCorrected() throws IOException {
    // given
    List<JsonNode> items = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SharedData.path("formats"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        if (new String(bytes, StandardCharsets.UTF_8).contains("sentinel-1")) {
          JsonNode document = Json.object(bytes, file.toString());
          document.path("features").forEach(items::add);
        }
      }
    }
    items.removeIf(each -> !each.path("id").asText().toUpperCase(Locale.ROOT).startsWith("S1"));
    assertThat(items).hasSizeGreaterThanOrEqualTo(3);

    // when, then
    for (JsonNode item : items) {
      assertThatExceptionOfType(LandshiftException.class)
          .as(item.path("id").asText())
          .isThrownBy(() -> read(item))
          .withMessageContaining("GRD")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.ASSETS_ABSENT));
      ProductIdentity identity = ProductIdentity.of(item);
      assertThat(identity.datatakeId())
          .isEqualTo(identity.platform() + "-" + item.at("/properties/s1:datatake_id").textValue());
      assertThat(identity.relativeOrbit())
          .isEqualTo(item.at("/properties/sat:relative_orbit").intValue());
      assertThat(identity.orbitDirection())
          .isEqualTo(item.at("/properties/sat:orbit_state").textValue());
    }
  }

  @Test
  void readsSidecars() {
    // given
    String series =
        """
        {"sensor": "sentinel-1-sar", "platform": "sentinel-1a", "bands": ["VV", "Gamma0_VH"],
         "unit": "dB", "orbitDirection": "ascending", "relativeOrbit": 15, "date": "2020-06-01",
         "datatake": "7", "incidenceAngle": 39.5}
        """;

    // when
    Sidecar sidecar = Sidecar.read(item(series), null, "a.json");

    // then
    assertThat(sidecar.unit()).isEqualTo("dB");
    assertThat(sidecar.orbit()).isEqualTo(new Sidecar.Orbit("ascending", 15, "7", 39.5));
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() ->
            Sidecar.read(
                item("{\"date\": \"2020-06-01\", \"relativeOrbit\": 1.5}"), null, "a.json"))
        .withMessageContaining("relativeOrbit");
  }
}
