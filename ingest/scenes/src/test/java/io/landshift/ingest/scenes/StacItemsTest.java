package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StacItemsTest {
  @TempDir Path folder;

  static ObjectNode item(String json) {
    return (ObjectNode) Json.object(json.getBytes(StandardCharsets.UTF_8), "item");
  }

  private static ObjectNode minimal() {
    return item(
        """
        {"type": "Feature", "stac_version": "1.0.0", "id": "a-1",
         "properties": {"datetime": "2020-06-30T10:15:00Z"},
         "assets": {"red": {"href": "B04.tif", "eo:bands": [{"name": "B04", "common_name": "red"}]}}}
        """);
  }

  private HrefResolver hrefs() {
    return new HrefResolver(new FolderFiles(folder), "item.json", List.of());
  }

  private FailureReason reasonOf(JsonNode item) {
    try {
      StacItems.read(item, hrefs(), RasterRules.anywhere(), null);
      throw new AssertionError("it was read");
    } catch (LandshiftException e) {
      return e.reason();
    }
  }

  /** The bands of an item of which every href is made one of a local file. */
  private ItemAssets assets(ObjectNode item) {
    for (Map.Entry<String, JsonNode> asset : item.path("assets").properties()) {
      ((ObjectNode) asset.getValue()).put("href", asset.getKey() + ".tif");
    }
    return ItemAssets.of(item, ProductIdentity.of(item), hrefs());
  }

  private static ObjectNode shared(String name) throws IOException {
    Path file = SharedData.path("formats/stac_items/" + name);
    return (ObjectNode) Json.object(Files.readAllBytes(file), name);
  }

  @Test
  void givesEveryBadItemItsReason() {
    // given
    ObjectNode noTime = minimal();
    ((ObjectNode) noTime.path("properties")).remove("datetime");
    ObjectNode nullTime = minimal();
    ((ObjectNode) nullTime.path("properties")).putNull("datetime");
    ObjectNode wrongTime = minimal();
    ((ObjectNode) wrongTime.path("properties")).put("datetime", "yesterday");
    ObjectNode noAssets = minimal();
    noAssets.putObject("assets");
    ObjectNode noKnownBand = minimal();
    noKnownBand.putObject("assets").putObject("aot").put("href", "AOT.tif");
    ObjectNode remote = minimal();
    ((ObjectNode) remote.path("assets").path("red")).put("href", "https://example.com/B04.tif");
    ObjectNode traversing = minimal();
    ((ObjectNode) traversing.path("assets").path("red")).put("href", "../../../etc/passwd");
    ObjectNode virtual = minimal();
    ((ObjectNode) virtual.path("assets").path("red")).put("href", "/vsicurl/http://example.com/x");
    ObjectNode hostileId = minimal();
    hostileId.put("id", "../../a");
    ObjectNode noId = minimal();
    noId.remove("id");
    ObjectNode scaleIsText = minimal();
    ArrayNode bands =
        ((ObjectNode) scaleIsText.path("assets").path("red")).putArray("raster:bands");
    bands.addObject().put("scale", "big");

    // when, then
    assertThat(reasonOf(item("{\"type\": \"Collection\"}")))
        .isEqualTo(FailureReason.METADATA_INVALID);
    assertThat(reasonOf(noTime)).isEqualTo(FailureReason.METADATA_INVALID);
    assertThat(reasonOf(nullTime)).isEqualTo(FailureReason.METADATA_INVALID);
    assertThat(reasonOf(wrongTime)).isEqualTo(FailureReason.METADATA_INVALID);
    assertThat(reasonOf(hostileId)).isEqualTo(FailureReason.METADATA_INVALID);
    assertThat(reasonOf(noId)).isEqualTo(FailureReason.METADATA_INVALID);
    assertThat(reasonOf(scaleIsText)).isEqualTo(FailureReason.METADATA_INVALID);
    assertThat(reasonOf(noAssets)).isEqualTo(FailureReason.ASSETS_ABSENT);
    assertThat(reasonOf(noKnownBand)).isEqualTo(FailureReason.ASSETS_ABSENT);
    assertThat(reasonOf(remote)).isEqualTo(FailureReason.ASSETS_ABSENT);
    assertThat(reasonOf(traversing)).isEqualTo(FailureReason.HREF_REFUSED);
    assertThat(reasonOf(virtual)).isEqualTo(FailureReason.HREF_REFUSED);
    assertThat(reasonOf(minimal())).isEqualTo(FailureReason.ASSET_MISSING);
  }

  @Test
  void refusesAnItemWithTooManyAssets() {
    // given
    ObjectNode item = minimal();
    ObjectNode assets = item.putObject("assets");
    for (int i = 0; i < 501; i++) {
      assets.putObject("a" + i).put("href", "a.tif");
    }

    // when, then
    assertThat(reasonOf(item)).isEqualTo(FailureReason.LIMIT_EXCEEDED);
  }

  @Test
  void keepsAProductsIdentityThroughItsProcessings() {
    // given
    ObjectNode first = minimal();
    ((ObjectNode) first.path("properties"))
        .put("s2:product_uri", "S2B_MSIL2A_20200629T212529_N0212_R043_T06VVN_20201006T080531.SAFE");
    ObjectNode second = minimal();
    second.put("id", "quite-another");
    ((ObjectNode) second.path("properties"))
        .put("s2:product_uri", "S2B_MSIL2A_20200629T212529_N0500_R043_T06VVN_20230401T010203.SAFE")
        .put("s2:generation_time", "2023-04-01T01:02:03.500Z");

    // when
    ProductIdentity one = ProductIdentity.of(first);
    ProductIdentity other = ProductIdentity.of(second);

    // then
    assertThat(one.productId()).isEqualTo("S2B_MSIL2A_20200629T212529_R043_T06VVN");
    assertThat(other.productId()).isEqualTo(one.productId());
    assertThat(one.generation()).isEqualTo(Instant.parse("2020-10-06T08:05:31Z").toEpochMilli());
    assertThat(other.generation())
        .isEqualTo(Instant.parse("2023-04-01T01:02:03.500Z").toEpochMilli());
    assertThat(one.processingBaseline()).isEqualTo("02.12");
    assertThat(one.relativeOrbit()).isEqualTo(43);
    assertThat(one.gridCode()).isEqualTo("MGRS-06VVN");
  }

  @Test
  void readsStac11() {
    // given
    ObjectNode item =
        item(
            """
            {"type": "Feature", "stac_version": "1.1.0", "id": "S2A_T33TWL",
             "properties": {"datetime": null, "start_datetime": "2024-06-30T12:15:00+02:00",
               "end_datetime": "2024-06-30T10:16:00Z", "platform": "sentinel-2a",
               "constellation": "sentinel-2", "grid:code": "MGRS-33TWL"},
             "assets": {
               "B04_10m": {"href": "B04.tif", "type": "image/tiff", "raster:scale": 0.0001,
                 "raster:offset": -0.1, "nodata": 0, "eo:common_name": "red",
                 "eo:center_wavelength": 0.665, "bands": [{"name": "B04"}]},
               "stack": {"href": "stack.tif", "type": "image/tiff",
                 "bands": [{"name": "B05", "eo:common_name": "rededge071",
                            "eo:center_wavelength": 0.704, "raster:scale": 0.0001},
                           {"name": "B8A", "eo:common_name": "nir08", "raster:scale": 0.001}]},
               "SCL_20m": {"href": "SCL.jp2", "type": "image/jp2"}}}
            """);

    // when
    ItemAssets assets = assets(item);

    // then
    assertThat(ProductIdentity.of(item).sensingTime())
        .isEqualTo(Instant.parse("2024-06-30T10:15:00Z"));
    assertThat(assets.bands())
        .extracting(
            band -> band.meaning().name(),
            band -> band.meaning().commonName(),
            ItemAssets.Band::index,
            ItemAssets.Band::scale,
            ItemAssets.Band::offset,
            ItemAssets.Band::nodata)
        .containsExactly(
            tuple("B04", "red", 1, 1e-4, -0.1, 0.0),
            tuple("B05", "rededge", 1, 1e-4, 0.0, null),
            tuple("B8A", "nir08", 2, 1e-3, 0.0, null));
    assertThat(assets.sceneClassification()).isNotNull();
  }

  @Test
  void anItemWhoseBandsAreZarrSaysWhatToDo() {
    // given: as the EOPF sample service writes them
    ObjectNode item =
        item(
            """
            {"type": "Feature", "stac_version": "1.1.0", "id":
               "S2C_MSIL2A_20250605T101041_N0511_R022_T33TWL_20250605T140000",
             "properties": {"datetime": "2025-06-05T10:10:41Z", "platform": "sentinel-2c",
               "constellation": "sentinel-2"},
             "assets": {
               "B04_10m": {"href": "https://eopf.example/S2C.zarr/measurements/r10m/b04",
                 "type": "application/vnd+zarr; version=2", "roles": ["data"],
                 "bands": [{"name": "B04", "eo:common_name": "red"}]},
               "product": {"href": "https://eopf.example/S2C.zarr",
                 "type": "application/vnd+zarr; version=2", "roles": ["data"]}}}
            """);

    // when / then
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> ItemAssets.of(item, ProductIdentity.of(item), hrefs()))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.ASSETS_ABSENT))
        .withMessageContaining("Zarr")
        .withMessageContaining("gdal_translate -of COG");
  }

  @Test
  void readsEarthSearchItemsAndTheirFlagThatTheOffsetIsApplied() throws IOException {
    // given
    ObjectNode item = shared("earth_search_v1/S2A_33TWM_20230818_0_L2A.json");

    // when
    ProductIdentity identity = ProductIdentity.of(item);
    ItemAssets assets = assets(item);

    // then
    assertThat(identity.gridCode()).isEqualTo("MGRS-33TWM");
    assertThat(identity.sensor()).isEqualTo("sentinel-2-msi");
    assertThat(identity.platform()).isEqualTo("sentinel-2a");
    assertThat(assets.bands())
        .extracting(band -> band.meaning().name())
        .containsExactly(
            "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B11", "B12", "B8A");
    boolean applied = item.path("properties").path("earthsearch:boa_offset_applied").asBoolean();
    assertThat(assets.bands())
        .allSatisfy(band -> {
          assertThat(band.scale()).isEqualTo(1e-4);
          assertThat(band.offset()).isEqualTo(applied ? 0 : -0.1);
          assertThat(band.nodata()).isEqualTo(0);
          assertThat(band.asset().key()).doesNotContain("jp2");
        });
    assertThat(assets.sceneClassification().key()).isEqualTo("scl");
  }

  @Test
  void readsPlanetaryComputerItemsWhichStateNoScale() throws IOException {
    for (String name :
        List.of(
            "S2B_MSIL2A_20190629T212529_R043_T06VVN_20201006T080531.json",
            "S2B_MSIL2A_20190629T212529_R043_T06VVN_20201006T080531_raster_ext.json")) {
      // given
      ObjectNode item = shared(name);

      // when
      ProductIdentity identity = ProductIdentity.of(item);
      ItemAssets assets = assets(item);

      // then
      assertThat(identity.productId()).isEqualTo("S2B_MSIL2A_20190629T212529_R043_T06VVN");
      assertThat(identity.gridCode()).isEqualTo("MGRS-06VVN");
      assertThat(identity.processingLevel()).isEqualTo("L2A");
      assertThat(identity.platform()).isEqualTo("sentinel-2b");
      assertThat(assets.bands()).hasSize(12);
      assertThat(assets.bands().getLast().meaning().commonName()).isEqualTo("nir08");
      assertThat(assets.bands())
          .allSatisfy(band -> {
            assertThat(band.scale()).isEqualTo(1e-4);
            assertThat(band.offset()).as("baseline 02.12 has none").isEqualTo(0);
            assertThat(band.nodata()).isEqualTo(0);
          });
      assertThat(assets.sceneClassification()).isNotNull();
    }
  }

  @Test
  void takesTheOffsetOfBaseline4WhereNothingIsStated() throws IOException {
    // given
    ObjectNode item = shared("S2B_MSIL2A_20190629T212529_R043_T06VVN_20201006T080531.json");
    ObjectNode properties = (ObjectNode) item.path("properties");
    properties.put("s2:processing_baseline", "05.00");

    // when, then
    assertThat(assets(item).bands()).extracting(ItemAssets.Band::offset).containsOnly(-0.1);

    // and without a baseline the numbers mean nothing
    properties.remove(List.of("s2:processing_baseline", "s2:product_uri"));
    item.put("id", "unknown");
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> assets(item))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }

  @Test
  void aBaselineOfAnotherProcessorSaysNothingOfTheOffset() throws IOException {
    // given: a product that a platform made itself, beside the agency's of the same datatake
    ObjectNode item = shared("S2B_MSIL2A_20190629T212529_R043_T06VVN_20201006T080531.json");
    ObjectNode properties = (ObjectNode) item.path("properties");
    ProductIdentity agency = ProductIdentity.of(item);
    properties
        .put("s2:processing_baseline", "99.99")
        .put("s2:product_uri", "S2B_MSIL2A_20190629T212529_N9999_R043_T06VVN_20230401T010203.SAFE");

    // when, then: it is the same product, made anew, but its numbers are not known
    assertThat(ProductIdentity.of(item).productId()).isEqualTo(agency.productId());
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> assets(item))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID))
        .withMessageContaining("99.99");
  }

  @Test
  void readsTheOldEarthSearchAndLandsat() throws IOException {
    // given
    ObjectNode old = shared("S2A_28QCH_20200714_0_L2A.json");
    ObjectNode landsat = shared("LC08_L2SP_028030_20200114_20200824_02_T1_SR.json");

    // when
    ItemAssets oldAssets = assets(old);
    ItemAssets landsatAssets = assets(landsat);

    // then
    assertThat(oldAssets.bands()).hasSize(12);
    assertThat(ProductIdentity.of(old).gridCode()).isEqualTo("MGRS-28QCH");
    assertThat(ProductIdentity.of(landsat).productId()).isEqualTo("LC08_L2SP_028030_20200114");
    assertThat(ProductIdentity.of(landsat).generation())
        .isEqualTo(Instant.parse("2020-08-24T00:00:00Z").toEpochMilli());
    assertThat(ProductIdentity.of(landsat).sensor()).isEqualTo("landsat-oli");
    assertThat(landsatAssets.bands())
        .extracting(
            band -> band.meaning().commonName(), ItemAssets.Band::scale, ItemAssets.Band::offset)
        .contains(tuple("nir08", 2.75e-5, -0.2), tuple("swir16", 2.75e-5, -0.2))
        .hasSize(7);
  }
}
