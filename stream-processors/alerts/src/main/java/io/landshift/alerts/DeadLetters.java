package io.landshift.alerts;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.wire.EventCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Makes the dead letters of this application. Thread-safe. */
final class DeadLetters {
  private final EventCodec codec;
  private final String codeVersion;

  DeadLetters(EventCodec codec, String codeVersion) {
    this.codec = codec;
    this.codeVersion = codeVersion;
  }

  /** Whether a failure says something of the record and not of our surroundings. */
  static boolean isFaultOfRecord(LandshiftException failure) {
    return switch (failure.reason()) {
      case RECORD_UNREADABLE, METADATA_INVALID, LIMIT_EXCEEDED -> true;
      default -> false;
    };
  }

  /**
   * A record of topic {@code dead-letters}.
   *
   * @param gridCode the grid, where it is known; otherwise the source topic is the key
   * @param payload the record as it came, null where it had no value
   * @param nowMillis time of the failure in epoch milliseconds
   */
  Record<String, Object> letter(
      LandshiftException failure,
      String stage,
      Source source,
      @Nullable String gridCode,
      byte @Nullable [] payload,
      long nowMillis) {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setReason(failure.reason())
            .setStage(stage)
            .setMessage(failure.detail())
            .setGridCode(gridCode)
            .setSourceTopic(source.topic())
            .setSourcePartition(source.partition())
            .setSourceOffset(source.offset())
            .setPayload(ByteBuffer.wrap(payload == null ? new byte[0] : payload))
            .setCodeVersion(codeVersion)
            .setFailedAt(Instant.ofEpochMilli(nowMillis))
            .build();
    return new Record<>(
        gridCode == null ? source.topic() : gridCode, codec.encode(letter), nowMillis);
  }

  /** Where a record came from. */
  record Source(String topic, int partition, long offset) {}
}
