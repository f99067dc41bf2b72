package io.landshift.alerts;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;

/**
 * A record of topic {@code subscriptions} as it came, with its place. Immutable.
 *
 * @param value the record's bytes, checked by nobody yet
 */
record StoredSubscription(int partition, long offset, Bytes value) {
  private static final int HEADER = Integer.BYTES + Long.BYTES;

  /** Partition (4 bytes), offset (8 bytes), both big endian, value. */
  static Serde<StoredSubscription> serde() {
    return Serdes.serdeFrom(
        (topic, stored) -> stored == null ? null : stored.toBytes(),
        (topic, bytes) -> bytes == null ? null : fromBytes(bytes));
  }

  /** The record's place alone: what tells one record from its successor under the same key. */
  byte[] position() {
    return ByteBuffer.allocate(HEADER).putInt(partition).putLong(offset).array();
  }

  private byte[] toBytes() {
    return ByteBuffer.allocate(HEADER + value.get().length)
        .put(position())
        .put(value.get())
        .array();
  }

  private static StoredSubscription fromBytes(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new StoredSubscription(
        buffer.getInt(),
        buffer.getLong(),
        Bytes.wrap(Arrays.copyOfRange(bytes, HEADER, bytes.length)));
  }
}
