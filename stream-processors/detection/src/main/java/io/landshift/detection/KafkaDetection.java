package io.landshift.detection;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.Detection;
import io.landshift.schemas.ModelRelease;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
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
        source(env, bootstrap, "scenes", SceneAvailable.class, registryUrl);
    SingleOutputStreamOperator<ModelRelease> releases =
        source(env, bootstrap, "model-releases", ModelRelease.class, registryUrl);
    DetectionJob.Results results = DetectionJob.build(scenes, releases, settings);
    sink(results.detections(), bootstrap, "detections", registryUrl, Detection::getObjectId);
    sink(results.outcomes(), bootstrap, "scene-outcomes", registryUrl, SceneOutcome::getGridCode);
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
    sink(deadLetters, bootstrap, "dead-letters", registryUrl, KafkaDetection::keyOf);
  }

  private static String keyOf(DeadLetter letter) {
    return letter.getGridCode() != null
        ? letter.getGridCode()
        : String.valueOf(letter.getSourceTopic());
  }

  private static <T extends SpecificRecord> SingleOutputStreamOperator<T> source(
      StreamExecutionEnvironment env,
      String bootstrap,
      String topic,
      Class<T> type,
      String registryUrl) {
    KafkaSource<KafkaRecord> source =
        KafkaSource.<KafkaRecord>builder()
            .setBootstrapServers(bootstrap)
            .setTopics(topic)
            .setGroupId(GROUP)
            // A job that goes on has its offsets in the checkpoint; a new one takes up everything.
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setProperty("isolation.level", "read_committed")
            .setDeserializer(new RecordReader())
            .build();
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), topic)
        .uid("read-" + topic)
        .process(new RecordDecoder<>(type, registryUrl))
        .returns(TypeInformation.of(type))
        .name("decode-" + topic)
        .uid("decode-" + topic);
  }

  private static <T extends SpecificRecord> void sink(
      DataStream<T> records, String bootstrap, String topic, String registryUrl, KeyOf<T> key) {
    Properties producer = new Properties();
    producer.setProperty("transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS);
    producer.setProperty("linger.ms", "5");
    KafkaSink<T> sink =
        KafkaSink.<T>builder()
            .setBootstrapServers(bootstrap)
            .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            .setTransactionalIdPrefix("landshift-" + topic)
            .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
            .setKafkaProducerConfig(producer)
            .setRecordSerializer(
                KafkaRecordSerializationSchema.<T>builder()
                    .setTopic(topic)
                    .setKeySerializationSchema(
                        (SerializationSchema<T>)
                            record -> key.of(record).getBytes(StandardCharsets.UTF_8))
                    .setValueSerializationSchema(new RecordEncoder<>(registryUrl))
                    .build())
            .build();
    records.sinkTo(sink).name("write-" + topic).uid("write-" + topic);
  }

  private interface KeyOf<T> extends java.io.Serializable {
    String of(T record);
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
