package io.landshift.store;

import static io.landshift.store.StoredForm.BLOCK;
import static io.landshift.store.StoredForm.MAGIC;
import static io.landshift.store.StoredForm.TABLE_AT;
import static io.landshift.store.StoredForm.headBytes;
import static io.landshift.store.StoredForm.hexDigest;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A content that was stored in the form that {@link StoredForm} describes.
 *
 * <p>Reading checks the head against the name, and of the blocks those that are read, by their
 * CRC-32C: what a disk spoils or mixes up is found, at a twentieth of what SHA-256 costs. Who needs
 * one plane of many unfolds no more.
 */
final class StoredContent {
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
    requireBytes();
    requireWithin(from, count, length);
    byte[] content = new byte[count];
    byte[] block = new byte[BLOCK];
    try (ZstdDecompressCtx decompressor = new ZstdDecompressCtx()) {
      eachBlock(
          within(from, count),
          (at, packed, start, bytes) -> {
            unfold(decompressor, at, packed, block, bytes);
            int first = Math.max(from, start);
            int end = Math.min(from + count, start + bytes);
            System.arraycopy(block, first - start, content, first - from, end - first);
          });
    }
    return content;
  }

  /** All bytes that were stored, unfolded block by block as they are read. */
  InputStream stream() {
    requireBytes();
    return new BlockStream();
  }

  private final class BlockStream extends InputStream {
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final Blocks blocks = new Blocks();
    private final byte[] block = new byte[(int) Math.min(BLOCK, length)];
    private int position;
    private int limit;

    @Override
    public int read() {
      return hasMore() ? block[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int at, int count) {
      if (count == 0 || !hasMore()) {
        return count == 0 ? 0 : -1;
      }
      int taken = Math.min(count, limit - position);
      System.arraycopy(block, position, into, at, taken);
      position += taken;
      return taken;
    }

    private boolean hasMore() {
      if (position == limit && blocks.next()) {
        blocks.verify();
        unfold(decompressor, blocks.at, blocks.packed, block, blocks.bytes);
        position = 0;
        limit = blocks.bytes;
      }
      return position < limit;
    }

    @Override
    public void close() {
      decompressor.close();
    }
  }

  private void unfold(ZstdDecompressCtx decompressor, int at, int packed, byte[] block, int bytes) {
    try {
      int read = decompressor.decompressByteArray(block, 0, block.length, stored, at, packed);
      if (read != bytes) {
        throw corrupt(name, "a block has another length than it should");
      }
    } catch (ZstdException e) {
      throw corrupt(name, "it cannot be decompressed: " + e.getMessage());
    }
  }

  private void requireBytes() {
    if (width != 0) {
      throw corrupt(name, "it holds 16-bit numbers where bytes are expected");
    }
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
    Blocks blocks = new Blocks();
    while (blocks.next()) {
      if (choice.takes(blocks.start, blocks.bytes)) {
        blocks.verify();
        sink.take(blocks.at, blocks.packed, (int) blocks.start, blocks.bytes);
      }
    }
  }

  /** The blocks as they are stored, one after the other. */
  private final class Blocks {
    private final ByteBuffer table = littleEndian(stored).position(TABLE_AT);

    /** Where the block lies, packed. */
    private int at = headBytes(length);

    private int packed;
    private int checksum;

    /** What of the content it is. */
    private long start;

    private int bytes;

    /** Goes to the next block, if there is one; else sees to it that nothing follows. */
    boolean next() {
      at += packed;
      start += bytes;
      if (start == length) {
        packed = 0;
        bytes = 0;
        if (at < stored.length) {
          throw corrupt(name, "it goes on behind its last block");
        }
        return false;
      }
      packed = table.getInt();
      checksum = table.getInt();
      bytes = (int) Math.min(BLOCK, length - start);
      if (packed < 0 || packed > stored.length - at) {
        throw corrupt(name, "a block is cut off");
      }
      return true;
    }

    void verify() {
      if (StoredForm.checksum(stored, at, packed) != checksum) {
        throw corrupt(name, "a block does not have the checksum that the head states");
      }
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
