package io.landshift.detection;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.wire.EventCodec;
import java.net.URI;
import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes the records of a topic. A record that cannot be decoded becomes a dead letter with its
 * bytes and its place in the topic, and the stream goes on. Where the schema registry does not
 * answer, nothing is known of the record: the job then fails and is restarted until it does.
 */
final class RecordDecoder<T extends SpecificRecord> extends ProcessFunction<KafkaRecord, T> {
  private static final Logger log = LoggerFactory.getLogger(RecordDecoder.class);

  private final Class<T> type;
  private final String registryUrl;
  private transient EventCodec codec;

  /**
   * @param registryUrl the schema registry that the topic's writers use, or an empty text
   */
  RecordDecoder(Class<T> type, String registryUrl) {
    this.type = type;
    this.registryUrl = registryUrl;
  }

  @Override
  public void open(OpenContext context) {
    codec = EventCodec.configured(registryUrl.isEmpty() ? null : URI.create(registryUrl));
  }

  @Override
  public void processElement(KafkaRecord record, Context context, Collector<T> out) {
    try {
      out.collect(codec.decode(type, record.value()));
    } catch (LandshiftException e) {
      if (e.reason() == FailureReason.SERVICE_UNAVAILABLE) {
        throw e;
      }
      log.warn("{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
      context.output(Streams.DEAD_LETTERS, deadLetter(record, e));
    }
  }

  private static DeadLetter deadLetter(KafkaRecord record, LandshiftException cause) {
    return DeadLetter.newBuilder()
        .setReason(cause.reason())
        .setStage("decode")
        .setMessage(cause.detail())
        .setSourceTopic(record.topic())
        .setSourcePartition(record.partition())
        .setSourceOffset(record.offset())
        .setPayload(ByteBuffer.wrap(record.value()))
        .setFailedAt(Refusals.now())
        .build();
  }
}
