package io.landshift.change;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing little-endian buffer. Not safe for use by several threads. */
final class ByteWriter {
  private ByteBuffer buffer = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int needed = Math.addExact(buffer.position(), bytes);
      byte[] larger =
          Arrays.copyOf(buffer.array(), (int) Math.min(Integer.MAX_VALUE - 8L, 2L * needed));
      buffer = ByteBuffer.wrap(larger).position(buffer.position()).order(ByteOrder.LITTLE_ENDIAN);
    }
    return buffer;
  }

  ByteWriter byteOf(int value) {
    room(1).put((byte) value);
    return this;
  }

  ByteWriter intOf(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  ByteWriter floatOf(float value) {
    room(Float.BYTES).putFloat(value);
    return this;
  }

  ByteWriter bytes(byte[] values) {
    room(values.length).put(values);
    return this;
  }

  ByteWriter shorts(short[] values) {
    int bytes = Math.multiplyExact(values.length, Short.BYTES);
    ByteBuffer to = room(bytes);
    to.asShortBuffer().put(values);
    to.position(to.position() + bytes);
    return this;
  }

  ByteWriter ints(int[] values) {
    int bytes = Math.multiplyExact(values.length, Integer.BYTES);
    ByteBuffer to = room(bytes);
    to.asIntBuffer().put(values);
    to.position(to.position() + bytes);
    return this;
  }

  /** A number of at least 0 in one to five bytes, seven bits each, the lowest first. */
  ByteWriter numberOf(int value) {
    if (value < 0) {
      throw new IllegalArgumentException(value + " is below 0");
    }
    int left = value;
    while (left > 0x7F) {
      byteOf(left | 0x80);
      left >>>= 7;
    }
    return byteOf(left);
  }

  ByteWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return numberOf(utf8.length).bytes(utf8);
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
