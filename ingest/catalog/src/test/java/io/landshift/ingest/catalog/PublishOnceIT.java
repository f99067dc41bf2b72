package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A polled STAC API before a real broker: restarts, repetitions and rivals publish once. */
@Tag("it")
class PublishOnceIT {
  private static final EventCodec CODEC = EventCodec.embedded();

  @TempDir static Path folder;
  private static TestBroker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = new TestBroker(folder.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static ScenePublisher publisher(SceneSource source) {
    return ScenePublisher.open(broker.kafka(), source.location(), CODEC, Clock.systemUTC(), "test");
  }

  private static List<String> published() {
    return broker.records(Topics.SCENES).stream()
        .map(record -> CODEC.decode(SceneAvailable.class, record.value()))
        .map(scene -> scene.getProductId() + "@" + scene.getGeneration())
        .sorted()
        .toList();
  }

  private static String item(String id, String created) {
    return """
    {"type":"Feature","stac_version":"1.0.0","id":"%s",
     "properties":{"datetime":"2024-01-05T00:00:00Z","created":"%s","proj:code":"EPSG:32633"},
     "assets":{"red":{"href":"https://data.example.org/%s/B04.tif","proj:shape":[100,100],
       "proj:transform":[10,0,500000,0,-10,5000000],
       "eo:bands":[{"name":"B04","common_name":"red"}]}}}
    """
        .formatted(id, created, id);
  }

  private static StacApiSource source(LoopbackApi api, StacApiSource.Polling polling) {
    return new StacApiSource(
        StacSearch.of(api.url(""), List.of("c"), null, "2024-01-01/2024-01-10"),
        api.settings("data.example.org"),
        polling,
        Clock.systemUTC());
  }

  /** Gotcha 20: a new generation is published, what is merely seen again is not. */
  @Test
  void restartsRepetitionsAndRivalsPublishOnceAndANewGenerationOnceMore() throws Exception {
    try (LoopbackApi api = new LoopbackApi()) {
      // given
      String first = item("a", "2024-01-06T00:00:00Z") + "," + item("b", "2024-01-06T00:00:00Z");
      api.answering((asked, server) -> LoopbackApi.page(first, ""));

      // when: read, and read again by another process
      for (int run = 0; run < 2; run++) {
        try (StacApiSource source = source(api, null);
            ScenePublisher publisher = publisher(source)) {
          source.read(publisher);
          assertThat(publisher.counts().announced()).isEqualTo(run == 0 ? 2 : 0);
        }
      }

      // when: polled, with one reprocessed meanwhile, until it was seen several times
      String later = first + "," + item("a", "2024-02-01T00:00:00Z");
      api.answering((asked, server) -> LoopbackApi.page(later, ""));
      poll(api);

      // then
      assertThat(published())
          .containsExactly("a@1704499200000", "a@1706745600000", "b@1704499200000");

      // when: a rival takes the source over while the first still holds it
      try (StacApiSource source = source(api, null);
          ScenePublisher former = publisher(source);
          ScenePublisher rival = publisher(source)) {
        String more = later + "," + item("c", "2024-01-06T00:00:00Z");
        api.answering((asked, server) -> LoopbackApi.page(more, ""));
        assertThatExceptionOfType(LandshiftException.class).isThrownBy(() -> source.read(former));
        source.read(rival);
      }

      // then
      assertThat(published())
          .containsExactly(
              "a@1704499200000", "a@1706745600000", "b@1704499200000", "c@1704499200000");
    }
  }

  private static void poll(LoopbackApi api) throws InterruptedException {
    int before = api.searches().size();
    StacApiSource.Polling often =
        new StacApiSource.Polling(
            Duration.ofMillis(50), Duration.ofDays(1), folder.resolve("cursor.json"));
    try (StacApiSource source = source(api, often);
        ScenePublisher publisher = publisher(source)) {
      Thread thread = Thread.ofPlatform().start(() -> source.read(publisher));
      Awaitility.await().until(() -> api.searches().size() > before + 4);
      source.close();
      thread.join();
    }
  }
}
