package io.landshift.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The form of a stored content: header and Zstandard frame. Its name is the SHA-256 of this form
 * and not of the content, which is many times larger: whoever holds a digest can check the file
 * with any tool, and reading checks what came from the disk at the cost of what came from the disk.
 */
final class StoredContent {
  private static final int MAGIC = 0x3250534C; // "LSP2"
  private static final int HEADER_BYTES = 2 * Integer.BYTES + Long.BYTES;

  /** The fastest level: most planes are long runs, which no level misses. */
  private static final int LEVEL = 1;

  private StoredContent() {}

  static String digest(ByteBuffer stored) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(stored.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The stored form of bytes. */
  static ByteBuffer encode(byte[] content) {
    return frame(content, 0);
  }

  /**
   * The stored form of 16-bit numbers, which go through {@link WordFilter}.
   *
   * @param width numbers in a row, at least 1
   */
  static ByteBuffer encode(short[] words, int width) {
    return frame(WordFilter.filter(words, width), width);
  }

  private static ByteBuffer frame(byte[] source, int width) {
    byte[] target = new byte[Math.toIntExact(HEADER_BYTES + Zstd.compressBound(source.length))];
    ByteBuffer stored = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
    stored.putInt(MAGIC).putInt(width).putLong(source.length);
    long length =
        Zstd.compressByteArray(
            target, HEADER_BYTES, target.length - HEADER_BYTES, source, 0, source.length, LEVEL);
    if (Zstd.isError(length)) {
      throw new LandshiftException(
          FailureReason.INTERNAL,
          source.length + " bytes cannot be compressed: " + Zstd.getErrorName(length));
    }
    return stored.rewind().limit(Math.toIntExact(HEADER_BYTES + length));
  }

  /**
   * The bytes that were stored.
   *
   * @param limit largest length that is believed, in bytes
   * @param name names the content in messages
   */
  static byte[] decode(byte[] stored, String digest, long limit, String name) {
    ByteBuffer header = checked(stored, digest, name);
    if (header.getInt() != 0) {
      throw corrupt(name, "it holds 16-bit numbers where bytes are expected");
    }
    return unfold(stored, header.getLong(), limit, name);
  }

  /** The 16-bit numbers that were stored. */
  static short[] decodeWords(byte[] stored, String digest, long limit, String name) {
    ByteBuffer header = checked(stored, digest, name);
    int width = header.getInt();
    long length = header.getLong();
    if (width < 1 || length % 2 != 0) {
      throw corrupt(name, "it holds bytes where 16-bit numbers are expected");
    }
    return WordFilter.restore(unfold(stored, length, limit, name), width);
  }

  /** The header behind its first word. */
  private static ByteBuffer checked(byte[] stored, String digest, String name) {
    if (!digest(ByteBuffer.wrap(stored)).equals(digest)) {
      throw corrupt(name, "it does not have the digest that its name states");
    }
    ByteBuffer header = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
    if (stored.length <= HEADER_BYTES || header.getInt() != MAGIC) {
      throw corrupt(name, "it does not begin as stored pixels do");
    }
    return header;
  }

  private static byte[] unfold(byte[] stored, long length, long limit, String name) {
    if (length < 0 || length > limit) {
      throw corrupt(name, "it states a length of " + length + " bytes, " + limit + " are allowed");
    }
    int frame = stored.length - HEADER_BYTES;
    try {
      // The frame states its length too: a false header must not make us reserve what it says.
      if (Zstd.getFrameContentSize(stored, HEADER_BYTES, frame) != length) {
        throw corrupt(name, "its header and its frame state different lengths");
      }
      byte[] content = new byte[Math.toIntExact(length)];
      long read = Zstd.decompressByteArray(content, 0, content.length, stored, HEADER_BYTES, frame);
      if (Zstd.isError(read) || read != length) {
        throw corrupt(name, "it cannot be decompressed in full");
      }
      return content;
    } catch (ZstdException e) {
      throw corrupt(name, "it cannot be decompressed: " + e.getMessage());
    }
  }

  static LandshiftException corrupt(String name, String why) {
    return new LandshiftException(
        FailureReason.STORAGE_CORRUPT,
        "stored pixels "
            + name
            + " are not what was written: "
            + why
            + "; delete the file and let the scene be announced again, and check the disk");
  }
}
