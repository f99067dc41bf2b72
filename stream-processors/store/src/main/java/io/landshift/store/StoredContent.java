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
import java.util.zip.CRC32C;

/**
 * The form of a stored content: a head, then blocks of equal size, each packed by itself. The head
 * has the SHA-256 of all that follows it, and the length and CRC-32C of each block; the content's
 * name is the SHA-256 of the head, and so stands for every bit.
 *
 * <p>Reading checks the head against the name, and of the blocks those that are read, by their
 * CRC-32C: what a disk spoils or mixes up is found, at a twentieth of what SHA-256 costs. Who needs
 * one plane of many unfolds no more.
 */
final class StoredContent {
  /** Bytes of a block before it is packed; the last one may have fewer. */
  static final int BLOCK = 1 << 17;

  private static final int MAGIC = 0x3450534C; // "LSP4"
  private static final int DIGEST_AT = 2 * Integer.BYTES + Long.BYTES;
  private static final int DIGEST_BYTES = 32;
  private static final int TABLE_AT = DIGEST_AT + DIGEST_BYTES;
  private static final int ENTRY_BYTES = 2 * Integer.BYTES;

  /** The fastest level: most planes of bytes are long runs, which no level misses. */
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

  private static long blocks(long length) {
    return Math.ceilDiv(length, BLOCK);
  }

  private static int headBytes(long length) {
    return Math.toIntExact(TABLE_AT + ENTRY_BYTES * blocks(length));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String hexDigest(byte[] stored, int bytes) {
    MessageDigest digest = sha256();
    digest.update(stored, 0, bytes);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static int checksum(byte[] stored, int at, int bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(stored, at, bytes);
    return (int) checksum.getValue();
  }

  /**
   * A content in its stored form.
   *
   * @param bytes its first {@code size} bytes are the form
   * @param digest its name
   */
  record Encoded(byte[] bytes, int size, String digest) {}

  /** Packs a block of the content. */
  private interface Packing {
    /**
     * @param from where in the content the block begins, bytes
     * @param count bytes of the content
     * @param target receives the packed block
     * @param at where in the target it goes
     * @return bytes of the packed block
     */
    int pack(int from, int count, byte[] target, int at);
  }

  /** The stored form of bytes: Zstandard frames. */
  static Encoded encode(byte[] content) {
    try (ZstdCompressCtx compressor = new ZstdCompressCtx()) {
      compressor.setLevel(LEVEL);
      int bound = Math.toIntExact(Zstd.compressBound(Math.min(BLOCK, content.length)));
      return encode(
          content.length,
          0,
          bound,
          (from, count, target, at) ->
              compressor.compressByteArray(target, at, target.length - at, content, from, count));
    } catch (ZstdException e) {
      throw new LandshiftException(
          FailureReason.INTERNAL,
          content.length + " bytes cannot be compressed: " + e.getMessage(),
          e);
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
    return encode(
        Math.multiplyExact(2, words.length),
        width,
        WordPacking.bound(most),
        (from, count, target, at) -> packing.pack(words, from / 2, count / 2, target, at));
  }

  private static Encoded encode(int length, int width, int bound, Packing packing) {
    int head = headBytes(length);
    // What reflectances come to; bytes are runs, nearly all of them.
    int expected = width > 0 ? length / 8 * 5 : length / 16;
    byte[] bytes = new byte[head + expected + bound];
    ByteBuffer table = ByteBuffer.allocate(head).order(ByteOrder.LITTLE_ENDIAN);
    table.putInt(MAGIC).putInt(width).putLong(length).position(TABLE_AT);
    int end = head;
    for (int from = 0; from < length; from += BLOCK) {
      if (bytes.length - end < bound) {
        bytes = Arrays.copyOf(bytes, Math.addExact(2 * bytes.length, bound));
      }
      int packed = packing.pack(from, Math.min(BLOCK, length - from), bytes, end);
      table.putInt(packed).putInt(checksum(bytes, end, packed));
      end += packed;
    }
    MessageDigest digest = sha256();
    digest.update(bytes, head, end - head);
    table.put(DIGEST_AT, digest.digest());
    System.arraycopy(table.array(), 0, bytes, 0, head);
    return new Encoded(bytes, end, hexDigest(bytes, head));
  }

  /**
   * What was stored, its head checked against its digest.
   *
   * @param limit largest length that is believed, in bytes
   * @param name names the content in messages
   */
  static StoredContent of(byte[] stored, String digest, long limit, String name) {
    if (stored.length < TABLE_AT) {
      throw corrupt(name, "it is cut off");
    }
    ByteBuffer head = littleEndian(stored);
    if (head.getInt() != MAGIC) {
      throw corrupt(name, "it does not begin as stored pixels do");
    }
    int width = head.getInt();
    long length = head.getLong();
    if (length < 0 || length > limit) {
      throw corrupt(name, "it states a length of " + length + " bytes, " + limit + " are allowed");
    }
    // A false head must not make us reserve what it says.
    if (headBytes(length) > stored.length) {
      throw corrupt(name, "it states a length of " + length + " bytes and is too short for it");
    }
    if (!hexDigest(stored, headBytes(length)).equals(digest)) {
      throw corrupt(name, "it does not have the digest that its name states");
    }
    return new StoredContent(stored, width, length, name);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
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
    byte[] block = new byte[BLOCK];
    try (ZstdDecompressCtx decompressor = new ZstdDecompressCtx()) {
      eachBlock(
          within(from, count),
          (at, packed, start, bytes) -> {
            int read = decompressor.decompressByteArray(block, 0, BLOCK, stored, at, packed);
            if (read != bytes) {
              throw corrupt(name, "a block has another length than it should");
            }
            int first = Math.max(from, start);
            int end = Math.min(from + count, start + bytes);
            System.arraycopy(block, first - start, content, first - from, end - first);
          });
    } catch (ZstdException e) {
      throw corrupt(name, "it cannot be decompressed: " + e.getMessage());
    }
    return content;
  }

  /** The 16-bit numbers from a place on. */
  short[] words(int from, int count) {
    requireWords();
    requireWithin(from, count, length / 2);
    short[] content = new short[count];
    short[] block = new short[BLOCK / 2];
    eachBlockOfWords(
        within(2L * from, 2L * count),
        (unpacking, start, numbers) -> {
          unpacking.into(block, 0);
          int first = Math.max(from, start);
          int end = Math.min(from + count, start + numbers);
          System.arraycopy(block, first - start, content, first - from, end - first);
        });
    return content;
  }

  /**
   * All 16-bit numbers in their places; where none of a block is wanted, and behind them, what was
   * there stays.
   */
  void words(PixelStore.Wanted wanted, short[] content) {
    requireWords();
    if (length / 2 > content.length) {
      throw corrupt(
          name, "it holds " + length / 2 + " numbers, at most " + content.length + " are expected");
    }
    eachBlockOfWords(
        (start, bytes) -> wanted.anyOf((int) start / 2, (int) start / 2 + bytes / 2),
        (unpacking, start, numbers) -> unpacking.into(content, start));
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

  /** Takes a block as it is stored: where it lies, and what of the content it is. */
  private interface Sink {
    void take(int at, int packed, int start, int bytes);
  }

  /** Writes the numbers of a block into an array, from a place on. */
  private interface Unpacking {
    void into(short[] target, int to);
  }

  /** Takes a block of numbers, which begins at a place of the content. */
  private interface WordSink {
    void take(Unpacking unpacking, int start, int numbers);
  }

  private void eachBlockOfWords(Choice choice, WordSink sink) {
    WordPacking packing = new WordPacking(width, (int) Math.min(BLOCK / 2, length / 2));
    try {
      eachBlock(
          choice,
          (at, packed, start, bytes) ->
              sink.take(
                  (target, to) -> packing.unpack(stored, at, packed, bytes / 2, target, to),
                  start / 2,
                  bytes / 2));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw corrupt(name, "it cannot be unpacked: " + e.getMessage());
    }
  }

  /** Gives the blocks that are chosen, and sees that there are neither more nor fewer. */
  private void eachBlock(Choice choice, Sink sink) {
    ByteBuffer table = littleEndian(stored).position(TABLE_AT);
    int at = headBytes(length);
    for (long start = 0; start < length; start += BLOCK) {
      int packed = table.getInt();
      int checksum = table.getInt();
      if (packed < 0 || packed > stored.length - at) {
        throw corrupt(name, "a block is cut off");
      }
      int bytes = (int) Math.min(BLOCK, length - start);
      if (choice.takes(start, bytes)) {
        if (checksum(stored, at, packed) != checksum) {
          throw corrupt(name, "a block does not have the checksum that the head states");
        }
        sink.take(at, packed, (int) start, bytes);
      }
      at += packed;
    }
    if (at < stored.length) {
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
