package io.landshift.detection;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.Detection;
import io.landshift.schemas.ModelRelease;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The detection job between topics: scenes and releases in, detections, outcomes and dead letters
 * out, exactly once.
 *
 * <p>Results become visible to {@code read_committed} consumers with each checkpoint.
 */
public final class KafkaDetection {
  private static final String GROUP = "landshift-detection";

  /** Longer than a checkpoint and a restart take; the broker's own limit is 15 minutes. */
  private static final String TRANSACTION_TIMEOUT_MILLIS = "600000";

  private KafkaDetection() {}

  /**
   * Adds the job to {@code env}.
   *
   * @param bootstrap the brokers, {@code host:port,...}
   * @param registryUrl the schema registry, or an empty text for Avro's single-object encoding
   */
  public static void attach(
      StreamExecutionEnvironment env,
      DetectionSettings settings,
      String bootstrap,
      String registryUrl) {
    SingleOutputStreamOperator<SceneAvailable> scenes =
        source(env, bootstrap, Topics.SCENES, SceneAvailable.class, registryUrl);
    SingleOutputStreamOperator<ModelRelease> releases =
        source(env, bootstrap, Topics.MODEL_RELEASES, ModelRelease.class, registryUrl);
    DetectionJob.Results results = DetectionJob.build(scenes, releases, settings);
    Sinks sinks = new Sinks(bootstrap, registryUrl);
    sinks.add(results.detections(), Topics.DETECTIONS, Detection.class, Detection::getObjectId);
    sinks.add(
        results.outcomes(), Topics.SCENE_OUTCOMES, SceneOutcome.class, SceneOutcome::getGridCode);
    DataStream<DeadLetter> deadLetters =
        results
            .deadLetters()
            .union(
                scenes
                    .getSideOutput(Streams.DEAD_LETTERS)
                    .union(releases.getSideOutput(Streams.DEAD_LETTERS))
                    .map(new FailureCounts())
                    .name("count-unreadable")
                    .uid("count-unreadable"));
    sinks.add(deadLetters, Topics.DEAD_LETTERS, DeadLetter.class, KafkaDetection::keyOf);
  }

  private static String keyOf(DeadLetter letter) {
    return letter.getGridCode() != null
        ? letter.getGridCode()
        : String.valueOf(letter.getSourceTopic());
  }

  private static <T extends SpecificRecord> SingleOutputStreamOperator<T> source(
      StreamExecutionEnvironment env,
      String bootstrap,
      Topic topic,
      Class<T> type,
      String registryUrl) {
    String name = topic.name();
    KafkaSource<KafkaRecord> source =
        KafkaSource.<KafkaRecord>builder()
            .setBootstrapServers(bootstrap)
            .setTopics(name)
            .setGroupId(GROUP)
            // A job that goes on has its offsets in the checkpoint; a new one takes up everything.
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setProperty("isolation.level", "read_committed")
            .setDeserializer(new RecordReader())
            .build();
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), name)
        .uid("read-" + name)
        .process(new RecordDecoder<>(type, registryUrl))
        .returns(TypeInformation.of(type))
        .name("decode-" + name)
        .uid("decode-" + name);
  }

  /** How results go to the brokers. */
  private record Sinks(String bootstrap, String registryUrl) {
    <T extends SpecificRecord> void add(
        DataStream<T> records, Topic topic, Class<T> type, KeyOf<T> key) {
      String name = topic.name();
      Properties producer = new Properties();
      producer.setProperty("transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS);
      producer.setProperty("linger.ms", "5");
      // What the topic takes the producer must not refuse: a refused record ends the job, again and
      // again.
      producer.setProperty("max.request.size", Integer.toString(topic.maximumBytes()));
      KafkaSink<T> sink =
          KafkaSink.<T>builder()
              .setBootstrapServers(bootstrap)
              .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
              .setTransactionalIdPrefix("landshift-" + name)
              .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
              .setKafkaProducerConfig(producer)
              .setRecordSerializer(
                  KafkaRecordSerializationSchema.<T>builder()
                      .setTopic(name)
                      .setKeySerializationSchema(new KeyEncoder<>(type, key))
                      .setValueSerializationSchema(new RecordEncoder<>(type, registryUrl))
                      .build())
              .build();
      records
          .sinkTo(new ClosingKafkaSink<>(sink, bootstrap))
          .name("write-" + name)
          .uid("write-" + name);
    }
  }

  private interface KeyOf<T> extends java.io.Serializable {
    String of(T record);
  }

  /** Writes a record's key as UTF-8. */
  private record KeyEncoder<T>(Class<T> type, KeyOf<T> key)
      implements SerializationSchema<T>, ResultTypeQueryable<T> {
    @Override
    public byte[] serialize(T record) {
      return key.of(record).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public TypeInformation<T> getProducedType() {
      return TypeInformation.of(type);
    }
  }

  private static final class RecordReader implements KafkaRecordDeserializationSchema<KafkaRecord> {
    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<KafkaRecord> out) {
      byte[] value = record.value() == null ? new byte[0] : record.value();
      out.collect(new KafkaRecord(record.topic(), record.partition(), record.offset(), value));
    }

    @Override
    public TypeInformation<KafkaRecord> getProducedType() {
      return TypeInformation.of(KafkaRecord.class);
    }
  }
}
