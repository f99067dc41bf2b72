package io.landshift.ingest.catalog;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a topic holds now: committed records from the start to the end. Thread-safe. */
public final class TopicReader {
  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Map<String, Object> kafka;

  /**
   * @param kafka how to reach the broker
   */
  public TopicReader(Map<String, Object> kafka) {
    this.kafka = Map.copyOf(kafka);
  }

  /**
   * @param use takes the value of every record; one that it cannot decode is skipped
   * @throws LandshiftException SERVICE_UNAVAILABLE where the topic does not exist or the broker
   *     does not answer
   */
  void forEach(Topic topic, Consumer<byte[]> use) {
    records(
        topic,
        record -> {
          if (record.value() != null) {
            use.accept(record.value());
          }
        });
  }

  /**
   * Reads the records of a topic, those of a partition in their order, with place, key and headers.
   *
   * @param use takes every record, also one without a value; one that it cannot decode is skipped
   * @throws LandshiftException SERVICE_UNAVAILABLE where the topic does not exist or the broker
   *     does not answer
   */
  public void records(Topic topic, Consumer<ConsumerRecord<byte[], byte[]>> use) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name(), PATIENCE).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new LandshiftException(
            FailureReason.SERVICE_UNAVAILABLE,
            "The topic " + topic.name() + " does not exist. Create Landshift's topics first.");
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      readTo(consumer.endOffsets(partitions, PATIENCE), consumer, topic, use);
    } catch (KafkaException e) {
      throw ScenePublisher.unavailable(e);
    }
  }

  private static void readTo(
      Map<TopicPartition, Long> ends,
      KafkaConsumer<byte[], byte[]> consumer,
      Topic topic,
      Consumer<ConsumerRecord<byte[], byte[]>> use) {
    long quietSince = System.nanoTime();
    while (!isAt(ends, consumer)) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        decode(record, use);
      }
      if (!records.isEmpty()) {
        quietSince = System.nanoTime();
      } else if (System.nanoTime() - quietSince > PATIENCE.toNanos()) {
        throw new LandshiftException(
            FailureReason.SERVICE_UNAVAILABLE,
            "The topic " + topic.name() + " cannot be read to its end. Look at the broker's log.");
      }
    }
  }

  private static void decode(
      ConsumerRecord<byte[], byte[]> record, Consumer<ConsumerRecord<byte[], byte[]>> use) {
    try {
      use.accept(record);
    } catch (LandshiftException e) {
      if (e.reason() != FailureReason.RECORD_UNREADABLE) {
        throw e;
      }
      LOG.debug(
          "{}-{} at {}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
    }
  }

  private static boolean isAt(
      Map<TopicPartition, Long> ends, KafkaConsumer<byte[], byte[]> consumer) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (consumer.position(end.getKey(), PATIENCE) < end.getValue()) {
        return false;
      }
    }
    return true;
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return config;
  }
}
