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

/** The form of a stored content: header and Zstandard frame. */
final class StoredContent {
  private static final int MAGIC = 0x3150534C; // "LSP1"
  private static final int PLAIN = 0;
  private static final int WORDS = 1;
  private static final int HEADER_BYTES = 2 * Integer.BYTES + Long.BYTES;

  /** The fastest level: most planes are long runs, which no level misses. */
  private static final int LEVEL = 1;

  private StoredContent() {}

  static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * @param words whether the content is to go through {@link WordFilter}
   */
  static ByteBuffer encode(byte[] content, boolean words) {
    byte[] source = words ? WordFilter.filter(content) : content;
    byte[] target = new byte[Math.toIntExact(HEADER_BYTES + Zstd.compressBound(content.length))];
    ByteBuffer stored = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
    stored.putInt(MAGIC).putInt(words ? WORDS : PLAIN).putLong(content.length);
    long length =
        Zstd.compressByteArray(
            target, HEADER_BYTES, target.length - HEADER_BYTES, source, 0, source.length, LEVEL);
    if (Zstd.isError(length)) {
      throw new LandshiftException(
          FailureReason.INTERNAL,
          content.length + " bytes cannot be compressed: " + Zstd.getErrorName(length));
    }
    return stored.rewind().limit(Math.toIntExact(HEADER_BYTES + length));
  }

  /**
   * @param limit largest length that is believed, in bytes
   * @param name names the content in messages
   */
  static byte[] decode(byte[] stored, String digest, long limit, String name) {
    ByteBuffer header = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
    if (stored.length <= HEADER_BYTES || header.getInt() != MAGIC) {
      throw corrupt(name, "it does not begin as stored pixels do");
    }
    int filter = header.getInt();
    if (filter != PLAIN && filter != WORDS) {
      throw corrupt(name, "it states an unknown filter, " + filter);
    }
    long length = header.getLong();
    if (length < 0 || length > limit) {
      throw corrupt(name, "it states a length of " + length + " bytes, " + limit + " are allowed");
    }
    byte[] unfolded = unfold(stored, length, name);
    byte[] content = filter == WORDS ? WordFilter.restore(unfolded) : unfolded;
    if (!digest(content).equals(digest)) {
      throw corrupt(name, "its content does not have the digest that its name states");
    }
    return content;
  }

  private static byte[] unfold(byte[] stored, long length, String name) {
    int frame = stored.length - HEADER_BYTES;
    try {
      // The frame states its length too: a damaged header must not make us reserve what it says.
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
