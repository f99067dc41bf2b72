package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.landshift.detection.ClusterOptions.StateBackend;
import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.catalog.TopicReader;
import io.landshift.ops.local.PipelineUnderTest.Broker;
import io.landshift.schemas.Alert;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.HttpSchemaRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline with a schema registry that is another process. */
@Tag("it")
class RegistryIT {
  /** Enough of the series for two waves of clear-cuts. */
  private static final Instant END = Instant.parse("2018-10-01T00:00:00Z");

  /** More failures than the alerts topology takes of any other kind. */
  private static final int MANY = 12;

  @TempDir Path folder;

  private final EmbeddedKafka.Ports ports = EmbeddedKafka.Ports.free();

  private ApicurioRegistry startRegistry() {
    return ApicurioRegistry.start(
        ApicurioRegistry.installed(),
        folder.resolve("registry"),
        ports.broker(),
        ports.controller());
  }

  @Test
  void aRegistryThatGoesAndComesBackChangesNoAlert() throws Exception {
    // given
    List<SceneAvailable> series = DemoScenes.before(END);
    int half = series.size() / 2;
    Map<String, Detection> undisturbed;
    try (PipelineUnderTest pipeline =
        new PipelineUnderTest(folder.resolve("undisturbed"), 1, StateBackend.HASHMAP)) {
      pipeline.announce(series);
      pipeline.awaitSettled(series.size());
      undisturbed = Said.standingAlerts(pipeline.alerts());
    }
    assertThat(undisturbed.values())
        .hasSizeGreaterThan(5)
        .anyMatch(alert -> alert.getStatus() == DetectionStatus.CONFIRMED);

    ApicurioRegistry registry = startRegistry();
    Path work = folder.resolve("registered");
    try (PipelineUnderTest pipeline =
        new PipelineUnderTest(
            work, 1, StateBackend.HASHMAP, Broker.embedded(work), registry.url())) {
      pipeline.announce(series.subList(0, half));
      pipeline.awaitSettled(half);
      Map<String, Integer> ids = ids(registry.url());
      Detection stray =
          Detection.newBuilder(pipeline.detections().getFirst()).setObjectId("stray").build();

      // when: it goes, and nobody remembers a schema
      registry.close();
      pipeline.restart();
      pipeline.restartAlerts();
      pipeline.announce(series.subList(half, series.size()));
      pipeline.send(Topics.DETECTIONS, List.of(stray), Detection::getObjectId);
      String ofDetections = "/schemas/ids/" + ids.get(Detection.getClassSchema().getFullName());
      try (BrokenRegistry broken = BrokenRegistry.start(registry.url())) {
        await()
            .dontCatchUncaughtExceptions()
            .atMost(Duration.ofMinutes(3))
            .until(() -> broken.asked(ofDetections) >= MANY && pipeline.cluster().restarts() >= 3);
      }
      registry = startRegistry();
      pipeline.awaitUntil(
          "the stray object has an alert",
          () -> pipeline.alerts().stream().anyMatch(each -> isOf(stray, each)));
      pipeline.awaitSettled(series.size());

      // then
      assertThat(pipeline.deadLetters()).allMatch(letter -> letter.getProductId() != null);
      assertThat(pipeline.outcomes())
          .extracting(SceneOutcome::getProductId)
          .hasSize(series.size())
          .doesNotHaveDuplicates();
      assertThat(
              Said.standingAlerts(
                  pipeline.alerts().stream().filter(each -> !isOf(stray, each)).toList()))
          .isEqualTo(undisturbed);
      assertThat(ids(registry.url())).isEqualTo(ids);
      assertWrittenWithIds(pipeline.bootstrap(), ids);
    } finally {
      registry.close();
    }
  }

  private static boolean isOf(Detection detection, Alert alert) {
    return alert.getDetection().getObjectId().equals(detection.getObjectId());
  }

  /** The id of each event's schema. */
  private static Map<String, Integer> ids(URI url) {
    // As long as a busy machine may take: how fast it answers is not what is judged.
    HttpSchemaRegistry registry = new HttpSchemaRegistry(url, Duration.ofMinutes(1));
    Map<String, Integer> ids = new TreeMap<>();
    for (Topic topic : Topics.all()) {
      Schema schema = SpecificData.get().getSchema(topic.value());
      int id = registry.idOf(schema.getFullName(), schema);
      assertThat(registry.schemaOf(id)).isEqualTo(schema);
      ids.put(schema.getFullName(), id);
    }
    return ids;
  }

  private static void assertWrittenWithIds(String bootstrap, Map<String, Integer> ids) {
    TopicReader reader = new TopicReader(Map.of("bootstrap.servers", bootstrap));
    for (Topic topic :
        List.of(Topics.SCENES, Topics.SCENE_OUTCOMES, Topics.DETECTIONS, Topics.ALERTS)) {
      int id = ids.get(SpecificData.get().getSchema(topic.value()).getFullName());
      int[] records = {0};
      reader.records(
          topic,
          record -> {
            records[0]++;
            assertThat(record.value()).as(topic.name()).startsWith(0);
            assertThat(ByteBuffer.wrap(record.value()).getInt(1)).as(topic.name()).isEqualTo(id);
          });
      assertThat(records[0]).as(topic.name()).isPositive();
    }
  }

  @Test
  void aSchemaThatBreaksEarlierRecordsIsRefusedBeforeAnythingIsWritten() {
    // given: alerts that were written without any of today's fields
    Schema before =
        SchemaBuilder.record("Alert")
            .namespace("io.landshift.schemas")
            .fields()
            .optionalString("remark")
            .endRecord();
    try (ApicurioRegistry registry = startRegistry()) {
      new HttpSchemaRegistry(registry.url(), Duration.ofSeconds(10))
          .idOf(before.getFullName(), before);
      LocalStack.Options options =
          new LocalStack.Options(
              folder.resolve("stack"),
              EmbeddedKafka.Ports.free(),
              1,
              StateBackend.HASHMAP,
              registry.url());

      // when, then
      assertThatExceptionOfType(LandshiftException.class)
          .isThrownBy(() ->
              LocalStack.start(
                  options,
                  DetectionSettings.standard(folder.resolve("store"), folder.resolve("products"))))
          .withMessageContaining(registry.url().toString())
          .withMessageContaining("refuses today's schema of io.landshift.schemas.Alert")
          .withMessageContaining("alertId")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
    }
    assertThat(folder.resolve("stack")).doesNotExist();
  }

  @Test
  void aRegistryThatCannotStartSaysWhereToLook() throws Exception {
    // given: what is not a database
    Files.createDirectories(folder.resolve("registry/schemas.mv.db"));

    // when, then
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(this::startRegistry)
        .withMessageContaining(folder.resolve("registry/registry.log").toString())
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.SERVICE_UNAVAILABLE));
  }

  @Test
  void aRegistryWhosePortIsTakenNamesIt() throws Exception {
    // given
    try (ServerSocket taken =
        new ServerSocket(ports.controller(), 1, InetAddress.getLoopbackAddress())) {
      // when, then
      assertThatExceptionOfType(LandshiftException.class)
          .isThrownBy(this::startRegistry)
          .withMessageContaining(String.valueOf(taken.getLocalPort()))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.STORAGE_UNAVAILABLE));
    }
  }

  /** What answers in the registry's place that it cannot. */
  private record BrokenRegistry(HttpServer server, Queue<String> paths) implements AutoCloseable {
    static BrokenRegistry start(URI url) throws Exception {
      Queue<String> paths = new ConcurrentLinkedQueue<>();
      HttpServer server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()), 0);
      server.createContext(
          "/",
          exchange -> {
            paths.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
          });
      server.start();
      return new BrokenRegistry(server, paths);
    }

    long asked(String end) {
      return paths.stream().filter(path -> path.endsWith(end)).count();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
