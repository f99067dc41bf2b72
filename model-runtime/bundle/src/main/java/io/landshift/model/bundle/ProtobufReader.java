package io.landshift.model.bundle;

import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Walks the fields of one protobuf message in place.
 *
 * <p>Follows the wire format of protobuf; groups, which ONNX does not use, are refused. Never reads
 * outside its range: damaged input gives MODEL_INVALID. Not thread-safe.
 */
final class ProtobufReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final int end;
  private int position;
  private int field;
  private int wireType;

  ProtobufReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ProtobufReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() {
    if (position == end) {
      return false;
    }
    long tag = readVarint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw damaged();
    }
    return true;
  }

  /** Number of the current field. */
  int field() {
    return field;
  }

  /** Value of the current field, an integer. */
  long varint() {
    expect(VARINT);
    return readVarint();
  }

  /** Values of the current field, an integer that may be repeated, packed or not. */
  void varints(LongConsumer values) {
    if (wireType == VARINT) {
      values.accept(readVarint());
      return;
    }
    ProtobufReader packed = message();
    while (packed.position < packed.end) {
      values.accept(packed.readVarint());
    }
  }

  /** The current field, a message. */
  ProtobufReader message() {
    int length = length();
    ProtobufReader message = new ProtobufReader(bytes, position, position + length);
    position += length;
    return message;
  }

  /** Value of the current field, text in UTF-8. */
  String text() {
    int length = length();
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  /** Passes over the current field. */
  void skip() {
    switch (wireType) {
      case VARINT -> readVarint();
      case FIXED64 -> advance(8);
      case LENGTH_DELIMITED -> advance(length());
      case FIXED32 -> advance(4);
      default -> throw damaged();
    }
  }

  private int length() {
    expect(LENGTH_DELIMITED);
    long length = readVarint();
    if (length < 0 || length > end - position) {
      throw damaged();
    }
    return (int) length;
  }

  private void advance(int count) {
    if (count > end - position) {
      throw damaged();
    }
    position += count;
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position == end) {
        throw damaged();
      }
      byte next = bytes[position++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw damaged();
  }

  private void expect(int expected) {
    if (wireType != expected) {
      throw damaged();
    }
  }

  private static RuntimeException damaged() {
    return Invalid.model("the file is not an ONNX graph, or it is damaged");
  }
}
