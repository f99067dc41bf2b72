package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Earth Search, Planetary Computer and others really answered, served on loopback. */
@Tag("it")
class RecordedAnswersIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @AutoClose private final LoopbackApi api = new LoopbackApi();

  /** What a search gives that is answered with these items. */
  private Collected read(String items) {
    api.answering((asked, server) -> LoopbackApi.page(items, ""));
    RemoteSettings settings =
        RemoteSettings.ofApi(api.url(""), List.of("earth-search", "planetary-computer"));
    StacSearch search = StacSearch.of(api.url(""), List.of("any"), null, "2024-01-01/2024-01-02");
    return Collected.of(new StacApiSource(search, settings, null, Clock.systemUTC()));
  }

  private static List<JsonNode> items() throws IOException {
    List<JsonNode> items = new ArrayList<>();
    for (String folder : List.of("formats/stac_api_responses", "formats/stac_items")) {
      try (Stream<Path> files = Files.walk(SharedData.path(folder))) {
        for (Path file :
            files.filter(each -> each.toString().endsWith(".json")).sorted().toList()) {
          JsonNode document = JSON.readTree(file.toFile());
          if (document.path("type").asText().equals("FeatureCollection")) {
            document.path("features").forEach(items::add);
          } else if (document.path("type").asText().equals("Feature")) {
            items.add(document);
          }
        }
      }
    }
    return items;
  }

  /** Empty where the item is a scene. */
  private static Optional<Set<FailureReason>> expected(JsonNode item) {
    if (item.path("assets").isEmpty()) {
      // The search left assets out.
      return Optional.of(Set.of(FailureReason.ASSETS_ABSENT, FailureReason.METADATA_INVALID));
    }
    boolean relative = item.at("/assets/red/href").asText("https:").indexOf(':') < 0;
    if (relative && !item.path("links").toString().contains("\"self\"")) {
      // Made relative by those who recorded it: nobody says to what.
      return Optional.of(Set.of(FailureReason.HREF_REFUSED));
    }
    return switch (item.path("collection").asText()) {
      case "sentinel-2-l2a", "sentinel-2-c1-l2a", "sentinel-s2-l2a-cogs" -> Optional.empty();
      // Stores of which the profiles do not speak: requester pays, or a login.
      case "sentinel-2-l1c", "landsat-c2-l2", "landsat-c2l2-sr" ->
          Optional.of(Set.of(FailureReason.HREF_REFUSED));
      // Not terrain corrected.
      case "sentinel-1-grd" -> Optional.of(Set.of(FailureReason.ASSETS_ABSENT));
      case "cop-dem-glo-30" ->
          Optional.of(Set.of(FailureReason.ASSETS_ABSENT, FailureReason.HREF_REFUSED));
      default -> throw new AssertionError("what is to become of " + item.path("collection"));
    };
  }

  @Test
  void givenEveryRecordedItem_whenRead_thenAsExpected() throws Exception {
    // given
    List<JsonNode> items = items();
    assertThat(items).hasSizeGreaterThan(80);
    List<String> wrong = new ArrayList<>();

    // when
    for (JsonNode item : items) {
      Collected collected = read(item.toString());
      Optional<Set<FailureReason>> expected = expected(item);
      boolean right =
          expected.isEmpty()
              ? collected.scenes.size() == 1 && collected.failures.isEmpty()
              : collected.scenes.isEmpty()
                  && collected.failures.size() == 1
                  && expected.get().contains(collected.failures.getFirst().reason());
      if (!right) {
        wrong.add(item.path("id") + " " + collected.products() + " " + collected.failures);
      }
    }

    // then
    assertThat(wrong).isEmpty();
  }

  private SceneAvailable scene(String file, String id) throws IOException {
    for (JsonNode item :
        JSON.readTree(SharedData.path("formats/stac_api_responses/" + file).toFile())
            .path("features")) {
      if (item.path("id").asText().equals(id)) {
        return read(item.toString()).scenes.getFirst();
      }
    }
    throw new AssertionError("no item " + id);
  }

  private static BandAsset band(SceneAvailable scene, String name) {
    return scene.getBands().stream()
        .filter(band -> band.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Gotcha 3: Earth Search states the offset also where it has applied it to the pixels. */
  @Test
  void offsetThatIsAppliedAlreadyIsNotAppliedAgain() throws Exception {
    // given: two archives of Earth Search, the same sensing
    SceneAvailable applied = scene("04.json", "S2B_24MVV_20250731_0_L2A".replace("VV", "UV"));
    SceneAvailable raw = scene("04.json", "S2B_T24MUV_20250731T130245_L2A");
    SceneAvailable old = scene("14.json", "S2A_MSIL2A_20190101T000001_R116_T60VUK_20201007T214652");

    // then: what each archive's numbers mean
    assertThat(band(applied, "B04").getOffset()).isZero();
    assertThat(band(applied, "B04").getScale()).isEqualTo(1e-4);
    assertThat(band(raw, "B04").getOffset()).isEqualTo(-0.1);
    assertThat(band(raw, "B04").getScale()).isEqualTo(1e-4);
    assertThat(band(old, "B04").getOffset()).as("baseline 02.12").isZero();
    assertThat(band(old, "B04").getScale()).isEqualTo(1e-4);
    assertThat(band(old, "B04").getNodata()).isZero();
    // one sensing, one product, whichever archive it comes from
    assertThat(applied.getProductId()).isEqualTo(raw.getProductId());
    assertThat(applied.getGrid().getCode()).isEqualTo("MGRS-24MUV");
    // unsigned, and the COG rather than the JPEG 2000 of another store
    assertThat(band(old, "B04").getHref())
        .startsWith("https://sentinel2l2a01.blob.core.windows.net/")
        .doesNotContain("?");
    assertThat(band(applied, "B04").getHref())
        .isEqualTo(
            "https://sentinel-cogs.s3.us-west-2.amazonaws.com/sentinel-s2-l2a-cogs/24/M/UV/2025/7/"
                + "S2B_24MUV_20250731_0_L2A/B04.tif");
  }
}
