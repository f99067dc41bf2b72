package io.landshift.ops.local;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Topic;
import io.landshift.schemas.wire.EventCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the committed events of a topic from its beginning, in the order of each partition. Belongs
 * to one thread; owns a connection.
 */
public final class EventReader<T extends SpecificRecord> implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Class<T> type;
  private final EventCodec codec;

  private EventReader(KafkaConsumer<byte[], byte[]> consumer, Class<T> type, EventCodec codec) {
    this.consumer = consumer;
    this.type = type;
    this.codec = codec;
  }

  /**
   * Opens a topic.
   *
   * @param type the class of its events
   * @throws LandshiftException ASSET_MISSING where there is no such topic
   */
  public static <T extends SpecificRecord> EventReader<T> open(
      String bootstrap, Topic topic, Class<T> type, EventCodec codec) {
    Map<String, Object> properties =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      consumer.close();
      throw new LandshiftException(
          FailureReason.ASSET_MISSING,
          "there is no topic " + topic.name() + ": `landshift up` and `subscribe` make topics");
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return new EventReader<>(consumer, type, codec);
  }

  /** Events that have come since the last call; waits up to {@code patience} for the first. */
  public List<T> poll(Duration patience) {
    List<T> events = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      if (record.value() != null) {
        events.add(codec.decode(type, record.value()));
      }
    }
    return events;
  }

  /**
   * Gives the events up to where the topic ends now, those of a partition in their order.
   *
   * @throws LandshiftException SERVICE_UNAVAILABLE where the broker gives nothing for a minute
   */
  public void readToEnd(Consumer<T> use) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    long heardAt = System.nanoTime();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      List<T> events = poll(POLL);
      events.forEach(use);
      if (!events.isEmpty()) {
        heardAt = System.nanoTime();
      } else if (System.nanoTime() - heardAt > PATIENCE.toNanos()) {
        throw new LandshiftException(
            FailureReason.SERVICE_UNAVAILABLE,
            "the events cannot be read to their end: look at the broker's log");
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
