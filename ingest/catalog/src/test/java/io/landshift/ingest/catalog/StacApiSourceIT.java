package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches a STAC API on loopback. */
@Tag("it")
class StacApiSourceIT {
  private static final Instant NOW = Instant.parse("2024-03-01T00:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  @AutoClose private final LoopbackApi api = new LoopbackApi();

  private StacSearch search(String interval) {
    return StacSearch.of(api.url(""), List.of("c"), "5,45,6,46", interval);
  }

  private StacApiSource once(String interval) {
    return once(interval, api.settings());
  }

  private StacApiSource once(String interval, RemoteSettings settings) {
    return new StacApiSource(search(interval), settings, null, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  /** An item that states where its only raster lies. */
  private String item(String id, String time) {
    return """
    {"type":"Feature","stac_version":"1.0.0","id":"%s",
     "properties":{"datetime":"%s","proj:code":"EPSG:32633"},
     "links":[{"rel":"self","href":"%s"}],
     "assets":{"red":{"href":"./%s/B04.tif","proj:shape":[100,100],
       "proj:transform":[10,0,500000,0,-10,5000000],
       "eo:bands":[{"name":"B04","common_name":"red"}]}}}
    """
        .formatted(id, time, api.url("/items/" + id), id);
  }

  @Test
  void givenPagesByToken_whenReadOnce_thenAllItemsInOrderAndNoRasterIsOpened() {
    // given: POST with a merged token, as Planetary Computer gives it
    api.answering((asked, server) -> {
      String token = asked.json().path("token").asText();
      return switch (token) {
        case "" ->
            LoopbackApi.page(item("b", "2024-01-05T00:00:00Z"), next("true", "{\"token\":\"2\"}"));
        case "2" ->
            LoopbackApi.page(item("a", "2024-01-02T00:00:00Z"), next("true", "{\"token\":\"3\"}"));
        default -> LoopbackApi.page("", "");
      };
    });

    // when
    Collected collected = Collected.of(once("2024-01-01/2024-01-10"));

    // then
    assertThat(collected.failures).isEmpty();
    assertThat(collected.products()).containsExactly("a", "b");
    assertThat(collected.scenes.getFirst().getBands().getFirst().getHref())
        .isEqualTo(api.url("/items/a/B04.tif"));
    assertThat(collected.scenes.getFirst().getItemHref()).isEqualTo(api.url("/items/a"));
    List<JsonNode> bodies = api.searches().stream().map(LoopbackApi.Asked::json).toList();
    assertThat(bodies).hasSize(3);
    assertThat(bodies)
        .allSatisfy(body -> {
          assertThat(body.path("collections").toString()).isEqualTo("[\"c\"]");
          assertThat(body.path("bbox").toString()).isEqualTo("[5.0,45.0,6.0,46.0]");
          assertThat(body.path("datetime").asText())
              .isEqualTo("2024-01-01T00:00:00Z/2024-01-10T23:59:59.999Z");
        });
  }

  private String next(String merge, String body) {
    return "{\"rel\":\"next\",\"method\":\"POST\",\"merge\":%s,\"body\":%s,\"href\":\"%s\"}"
        .formatted(merge, body, api.url("/search"));
  }

  @Test
  void givenABodyThatIsNotMerged_whenRead_thenOnlyThatIsSent() {
    // given: as Earth Search gives it
    api.answering((asked, server) ->
        asked.json().has("next")
            ? LoopbackApi.page(item("b", "2024-01-05T00:00:00Z"), "")
            : LoopbackApi.page(
                item("a", "2024-01-02T00:00:00Z"), next("false", "{\"next\":\"x\"}")));

    // when
    Collected collected = Collected.of(once("2024-01-01/2024-01-10"));

    // then
    assertThat(collected.products()).containsExactly("a", "b");
    assertThat(api.searches().getLast().body()).isEqualTo("{\"next\":\"x\"}");
  }

  @Test
  void givenNextByGet_whenRead_thenFollowed() {
    // given
    api.answering((asked, server) ->
        asked.query().contains("token=2")
            ? LoopbackApi.page(item("b", "2024-01-05T00:00:00Z"), "")
            : LoopbackApi.page(
                item("a", "2024-01-02T00:00:00Z"),
                "{\"rel\":\"next\",\"href\":\"" + server.url("/search?token=2") + "\"}"));

    // when / then
    assertThat(Collected.of(once("2024-01-01/2024-01-10")).products()).containsExactly("a", "b");
  }

  @Test
  void givenNextLinksThatLoopOrLeadElsewhere_whenRead_thenAFailureAndTheItemsBeforeIt() {
    // given: the second slice of time is sound
    AtomicInteger count = new AtomicInteger();
    for (String link :
        List.of(
            "{\"rel\":\"next\",\"method\":\"POST\",\"href\":\"" + api.url("/search") + "\"}",
            "{\"rel\":\"next\",\"href\":\"https://evil.org/search\"}",
            "{\"rel\":\"next\",\"href\":\"http://169.254.169.254/\"}",
            "{\"rel\":\"next\",\"href\":\"//evil.org/search\"}",
            "{\"rel\":\"next\",\"href\":\"file:///etc/passwd\"}")) {
      count.set(0);
      api.answering((asked, server) ->
          switch (count.getAndIncrement()) {
            case 0 -> LoopbackApi.page(item("a", "2024-01-02T00:00:00Z"), "");
            case 1 -> LoopbackApi.page(item("b", "2024-02-02T00:00:00Z"), link);
            default -> LoopbackApi.page(item("c", "2024-02-20T00:00:00Z"), "");
          });

      // when
      Collected collected = Collected.of(once("2024-01-01/2024-03-15"));

      // then
      assertThat(collected.products()).as(link).containsExactly("a", "b", "c");
      assertThat(collected.reasons())
          .as(link)
          .hasSize(1)
          .containsAnyOf(FailureReason.HREF_REFUSED, FailureReason.METADATA_INVALID);
    }
  }

  @Test
  void givenItemsOfEveryKindOfBadness_whenRead_thenEachItsReasonAndTheOthersGoOn() {
    // given
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      many.append("\"a").append(i).append("\":{\"href\":\"./x.tif\"},");
    }
    String good = item("good", "2024-01-05T00:00:00Z");
    String flooded =
        item("many", "2024-01-05T00:00:00Z").replace("\"assets\":{", "\"assets\":{" + many);
    String elsewhere =
        item("elsewhere", "2024-01-05T00:00:00Z").replace("./elsewhere/", "https://evil.org/");
    String local = item("local", "2024-01-05T00:00:00Z").replace("./local/", "file:///etc/");
    String virtual = item("virtual", "2024-01-05T00:00:00Z").replace("./virtual/", "/vsicurl/");
    String huge = item("huge", "2024-01-05T00:00:00Z").replace("[100,100]", "[1e6,1e6]");
    String noTime = item("time", "yesterday");
    api.answering((asked, server) ->
        LoopbackApi.page(
            String.join(",", flooded, elsewhere, local, virtual, huge, noTime, "{}", "7", good),
            ""));

    // when
    Collected collected = Collected.of(once("2024-01-01/2024-01-10"));

    // then
    assertThat(collected.products()).containsExactly("good");
    assertThat(collected.reasons())
        .containsExactly(
            FailureReason.LIMIT_EXCEEDED,
            FailureReason.HREF_REFUSED,
            FailureReason.HREF_REFUSED,
            FailureReason.HREF_REFUSED,
            FailureReason.LIMIT_EXCEEDED,
            FailureReason.METADATA_INVALID,
            FailureReason.METADATA_INVALID,
            FailureReason.METADATA_INVALID);
  }

  @Test
  void givenAPageWithoutEnd_whenRead_thenLimitExceededAndTheNextSliceIsRead() {
    // given
    AtomicInteger count = new AtomicInteger();
    String filler = " ".repeat(17 << 20);
    api.answering((asked, server) ->
        switch (count.getAndIncrement()) {
          case 0 -> LoopbackApi.page(item("a", "2024-01-02T00:00:00Z"), "");
          case 1 -> LoopbackApi.page(filler, "");
          default -> LoopbackApi.page(item("c", "2024-02-20T00:00:00Z"), "");
        });

    // when
    Collected collected = Collected.of(once("2024-01-01/2024-03-15"));

    // then
    assertThat(collected.products()).containsExactly("a", "c");
    assertThat(collected.reasons()).containsExactly(FailureReason.LIMIT_EXCEEDED);
  }

  @Test
  void givenAnApiThatIsNotThere_whenRead_thenTheSourceFails() {
    // given
    api.answering((asked, server) -> "404");

    // when / then
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> Collected.of(once("2024-01-01/2024-01-10")))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.ASSET_MISSING));
  }

  @Test
  void givenCopiesOfABand_whenRead_thenTheAllowedOneAndAlternatesHttpsFirst() {
    // given
    String base = api.url("/data/");
    String assets =
        """
        "assets":{
         "red":{"href":"s3://bucket/B04.tif","alternate":{"https":{"href":"%1$sB04.tif"}},
           "proj:shape":[100,100],"proj:transform":[10,0,500000,0,-10,5000000],
           "eo:bands":[{"name":"B04","common_name":"red"}]},
         "nir-jp2":{"href":"s3://forbidden/B08.jp2","type":"image/jp2",
           "proj:shape":[100,100],"proj:transform":[10,0,500000,0,-10,5000000],
           "eo:bands":[{"name":"B08","common_name":"nir"}]},
         "nir":{"href":"%1$sB08.tif","type":"image/tiff; application=geotiff; profile=cloud-optimized",
           "proj:shape":[100,100],"proj:transform":[10,0,500000,0,-10,5000000],
           "eo:bands":[{"name":"B08","common_name":"nir"}]}}}
        """
            .formatted(base);
    String item = item("a", "2024-01-05T00:00:00Z").replaceAll("(?s)\"assets\":.*", "") + assets;
    api.answering((asked, server) -> LoopbackApi.page(item, ""));

    // when
    Collected collected = Collected.of(once("2024-01-01/2024-01-10"));

    // then
    assertThat(collected.failures).isEmpty();
    assertThat(collected.scenes.getFirst().getBands())
        .extracting(band -> band.getHref())
        .containsExactly(base + "B04.tif", base + "B08.tif");
  }

  /** Gotcha 8: catalogues come by scenes late; gotcha 20: and by new generations of old ones. */
  @Test
  void whatIsLateOrReprocessedIsFoundByTheOverlapAndWhatIsKnownIsSeenAgainOnly() throws Exception {
    // given: the first look finds one scene, later ones a second that was sensed before it
    AtomicInteger looks = new AtomicInteger();
    api.answering((asked, server) ->
        looks.getAndIncrement() == 0
            ? LoopbackApi.page(item("a", "2024-02-28T00:00:00Z"), "")
            : LoopbackApi.page(
                item("a", "2024-02-28T00:00:00Z") + "," + item("late", "2024-02-25T00:00:00Z"),
                ""));
    Collected collected = new Collected();
    Path cursor = folder.resolve("cursor.json");

    // when
    try (StacApiSource source = polling("2024-03-01/..", cursor)) {
      Thread thread = Thread.ofPlatform().start(() -> source.read(collected));
      Awaitility.await().until(() -> looks.get() >= 3);
      source.close();
      thread.join();
    }

    // then: each look reaches ten days back from where the one before ended
    assertThat(collected.products()).contains("a", "late");
    assertThat(api.searches().get(1).json().path("datetime").asText())
        .isEqualTo("2024-02-20T00:00:00Z/2024-03-01T00:00:00Z");
  }

  private StacApiSource polling(String interval, Path cursor) {
    return polling(interval, cursor, Duration.ofMillis(50));
  }

  private StacApiSource polling(String interval, Path cursor, Duration pause) {
    return new StacApiSource(
        search(interval),
        api.settings(),
        new StacApiSource.Polling(pause, Duration.ofDays(10), cursor),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Test
  void givenABackfillBesideLivePolling_whenRestarted_thenGoesOnWhereItWas() throws Exception {
    // given: two slices of the past, then the server is down, then a restart
    List<String> intervals = new ArrayList<>();
    AtomicInteger searches = new AtomicInteger();
    api.answering((asked, server) -> {
      synchronized (intervals) {
        intervals.add(asked.json().path("datetime").asText());
      }
      return searches.incrementAndGet() > 3 ? "400" : LoopbackApi.page("", "");
    });
    Path cursor = folder.resolve("cursor.json");

    // when
    run(polling("2023-10-01/..", cursor, Duration.ofHours(1)), searches, 4);
    JsonNode saved = JSON.readTree(Files.readString(cursor));
    searches.set(-100);
    synchronized (intervals) {
      intervals.clear();
    }
    run(polling("2023-10-01/..", cursor, Duration.ofHours(1)), searches, -95);

    // then: live first, then the past from its start; after the restart from where it was
    assertThat(saved.path("backfilled").asText()).isEqualTo("2023-11-30T00:00:00Z");
    assertThat(saved.path("live").asText()).isEqualTo("2024-03-01T00:00:00Z");
    List<String> past =
        intervals.stream().filter(each -> !each.endsWith("/2024-03-01T00:00:00Z")).toList();
    assertThat(past)
        .containsExactly(
            "2023-11-30T00:00:00Z/2023-12-30T00:00:00Z",
            "2023-12-30T00:00:00Z/2024-01-29T00:00:00Z",
            "2024-01-29T00:00:00Z/2024-02-28T00:00:00Z");
  }

  private static void run(StacApiSource source, AtomicInteger searches, int until)
      throws InterruptedException {
    try (source) {
      Thread thread = Thread.ofPlatform().start(() -> source.read(new Collected()));
      Awaitility.await().until(() -> searches.get() >= until);
      source.close();
      thread.join();
    }
  }

  @Test
  void givenTheCursorOfAnotherSearch_whenPolled_thenItIsNotUsed() throws Exception {
    // given
    Path cursor = folder.resolve("cursor.json");
    Files.writeString(cursor, "{\"source\":\"another\"}");

    // when / then
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> Collected.of(polling("2024-02-01/..", cursor)))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.STORAGE_CORRUPT));
  }
}
