package io.landshift.ops.local;

import io.landshift.alerts.AlertsApplication;
import io.landshift.alerts.AlertsSettings;
import io.landshift.detection.ClusterOptions;
import io.landshift.detection.DetectionCluster;
import io.landshift.detection.DetectionSettings;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * The whole system in this process: broker, detection job and alerts topology, on one folder.
 *
 * <p>A stack started on the folder of an earlier one goes on where that stopped, also after a
 * crash. Owns what it starts; {@link #close} stops all of it.
 */
public final class LocalStack implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final EmbeddedKafka kafka;
  private final DetectionCluster detection;
  private final AlertsApplication alerts;
  private final EventCodec codec;

  private LocalStack(
      EmbeddedKafka kafka, DetectionCluster detection, AlertsApplication alerts, EventCodec codec) {
    this.kafka = kafka;
    this.detection = detection;
    this.alerts = alerts;
    this.codec = codec;
  }

  /**
   * How the stack runs.
   *
   * @param folder everything that must survive a restart lies below it
   * @param slots of Flink, each with threads of its own
   * @param stateBackend where Flink keeps its state
   * @param registry base URL of the schema registry whose ids records carry; null for Avro's
   *     single-object encoding
   */
  public record Options(
      Path folder,
      EmbeddedKafka.Ports ports,
      int slots,
      ClusterOptions.StateBackend stateBackend,
      @Nullable URI registry) {

    /** Without a schema registry. */
    public Options(
        Path folder,
        EmbeddedKafka.Ports ports,
        int slots,
        ClusterOptions.StateBackend stateBackend) {
      this(folder, ports, slots, stateBackend, null);
    }

    /** How often results become visible: a checkpoint of what lies on disk costs more files. */
    private Duration checkpointInterval() {
      return switch (stateBackend) {
        case HASHMAP -> Duration.ofMillis(500);
        case ROCKSDB -> Duration.ofSeconds(2);
      };
    }

    ClusterOptions cluster() {
      return new ClusterOptions(
          1, slots, folder.resolve("checkpoints"), checkpointInterval(), stateBackend);
    }
  }

  /**
   * Starts everything and returns when scenes can be published.
   *
   * @throws io.landshift.schemas.LandshiftException if the folder or a port cannot be used, or the
   *     schema registry does not answer or refuses a schema
   */
  public static LocalStack start(Options options, DetectionSettings settings) {
    EventCodec codec = EventCodec.configured(options.registry());
    codec.register(Topics.all());
    EmbeddedKafka kafka = EmbeddedKafka.start(options.folder().resolve("kafka"), options.ports());
    AlertsApplication alerts = null;
    try {
      createTopics(kafka.bootstrapServers());
      alerts =
          AlertsApplication.start(
              AlertsSettings.of(
                  kafka.bootstrapServers(), options.folder().resolve("streams"), Version.TEXT),
              codec);
      DetectionCluster detection =
          DetectionCluster.start(
              options.cluster(),
              settings,
              kafka.bootstrapServers(),
              Objects.toString(options.registry(), ""));
      alerts.awaitRunning(START_TIMEOUT);
      return new LocalStack(kafka, detection, alerts, codec);
    } catch (RuntimeException e) {
      if (alerts != null) {
        alerts.close();
      }
      kafka.close();
      throw e;
    }
  }

  private static void createTopics(String bootstrap) {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
      new TopicCreator(admin).create(Topics.all());
    }
  }

  /** The broker's address. */
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** How events are written on the wire. */
  public EventCodec codec() {
    return codec;
  }

  /** The detection job's last completed checkpoint. */
  public DetectionCluster.Checkpoint lastCheckpoint() {
    try {
      return detection.lastCheckpoint();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new DetectionCluster.Checkpoint(0, 0, 0);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Flink does not tell of its checkpoints", e);
    }
  }

  /** Whether the detection job works, or is about to after a failure. */
  public boolean isAlive() {
    return detection.isAlive();
  }

  @Override
  public void close() {
    try {
      detection.close();
    } finally {
      try {
        alerts.close();
      } finally {
        kafka.close();
      }
    }
  }
}
