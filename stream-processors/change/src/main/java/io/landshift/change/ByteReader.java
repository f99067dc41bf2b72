package io.landshift.change;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link ByteWriter} wrote; bytes that end early or cannot be are refused with {@link
 * IllegalArgumentException}. Not safe for use by several threads.
 */
final class ByteReader {
  private final ByteBuffer buffer;
  private final String what;

  /**
   * @param what the name of the content, for messages
   */
  ByteReader(byte[] bytes, String what) {
    this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.what = what;
  }

  IllegalArgumentException damaged(String why) {
    return new IllegalArgumentException(
        what + " cannot be read at byte " + buffer.position() + ": " + why);
  }

  private ByteBuffer need(long bytes) {
    if (bytes < 0 || buffer.remaining() < bytes) {
      throw damaged("it ends early");
    }
    return buffer;
  }

  /** Refuses bytes that do not begin with the magic number. */
  ByteReader magic(int expected) {
    if (intOf() != expected) {
      throw damaged("not of this kind and version");
    }
    return this;
  }

  /** Refuses bytes that go on. */
  void end() {
    if (buffer.hasRemaining()) {
      throw damaged(buffer.remaining() + " bytes are left over");
    }
  }

  byte byteOf() {
    return need(1).get();
  }

  int intOf() {
    return need(Integer.BYTES).getInt();
  }

  float floatOf() {
    return need(Float.BYTES).getFloat();
  }

  byte[] bytes(int n) {
    byte[] values = new byte[checked(n, Byte.BYTES)];
    buffer.get(values);
    return values;
  }

  short[] shorts(int n) {
    short[] values = new short[checked(n, Short.BYTES)];
    buffer.asShortBuffer().get(values);
    buffer.position(buffer.position() + n * Short.BYTES);
    return values;
  }

  int[] ints(int n) {
    int[] values = new int[checked(n, Integer.BYTES)];
    buffer.asIntBuffer().get(values);
    buffer.position(buffer.position() + n * Integer.BYTES);
    return values;
  }

  /** The number of items, if so many of at least that size can still come. */
  int checked(int n, int bytesEach) {
    need((long) n * bytesEach);
    return n;
  }

  int numberOf() {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = byteOf();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0 && value <= Integer.MAX_VALUE) {
        return (int) value;
      }
    }
    throw damaged("a number is too large");
  }

  String text() {
    return new String(bytes(numberOf()), StandardCharsets.UTF_8);
  }
}
