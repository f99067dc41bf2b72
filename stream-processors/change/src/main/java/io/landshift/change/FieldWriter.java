package io.landshift.change;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes fields of many numbers to a stream, little-endian, in pieces that stay in the processor's
 * cache. Not safe for use by several threads.
 */
final class FieldWriter {
  /** Numbers that are written or read at a time. */
  static final int PIECE = 1 << 12;

  private final OutputStream out;
  private final byte[] bytes = new byte[Float.BYTES * PIECE];
  private final ByteBuffer piece = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

  FieldWriter(OutputStream out) {
    this.out = out;
  }

  void intOf(int value) throws IOException {
    piece.putInt(0, value);
    out.write(bytes, 0, Integer.BYTES);
  }

  void bytes(byte[] field) throws IOException {
    out.write(field);
  }

  void floats(float[] field) throws IOException {
    for (int from = 0; from < field.length; from += PIECE) {
      int count = Math.min(PIECE, field.length - from);
      piece.asFloatBuffer().put(field, from, count);
      out.write(bytes, 0, Float.BYTES * count);
    }
  }

  void shorts(short[] field) throws IOException {
    for (int from = 0; from < field.length; from += PIECE) {
      int count = Math.min(PIECE, field.length - from);
      piece.asShortBuffer().put(field, from, count);
      out.write(bytes, 0, Short.BYTES * count);
    }
  }
}
