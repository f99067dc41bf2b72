package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.landshift.schemas.BandAsset;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Modality;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class ScenePublisherIT {
  private static final Instant NOW = Instant.parse("2024-01-01T00:00:00Z");
  private static final EventCodec CODEC = EventCodec.embedded();

  @TempDir static Path folder;
  private static TestBroker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = new TestBroker(folder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static ScenePublisher open(String source) {
    return ScenePublisher.open(
        broker.kafka(), source, CODEC, Clock.fixed(NOW, ZoneOffset.UTC), "test");
  }

  private static SceneAvailable scene(String grid, String product, long generation) {
    return SceneAvailable.newBuilder()
        .setGrid(new Grid(grid, "EPSG:32633", 0.0, 0.0, 10.0, 100, 100))
        .setWindow(new PixelWindow(0, 0, 100, 100))
        .setSensor("sentinel-2-msi")
        .setProductId(product)
        .setGeneration(generation)
        .setSensingTime(NOW.minusSeconds(3600))
        .setBands(
            List.of(
                new BandAsset(
                    "B04", "red", 0.665, Modality.OPTICAL, "/a.tif", 1, 1e-4, 0.0, 0.0, null)))
        .setAnnouncedAt(Instant.EPOCH)
        .build();
  }

  private static SceneFailure failure(String document, byte[] payload) {
    return new SceneFailure(
        FailureReason.METADATA_INVALID, "It is wrong.", "/source", document, payload);
  }

  private static List<SceneAvailable> announced(String product) {
    List<SceneAvailable> scenes = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : broker.records(Topics.SCENES)) {
      // The poison of another test is shorter than any event.
      if (record.value() != null && record.value().length > 10) {
        SceneAvailable scene = CODEC.decode(SceneAvailable.class, record.value());
        assertThat(record.key()).isEqualTo(scene.getGrid().getCode());
        if (scene.getProductId().startsWith(product)) {
          scenes.add(scene);
        }
      }
    }
    return scenes;
  }

  private static List<DeadLetter> letters(String document) {
    return broker.records(Topics.DEAD_LETTERS).stream()
        .map(record -> CODEC.decode(DeadLetter.class, record.value()))
        .filter(letter -> letter.getMessage().contains(document))
        .toList();
  }

  @Test
  void announcesEachSceneOnceHoweverOftenTheSourceIsRead(TestInfo info) {
    // given
    List<SceneAvailable> scenes =
        List.of(
            scene("G1", "once-a", 0),
            scene("G2", "once-a", 0),
            scene("G1", "once-b", 0),
            scene("G1", "once-a", 0));

    // when
    for (int run = 0; run < 3; run++) {
      try (ScenePublisher publisher = open(info.getDisplayName())) {
        scenes.forEach(publisher::scene);
        publisher.failure(failure("once.json", "{".getBytes(StandardCharsets.UTF_8)));
        publisher.failure(failure("once.json", "{".getBytes(StandardCharsets.UTF_8)));
        publisher.flush();

        // then
        boolean first = run == 0;
        assertThat(publisher.counts())
            .isEqualTo(new ScenePublisher.Counts(first ? 3 : 0, first ? 1 : 4, first ? 1 : 0));
      }
    }
    assertThat(announced("once"))
        .hasSize(3)
        .allSatisfy(scene -> assertThat(scene.getAnnouncedAt()).isEqualTo(NOW));
    assertThat(letters("once.json"))
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.getReason()).isEqualTo(FailureReason.METADATA_INVALID);
          assertThat(letter.getStage()).isEqualTo("publish");
          assertThat(letter.getPayload())
              .isEqualTo(ByteBuffer.wrap("{".getBytes(StandardCharsets.UTF_8)));
          assertThat(letter.getFailedAt()).isEqualTo(NOW);
          assertThat(letter.getCodeVersion()).isEqualTo("test");
        });
  }

  @Test
  void announcesAnotherGenerationAndWhatOtherSourcesHaveAnnouncedIsNotRepeated() {
    try (ScenePublisher publisher = open("one")) {
      publisher.scene(scene("G1", "gen", 1));
      publisher.flush();
    }
    try (ScenePublisher publisher = open("two")) {
      publisher.scene(scene("G1", "gen", 1));
      publisher.scene(scene("G1", "gen", 2));
      publisher.flush();
    }

    assertThat(announced("gen")).extracting(SceneAvailable::getGeneration).containsExactly(1L, 2L);
  }

  @Test
  void whatWasNotFlushedIsNotThereAndIsAnnouncedByTheNextRun() {
    try (ScenePublisher crashed = open("crash")) {
      crashed.scene(scene("G1", "crash-a", 0));
    }
    assertThat(announced("crash")).isEmpty();
    try (ScenePublisher next = open("crash")) {
      next.scene(scene("G1", "crash-a", 0));
      next.flush();
    }
    assertThat(announced("crash")).hasSize(1);
  }

  @Test
  void aSecondPublisherOfASourcePutsTheFirstOutOfService() {
    try (ScenePublisher first = open("fenced")) {
      first.scene(scene("G1", "fenced-a", 0));
      first.flush();
      try (ScenePublisher second = open("fenced")) {
        second.scene(scene("G1", "fenced-b", 0));
        second.flush();
      }

      assertThatExceptionOfType(LandshiftException.class)
          .isThrownBy(() -> {
            first.scene(scene("G1", "fenced-c", 0));
            first.flush();
          })
          .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.SERVICE_UNAVAILABLE));
    }
    assertThat(announced("fenced"))
        .extracting(SceneAvailable::getProductId)
        .containsExactly("fenced-a", "fenced-b");
  }

  @Test
  void startsAlthoughTheTopicHoldsWhatIsNoScene() throws Exception {
    // given
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(broker.kafka(), new StringSerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(Topics.SCENES.name(), "x", new byte[] {1, 2, 3})).get();
      producer.send(new ProducerRecord<>(Topics.SCENES.name(), "x", null)).get();
    }

    // when
    try (ScenePublisher publisher = open("poison")) {
      publisher.scene(scene("G1", "poison-a", 0));
      publisher.flush();

      // then
      assertThat(publisher.counts().announced()).isEqualTo(1);
    }
  }

  @Test
  void announcesManyInOrderOfHandingOver() {
    try (ScenePublisher publisher = open("many")) {
      for (int i = 0; i < 1234; i++) {
        publisher.scene(scene("G1", "many-%05d".formatted(i), 0));
      }
      publisher.flush();
    }

    assertThat(announced("many")).extracting(SceneAvailable::getProductId).hasSize(1234).isSorted();
  }

  @Test
  void keepsTheStartOfAnEntryThatIsTooLargeForADeadLetter() {
    try (ScenePublisher publisher = open("large")) {
      publisher.failure(failure("large.json", new byte[12 << 20]));
      publisher.flush();
    }

    assertThat(letters("large.json"))
        .singleElement()
        .satisfies(letter -> assertThat(letter.getPayload().remaining()).isEqualTo(4 << 20));
    try (ScenePublisher again = open("large")) {
      again.failure(failure("large.json", new byte[12 << 20]));
      assertThat(again.counts().failures()).isZero();
    }
  }

  @Test
  void saysThatTheBrokerIsNotThere() {
    Map<String, Object> nowhere = Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", 500);

    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> ScenePublisher.open(nowhere, "x", CODEC, Clock.systemUTC(), "test"))
        .withMessageContaining("broker")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.SERVICE_UNAVAILABLE));
  }
}
