package io.landshift.change;

import static io.landshift.change.FieldWriter.PIECE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads what {@link FieldWriter} wrote; a stream that ends early or goes on is refused with {@link
 * IllegalArgumentException}. Not safe for use by several threads.
 */
final class FieldReader {
  private final InputStream in;
  private final String what;
  private final byte[] bytes = new byte[Float.BYTES * PIECE];
  private final ByteBuffer piece = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * @param what the name of the content, for messages
   */
  FieldReader(InputStream in, String what) {
    this.in = in;
    this.what = what;
  }

  int intOf() throws IOException {
    fill(bytes, Integer.BYTES);
    return piece.getInt(0);
  }

  /** As many bytes as are said to come; a false number reserves no more than there are. */
  byte[] bytes(int count) throws IOException {
    if (count < 0) {
      throw new IllegalArgumentException(what + " states " + count + " bytes");
    }
    byte[] read = in.readNBytes(count);
    requireAll(read.length, count);
    return read;
  }

  void bytes(byte[] field) throws IOException {
    fill(field, field.length);
  }

  void floats(float[] field) throws IOException {
    for (int from = 0; from < field.length; from += PIECE) {
      int count = Math.min(PIECE, field.length - from);
      fill(bytes, Float.BYTES * count);
      piece.asFloatBuffer().get(field, from, count);
    }
  }

  void shorts(short[] field) throws IOException {
    for (int from = 0; from < field.length; from += PIECE) {
      int count = Math.min(PIECE, field.length - from);
      fill(bytes, Short.BYTES * count);
      piece.asShortBuffer().get(field, from, count);
    }
  }

  /** Refuses a stream that goes on. */
  void end() throws IOException {
    if (in.read() >= 0) {
      throw new IllegalArgumentException(what + " goes on where it should end");
    }
  }

  private void fill(byte[] into, int count) throws IOException {
    requireAll(in.readNBytes(into, 0, count), count);
  }

  private void requireAll(int read, int count) {
    if (read < count) {
      throw new IllegalArgumentException(what + " ends early");
    }
  }
}
