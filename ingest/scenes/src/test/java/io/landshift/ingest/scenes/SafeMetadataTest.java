package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What metadata says, against the STAC items that another program made of the same metadata. */
class SafeMetadataTest {
  @Test
  void realMetadataAgreesWithTheItemsThatOthersMadeOfIt() throws IOException {
    Path set = SharedData.path("formats/stactools_sentinel2_metadata");
    int compared = 0;
    for (Path folder : folders(set)) {
      Path expected = folder.resolve("expected_output.json");
      List<Path> granules = named(folder, "MTD_TL.xml");
      List<Path> products = named(folder, "MTD_MSIL[12][ACac].xml");
      if (!Files.exists(expected) || granules.isEmpty() || products.isEmpty()) {
        continue;
      }

      // when
      SafeProduct product = SafeProduct.of(xml(products.getFirst()));
      SafeTile tile = SafeTile.of(xml(granules.getFirst()));

      // then
      JsonNode properties = new ObjectMapper().readTree(expected.toFile()).path("properties");
      String name = folder.getFileName().toString();
      assertThat(product.platform()).as(name).isEqualTo(properties.path("platform").asText());
      assertThat(product.baseline())
          .as(name)
          .isEqualTo(properties.path("s2:processing_baseline").asText());
      assertThat(product.relativeOrbit())
          .as(name)
          .isEqualTo(properties.path("sat:relative_orbit").asInt());
      assertThat(product.orbitDirection())
          .as(name)
          .isEqualTo(properties.path("sat:orbit_state").asText());
      assertThat(product.datatakeId())
          .as(name)
          .isEqualTo(properties.path("s2:datatake_id").asText());
      assertThat(tile.extent().crs()).as(name).isEqualTo(crs(properties));
      assertThat("MGRS-" + tile.tile()).as(name).isEqualTo(properties.path("grid:code").asText());
      compared++;
    }
    assertThat(compared).isGreaterThanOrEqualTo(7);
  }

  private static String crs(JsonNode properties) {
    return properties.has("proj:code")
        ? properties.path("proj:code").asText()
        : "EPSG:" + properties.path("proj:epsg").asInt();
  }

  @Test
  void trap2TheOffsetComesFromTheMetadataAndNotFromTheDate() throws IOException {
    // given: sensed in 2018, and in 2023
    SafeProduct old = product("formats/eodag_real_s2_l1c_safe", "MTD_MSIL1C.xml");
    SafeProduct recent =
        product("formats/gdal_fake_sentinel2/fake_l2a_processing_baseline_5_09", "MTD_MSIL2A.xml");

    // then
    assertThat(old.offsets()).isEmpty();
    assertThat(recent.offsets()).hasSize(13).containsEntry("B8A", -1000.0);
  }

  private static SafeProduct product(String set, String name) throws IOException {
    return SafeProduct.of(xml(named(SharedData.path(set), name).getFirst()));
  }

  @Test
  void trap6PartsOfADatatakeAreTwoProductsAndProcessingsOfAPartAreOne() {
    // given
    Instant start = Instant.parse("2021-09-08T04:27:01Z");
    Instant firstPart = Instant.parse("2021-09-08T04:27:05Z");
    Instant secondPart = Instant.parse("2021-09-08T04:37:14Z");

    // when
    String first = ProductIdentity.sentinel2("S2A_MSIL1C", start, 133, "46RER", firstPart);
    String second = ProductIdentity.sentinel2("S2A_MSIL1C", start, 133, "46RER", secondPart);

    // then
    assertThat(first).isEqualTo("S2A_MSIL1C_20210908T042701_R133_T46RER");
    assertThat(first).isEqualTo(ProductIdentity.sentinel2("S2A_MSIL1C", start, 133, "46RER", null));
    assertThat(second).isEqualTo("S2A_MSIL1C_20210908T042701_R133_T46RER_S20210908T043714");
    assertThat(
            ProductIdentity.datastripStart(
                "S2A_OPER_MSI_L1C_DS_VGS1_20210908T070248_S20210908T043714_N03.01"))
        .isEqualTo(secondPart);
  }

  @Test
  void aDocumentTypeIsRefusedWithItsEntities() {
    byte[] bomb =
        "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]><a>&b;&c;</a>"
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> SafeXml.parse(bomb, "bomb.xml"))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID))
        .hasMessageContaining("DOCTYPE");
  }

  private static SafeXml xml(Path file) throws IOException {
    return SafeXml.parse(Files.readAllBytes(file), file.getFileName().toString());
  }

  private static List<Path> folders(Path set) throws IOException {
    try (Stream<Path> all = Files.list(set)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static List<Path> named(Path folder, String pattern) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList();
    }
  }
}
