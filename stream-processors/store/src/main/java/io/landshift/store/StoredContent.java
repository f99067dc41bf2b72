package io.landshift.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The form of a stored content: a header, then blocks of equal size, each a Zstandard frame behind
 * its length. Its name is the SHA-256 of this form and not of the content, which is many times
 * larger: whoever holds a digest can check the file with any tool, and reading checks what came
 * from the disk at the cost of what came from the disk.
 *
 * <p>Blocks can be read without each other, so that who needs one plane of many unfolds no more;
 * and a block stays in the processor's cache from the filter to the compressor.
 */
final class StoredContent {
  /** Bytes of a block; the last one may have fewer. */
  static final int BLOCK = 1 << 17;

  private static final int MAGIC = 0x3350534C; // "LSP3"
  private static final int HEADER_BYTES = 2 * Integer.BYTES + Long.BYTES;

  /** No frame is shorter than a byte behind its length. */
  private static final long LEAST_BLOCK_BYTES = Integer.BYTES + 1;

  /** The fastest level: most planes are long runs, which no level misses. */
  private static final int LEVEL = 1;

  private final byte[] stored;
  private final int width;
  private final long length;
  private final String name;

  private StoredContent(byte[] stored, int width, long length, String name) {
    this.stored = stored;
    this.width = width;
    this.length = length;
    this.name = name;
  }

  static String digest(ByteBuffer stored) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(stored.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Fills a block with the content from a place on, as it is to be compressed. */
  private interface Source {
    void fill(int from, int bytes, byte[] block);
  }

  /** The stored form of bytes. */
  static ByteBuffer encode(byte[] content) {
    return frames(
        content.length,
        0,
        (from, bytes, block) -> System.arraycopy(content, from, block, 0, bytes));
  }

  /**
   * The stored form of 16-bit numbers, which go through {@link WordFilter}.
   *
   * @param width numbers in a row, at least 1
   */
  static ByteBuffer encode(short[] words, int width) {
    WordFilter filter = new WordFilter(width, BLOCK / 2);
    return frames(
        Math.multiplyExact(2, words.length),
        width,
        (from, bytes, block) -> filter.filter(words, from / 2, bytes / 2, block));
  }

  private static ByteBuffer frames(int length, int width, Source source) {
    byte[] block = new byte[Math.min(BLOCK, length)];
    int bound = Math.toIntExact(Zstd.compressBound(block.length)) + Integer.BYTES;
    byte[] bytes = new byte[HEADER_BYTES + bound];
    ByteBuffer stored = littleEndian(bytes);
    stored.putInt(MAGIC).putInt(width).putLong(length);
    try (ZstdCompressCtx compressor = new ZstdCompressCtx()) {
      compressor.setLevel(LEVEL);
      for (int from = 0; from < length; from += BLOCK) {
        int count = Math.min(BLOCK, length - from);
        if (stored.remaining() < bound) {
          bytes = Arrays.copyOf(bytes, 2 * bytes.length + bound);
          stored = littleEndian(bytes).position(stored.position());
        }
        source.fill(from, count, block);
        int frame = stored.position() + Integer.BYTES;
        int size =
            compressor.compressByteArray(bytes, frame, bytes.length - frame, block, 0, count);
        stored.putInt(size).position(frame + size);
      }
    } catch (ZstdException e) {
      throw new LandshiftException(
          FailureReason.INTERNAL, length + " bytes cannot be compressed: " + e.getMessage(), e);
    }
    return stored.flip();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * What was stored, checked against its digest.
   *
   * @param limit largest length that is believed, in bytes
   * @param name names the content in messages
   */
  static StoredContent of(byte[] stored, String digest, long limit, String name) {
    if (!digest(ByteBuffer.wrap(stored)).equals(digest)) {
      throw corrupt(name, "it does not have the digest that its name states");
    }
    ByteBuffer header = littleEndian(stored);
    if (stored.length < HEADER_BYTES || header.getInt() != MAGIC) {
      throw corrupt(name, "it does not begin as stored pixels do");
    }
    int width = header.getInt();
    long length = header.getLong();
    if (length < 0 || length > limit) {
      throw corrupt(name, "it states a length of " + length + " bytes, " + limit + " are allowed");
    }
    // A false header must not make us reserve what it says.
    if (Math.ceilDiv(length, BLOCK) * LEAST_BLOCK_BYTES > stored.length - HEADER_BYTES) {
      throw corrupt(name, "it states a length of " + length + " bytes and is too short for it");
    }
    return new StoredContent(stored, width, length, name);
  }

  /** All bytes that were stored. */
  byte[] bytes() {
    return bytes(0, Math.toIntExact(length));
  }

  /** The bytes from a place on. */
  byte[] bytes(int from, int count) {
    if (width != 0) {
      throw corrupt(name, "it holds 16-bit numbers where bytes are expected");
    }
    requireWithin(from, count, length);
    byte[] content = new byte[count];
    eachBlock(
        within(from, count),
        (block, start, bytes) -> {
          int first = Math.max(from, start);
          int end = Math.min(from + count, start + bytes);
          System.arraycopy(block, first - start, content, first - from, end - first);
        });
    return content;
  }

  /** The 16-bit numbers from a place on. */
  short[] words(int from, int count) {
    requireWords();
    requireWithin(from, count, length / 2);
    short[] content = new short[count];
    WordFilter filter = new WordFilter(width, BLOCK / 2);
    eachBlock(
        within(2L * from, 2L * count),
        (block, start, bytes) -> {
          short[] words = filter.restore(block, bytes / 2);
          int first = Math.max(from, start / 2);
          int end = Math.min(from + count, (start + bytes) / 2);
          System.arraycopy(words, first - start / 2, content, first - from, end - first);
        });
    return content;
  }

  /** All 16-bit numbers, 0 in blocks of which none is wanted, and behind them. */
  short[] words(PixelStore.Wanted wanted, int room) {
    requireWords();
    if (length / 2 > room) {
      throw corrupt(name, "it holds " + length / 2 + " numbers, at most " + room + " are expected");
    }
    short[] content = new short[room];
    WordFilter filter = new WordFilter(width, BLOCK / 2);
    eachBlock(
        (start, bytes) -> wanted.anyOf((int) start / 2, (int) start / 2 + bytes / 2),
        (block, start, bytes) ->
            System.arraycopy(filter.restore(block, bytes / 2), 0, content, start / 2, bytes / 2));
    return content;
  }

  private void requireWords() {
    if (width < 1 || length % 2 != 0) {
      throw corrupt(name, "it holds bytes where 16-bit numbers are expected");
    }
  }

  private void requireWithin(int from, int count, long numbers) {
    if (from < 0 || count < 0 || from + (long) count > numbers) {
      throw corrupt(name, count + " numbers from " + from + " on are not among its " + numbers);
    }
  }

  /** Whether a block is to be unfolded, by the place where it begins, and its bytes. */
  private interface Choice {
    boolean takes(long start, int bytes);
  }

  private static Choice within(long from, long count) {
    return (start, bytes) -> start < from + count && start + bytes > from;
  }

  /** Takes an unfolded block, which begins at a place of the content. */
  private interface Sink {
    void take(byte[] block, int start, int bytes);
  }

  /** Unfolds the blocks that are chosen, and sees that there are neither more nor fewer. */
  private void eachBlock(Choice choice, Sink sink) {
    ByteBuffer in = littleEndian(stored).position(HEADER_BYTES);
    byte[] block = new byte[BLOCK];
    try (ZstdDecompressCtx decompressor = new ZstdDecompressCtx()) {
      for (long start = 0; start < length; start += BLOCK) {
        int bytes = (int) Math.min(BLOCK, length - start);
        int frame = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (frame < 1 || frame > in.remaining()) {
          throw corrupt(name, "a block is cut off");
        }
        if (choice.takes(start, bytes)) {
          int read =
              decompressor.decompressByteArray(block, 0, BLOCK, stored, in.position(), frame);
          if (read != bytes) {
            throw corrupt(name, "a block has another length than it should");
          }
          sink.take(block, (int) start, bytes);
        }
        in.position(in.position() + frame);
      }
    } catch (ZstdException e) {
      throw corrupt(name, "it cannot be decompressed: " + e.getMessage());
    }
    if (in.hasRemaining()) {
      throw corrupt(name, "it goes on behind its last block");
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
