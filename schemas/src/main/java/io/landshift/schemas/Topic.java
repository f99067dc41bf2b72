package io.landshift.schemas;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * A Kafka topic of Landshift, as plain data. Immutable.
 *
 * @param name the topic's name
 * @param key what a record's key is; keys are UTF-8 text
 * @param value the event that the topic carries
 * @param partitions number of partitions, from 1
 * @param retention how long a record is kept after it arrived; {@link #FOREVER} for no end
 * @param compacted whether only the latest record of each key is kept, then without an end
 * @param maximumBytes largest batch of records, hence largest record, in bytes
 * @param writers who writes it
 * @param readers who reads it
 * @param doc what it is for
 */
public record Topic(
    String name,
    String key,
    Class<? extends SpecificRecord> value,
    int partitions,
    Duration retention,
    boolean compacted,
    int maximumBytes,
    List<String> writers,
    List<String> readers,
    String doc) {
  /** Retention without an end. */
  public static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  public Topic {
    writers = List.copyOf(writers);
    readers = List.copyOf(readers);
  }

  /**
   * The topic's configuration under Kafka's names. Retention counts from arrival, not from the
   * sensing time that a producer may put into a record.
   */
  public Map<String, String> configs() {
    Map<String, String> configs = new TreeMap<>();
    configs.put("cleanup.policy", compacted ? "compact" : "delete");
    configs.put("max.message.bytes", Integer.toString(maximumBytes));
    configs.put("message.timestamp.type", "LogAppendTime");
    if (!compacted) {
      configs.put(
          "retention.ms", retention.equals(FOREVER) ? "-1" : Long.toString(retention.toMillis()));
      configs.put("retention.bytes", "-1");
    }
    return Map.copyOf(configs);
  }
}
