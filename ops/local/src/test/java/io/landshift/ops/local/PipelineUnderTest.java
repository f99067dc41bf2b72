package io.landshift.ops.local;

import io.landshift.alerts.AlertsApplication;
import io.landshift.alerts.AlertsSettings;
import io.landshift.detection.ClusterOptions;
import io.landshift.detection.DetectionCluster;
import io.landshift.detection.DetectionSettings;
import io.landshift.schemas.Alert;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.Detection;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A real broker, the alerts topology and a detection job on it that can be stopped, started again
 * and robbed of its task managers. Hears every committed event. Belongs to one thread.
 */
final class PipelineUnderTest implements AutoCloseable {
  private static final Duration CHECKPOINTS = Duration.ofMillis(500);
  private static final long QUIET_NANOS = 4_000_000_000L;
  private static final long LOOK_NANOS = 500_000_000L;
  private static final long PATIENCE_NANOS = 480_000_000_000L;

  private final Path folder;
  private final ClusterOptions options;
  private final @Nullable URI registry;
  private final EventCodec codec;
  private final Broker broker;
  private final List<EventReader<?>> readers = new ArrayList<>();
  private final EventReader<SceneOutcome> outcomeReader;
  private final EventReader<Detection> detectionReader;
  private final EventReader<Alert> alertReader;
  private final EventReader<DeadLetter> deadLetterReader;
  private final List<SceneOutcome> outcomes = new ArrayList<>();
  private final List<Detection> detections = new ArrayList<>();
  private final List<Alert> alerts = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private DetectionCluster cluster;
  private AlertsApplication alertsApplication;

  /** A broker that ends with the pipeline. */
  record Broker(String bootstrap, Runnable end) {
    static Broker embedded(Path folder) {
      EmbeddedKafka kafka =
          EmbeddedKafka.start(folder.resolve("kafka"), EmbeddedKafka.Ports.free());
      return new Broker(kafka.bootstrapServers(), kafka::close);
    }
  }

  PipelineUnderTest(Path folder, int taskManagers, ClusterOptions.StateBackend backend) {
    this(folder, taskManagers, backend, Broker.embedded(folder), null);
  }

  PipelineUnderTest(
      Path folder,
      int taskManagers,
      ClusterOptions.StateBackend backend,
      Broker broker,
      @Nullable URI registry) {
    this.folder = folder;
    this.broker = broker;
    this.registry = registry;
    codec = EventCodec.configured(registry);
    this.options =
        new ClusterOptions(taskManagers, 1, folder.resolve("checkpoints"), CHECKPOINTS, backend);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      new TopicCreator(admin).create(Topics.all());
    }
    codec.register(Topics.all());
    alertsApplication = startAlerts();
    outcomeReader = open(Topics.SCENE_OUTCOMES, SceneOutcome.class);
    detectionReader = open(Topics.DETECTIONS, Detection.class);
    alertReader = open(Topics.ALERTS, Alert.class);
    deadLetterReader = open(Topics.DEAD_LETTERS, DeadLetter.class);
    cluster = startJob();
  }

  private <T extends SpecificRecord> EventReader<T> open(Topic topic, Class<T> type) {
    EventReader<T> reader = EventReader.open(broker.bootstrap(), topic, type, codec);
    readers.add(reader);
    return reader;
  }

  /** What the job is told. */
  DetectionSettings settings() {
    return DetectionSettings.standard(store(), products());
  }

  Path store() {
    return folder.resolve("store");
  }

  Path products() {
    return folder.resolve("products");
  }

  private DetectionCluster startJob() {
    return DetectionCluster.start(
        options, settings(), broker.bootstrap(), registry == null ? "" : registry.toString());
  }

  private AlertsApplication startAlerts() {
    return AlertsApplication.start(
        AlertsSettings.of(broker.bootstrap(), folder.resolve("streams"), "test"),
        EventCodec.configured(registry));
  }

  /** Ends the alerts topology and starts another one, which remembers no schema. */
  void restartAlerts() {
    alertsApplication.close();
    alertsApplication = startAlerts();
  }

  /** The Flink cluster. */
  DetectionCluster cluster() {
    return cluster;
  }

  /** Stops the job with a savepoint and starts it again in another cluster, which goes on there. */
  void restartFromSavepoint() throws Exception {
    cluster.stopWithSavepoint();
    restart();
  }

  /** Ends the cluster as it is and starts another one, which goes on from the last checkpoint. */
  void restart() {
    cluster.close();
    cluster = startJob();
  }

  /** Announces scenes in this order. */
  void announce(List<SceneAvailable> scenes) {
    send(Topics.SCENES, scenes, scene -> scene.getGrid().getCode());
  }

  /** Writes events to a topic in this order. */
  <T extends SpecificRecord> void send(Topic topic, List<T> events, Function<T, String> key) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (T event : events) {
        byte[] bytes = key.apply(event).getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic.name(), bytes, codec.encode(event)));
      }
    }
  }

  /**
   * Listens until {@code condition} holds.
   *
   * @throws IllegalStateException if it does not within minutes, or the job has ended
   */
  void awaitUntil(String what, BooleanSupplier condition) {
    long started = System.nanoTime();
    while (!condition.getAsBoolean()) {
      hear(Duration.ofMillis(20));
      if (!cluster.isAlive()) {
        throw new IllegalStateException("the job ended before " + what);
      }
      if (System.nanoTime() - started > PATIENCE_NANOS) {
        throw new IllegalStateException("waited in vain until " + what);
      }
    }
  }

  /** The broker's address. */
  String bootstrap() {
    return broker.bootstrap();
  }

  /** Listens until so many scenes have an outcome, and nothing more comes or is written. */
  void awaitSettled(int scenes) {
    long[] lastNews = {System.nanoTime()};
    long[] lastLook = {0};
    long[] written = {0};
    awaitUntil(
        scenes + " scenes have an outcome and all is quiet",
        () -> {
          boolean heard = hear(Duration.ofMillis(20));
          if (System.nanoTime() - lastLook[0] > LOOK_NANOS) {
            lastLook[0] = System.nanoTime();
            long now = written();
            heard |= now != written[0];
            written[0] = now;
          }
          if (heard) {
            lastNews[0] = System.nanoTime();
          }
          Set<String> products = new HashSet<>();
          outcomes.forEach(outcome -> products.add(outcome.getProductId()));
          return products.size() >= scenes && System.nanoTime() - lastNews[0] > QUIET_NANOS;
        });
  }

  /** Changes with every file that comes, goes or grows in the store and the products. */
  private long written() {
    long sum = 0;
    for (Path root : List.of(store(), products())) {
      try (Stream<Path> files = Files.exists(root) ? Files.walk(root) : Stream.empty()) {
        for (Path file : (Iterable<Path>) files::iterator) {
          File each = file.toFile();
          sum += each.lastModified() + 31 * each.length() + file.hashCode();
        }
      } catch (IOException | UncheckedIOException e) {
        return System.nanoTime(); // A file went while it was looked at.
      }
    }
    return sum;
  }

  /** Listens until the condition holds, but for no longer than this; then the caller sees why. */
  void listenUntil(Duration atMost, BooleanSupplier condition) {
    long until = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < until && !condition.getAsBoolean()) {
      hear(Duration.ofMillis(500));
    }
  }

  /** Listens once; returns whether anything came. */
  private boolean hear(Duration patience) {
    int before = outcomes.size() + detections.size() + alerts.size() + deadLetters.size();
    outcomes.addAll(outcomeReader.poll(patience));
    detections.addAll(detectionReader.poll(Duration.ZERO));
    alerts.addAll(alertReader.poll(Duration.ZERO));
    deadLetters.addAll(deadLetterReader.poll(Duration.ZERO));
    return outcomes.size() + detections.size() + alerts.size() + deadLetters.size() > before;
  }

  /** Every outcome so far, in the order of the topic. */
  List<SceneOutcome> outcomes() {
    return List.copyOf(outcomes);
  }

  /** Every detection so far, in order for each object. */
  List<Detection> detections() {
    return List.copyOf(detections);
  }

  /** Every alert so far, in order for each alert. */
  List<Alert> alerts() {
    return List.copyOf(alerts);
  }

  /** Every dead letter so far. */
  List<DeadLetter> deadLetters() {
    return List.copyOf(deadLetters);
  }

  @Override
  public void close() {
    try {
      cluster.close();
    } finally {
      readers.forEach(EventReader::close);
      alertsApplication.close();
      broker.end().run();
    }
  }
}
