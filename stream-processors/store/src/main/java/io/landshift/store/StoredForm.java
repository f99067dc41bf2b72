package io.landshift.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The form in which a content is stored: a head, then blocks of equal size, each packed by itself.
 * The head has the SHA-256 of all that follows it, and the length and CRC-32C of each block; the
 * content's name is the SHA-256 of the head, and so stands for every bit. {@link StoredContent}
 * reads it.
 */
final class StoredForm {
  /** Bytes of a block before it is packed; the last one may have fewer. */
  static final int BLOCK = 1 << 17;

  static final int MAGIC = 0x3450534C; // "LSP4"

  private static final int DIGEST_AT = 2 * Integer.BYTES + Long.BYTES;
  private static final int DIGEST_BYTES = 32;

  static final int TABLE_AT = DIGEST_AT + DIGEST_BYTES;

  private static final int ENTRY_BYTES = 2 * Integer.BYTES;

  /** The fastest level: most planes of bytes are long runs, which no level misses. */
  private static final int LEVEL = 1;

  private final int length;
  private final int bound;
  private final ByteBuffer head;
  private byte[] bytes;
  private int end;

  /**
   * @param width numbers in a row, 0 for bytes
   * @param bound most bytes of a packed block
   */
  private StoredForm(int length, int width, int bound) {
    this.length = length;
    this.bound = bound;
    head = ByteBuffer.allocate(headBytes(length)).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(MAGIC).putInt(width).putLong(length).position(TABLE_AT);
    // What reflectances come to; bytes are runs, nearly all of them.
    int expected = width > 0 ? length / 8 * 5 : length / 16;
    end = head.capacity();
    bytes = new byte[end + expected + bound];
  }

  /**
   * A content in its stored form.
   *
   * @param bytes its first {@code size} bytes are the form
   * @param digest its name
   */
  record Encoded(byte[] bytes, int size, String digest) {}

  /** Packs a block into its place and returns how many bytes it takes there. */
  private interface Packing {
    int pack(byte[] target, int at);
  }

  /**
   * The stored form of bytes: Zstandard frames.
   *
   * @param length bytes of the content
   * @throws IllegalArgumentException if it writes more or fewer
   */
  static Encoded encode(int length, PixelStore.Content content) {
    int most = Math.min(BLOCK, length);
    try (ZstdCompressCtx compressor = new ZstdCompressCtx()) {
      compressor.setLevel(LEVEL);
      StoredForm form = new StoredForm(length, 0, Math.toIntExact(Zstd.compressBound(most)));
      BlockStream blocks = form.new BlockStream(compressor, most);
      content.writeTo(blocks);
      blocks.end();
      return form.encoded();
    } catch (ZstdException e) {
      throw new LandshiftException(
          FailureReason.INTERNAL, length + " bytes cannot be compressed: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("the content cannot be given", e);
    }
  }

  /**
   * The stored form of 16-bit numbers, by {@link WordPacking}.
   *
   * @param width numbers in a row, at least 1
   */
  static Encoded encode(short[] words, int width) {
    int most = Math.min(BLOCK / 2, words.length);
    WordPacking packing = new WordPacking(width, most);
    int length = Math.multiplyExact(2, words.length);
    StoredForm form = new StoredForm(length, width, WordPacking.bound(most));
    for (int from = 0; from < words.length; from += BLOCK / 2) {
      int first = from;
      int count = Math.min(BLOCK / 2, words.length - from);
      form.add((target, at) -> packing.pack(words, first, count, target, at));
    }
    return form.encoded();
  }

  private void add(Packing packing) {
    if (bytes.length - end < bound) {
      bytes = Arrays.copyOf(bytes, Math.addExact(2 * bytes.length, bound));
    }
    int packed = packing.pack(bytes, end);
    head.putInt(packed).putInt(checksum(bytes, end, packed));
    end += packed;
  }

  private Encoded encoded() {
    MessageDigest digest = sha256();
    digest.update(bytes, head.capacity(), end - head.capacity());
    head.put(DIGEST_AT, digest.digest());
    System.arraycopy(head.array(), 0, bytes, 0, head.capacity());
    return new Encoded(bytes, end, hexDigest(bytes, head.capacity()));
  }

  /** Packs what is written to it, block by block. */
  private final class BlockStream extends OutputStream {
    private final ZstdCompressCtx compressor;
    private final byte[] block;
    private int filled;
    private long written;

    BlockStream(ZstdCompressCtx compressor, int most) {
      this.compressor = compressor;
      this.block = new byte[most];
    }

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int at, int count) {
      written += count;
      if (written > length) {
        throw new IllegalArgumentException("a content of " + length + " bytes goes on");
      }
      int done = 0;
      while (done < count) {
        int taken = Math.min(count - done, block.length - filled);
        System.arraycopy(from, at + done, block, filled, taken);
        filled += taken;
        done += taken;
        if (filled == block.length) {
          pack();
        }
      }
    }

    void end() {
      if (written < length) {
        throw new IllegalArgumentException(
            "a content of " + length + " bytes ends after " + written);
      }
      if (filled > 0) {
        pack();
      }
    }

    private void pack() {
      int count = filled;
      add((target, at) ->
          compressor.compressByteArray(target, at, target.length - at, block, 0, count));
      filled = 0;
    }
  }

  static int headBytes(long length) {
    return Math.toIntExact(TABLE_AT + ENTRY_BYTES * Math.ceilDiv(length, BLOCK));
  }

  static String hexDigest(byte[] stored, int bytes) {
    MessageDigest digest = sha256();
    digest.update(stored, 0, bytes);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static int checksum(byte[] stored, int at, int bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(stored, at, bytes);
    return (int) checksum.getValue();
  }
}
