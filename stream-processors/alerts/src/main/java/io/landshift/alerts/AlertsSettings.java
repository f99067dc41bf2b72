package io.landshift.alerts;

import io.landshift.schemas.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What the alerts application must be told. Immutable.
 *
 * @param bootstrapServers {@code host:port,...} of Kafka
 * @param applicationId name of the consumer group and prefix of the internal topics; state belongs
 *     to it
 * @param stateDirectory a folder of this application's own, made where it does not exist
 * @param codeVersion the version of Landshift that dead letters name
 * @param overrides further settings under Kafka Streams' names, which win
 */
public record AlertsSettings(
    String bootstrapServers,
    String applicationId,
    Path stateDirectory,
    String codeVersion,
    Map<String, String> overrides) {
  /** The application id that every installation uses unless told otherwise. */
  public static final String DEFAULT_APPLICATION_ID = "landshift-alerts";

  public AlertsSettings {
    overrides = Map.copyOf(overrides);
  }

  /** Settings with the default application id and no overrides. */
  public static AlertsSettings of(
      String bootstrapServers, Path stateDirectory, String codeVersion) {
    return new AlertsSettings(
        bootstrapServers, DEFAULT_APPLICATION_ID, stateDirectory, codeVersion, Map.of());
  }

  Properties streamsProperties() {
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // With exactly-once, what we write is seen at the commit: the interval is the latency.
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    // The default of 45 s is how long a restart after a crash would wait for the dead member.
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
    config.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topics.DEAD_LETTERS.maximumBytes());
    // What stops a send ends soon: the transaction is undone and repeated, and a topic that was
    // deleted under us is then found missing.
    config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), 20_000);
    config.put(StreamsConfig.producerPrefix(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), 10_000);
    config.put(StreamsConfig.producerPrefix(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), 20_000);
    config.putAll(overrides);
    Properties properties = new Properties();
    properties.putAll(config);
    return properties;
  }
}
