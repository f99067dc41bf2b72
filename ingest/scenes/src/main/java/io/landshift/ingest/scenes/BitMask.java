package io.landshift.ingest.scenes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A mask of one bit a pixel, so that 64 pixels are grown or joined at once. Each row begins with a
 * word of its own, lowest bit first; bits after the last column are 0. Not thread-safe.
 */
final class BitMask {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The lowest and the highest bit of every byte. */
  private static final long LOWEST = 0x0101_0101_0101_0101L;

  private static final long HIGHEST = LOWEST << 7;

  /** Times this, the lowest bits of eight bytes come to lie in order in the highest byte. */
  private static final long GATHER = 0x0102_0408_1020_4080L;

  private final int width;
  private final int height;

  /** Words of a row. */
  private final int stride;

  private final long[] words;

  private BitMask(int width, int height, long[] words) {
    this.width = width;
    this.height = height;
    this.stride = stride(width);
    this.words = words;
  }

  /** A mask in which nothing is set. */
  static BitMask empty(int width, int height) {
    return new BitMask(width, height, new long[stride(width) * height]);
  }

  /**
   * The pixels that have a code.
   *
   * @param codes row-major, {@code width * height}; not negative, and neither is {@code code}
   */
  static BitMask where(byte[] codes, byte code, int width, int height) {
    BitMask mask = empty(width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x += Long.SIZE) {
        mask.words[y * mask.stride + x / Long.SIZE] =
            word(codes, code, y * width + x, Math.min(Long.SIZE, width - x));
      }
    }
    return mask;
  }

  private static long word(byte[] codes, byte code, int at, int count) {
    long word = 0;
    int bit = 0;
    for (; bit + Long.BYTES <= count; bit += Long.BYTES) {
      long different = (long) EIGHT.get(codes, at + bit) ^ code * LOWEST;
      // A byte of 0..127 plus 127 has its highest bit set unless it is 0; nothing is carried.
      long equal = ~(different + ~HIGHEST) >>> 7 & LOWEST;
      word |= ((equal * GATHER) >>> 56) << bit;
    }
    for (; bit < count; bit++) {
      word |= codes[at + bit] == code ? 1L << bit : 0;
    }
    return word;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int stride() {
    return stride;
  }

  /** {@code [row][word]}; not a copy. */
  long[] words() {
    return words;
  }

  void set(int x, int y) {
    words[y * stride + x / Long.SIZE] |= 1L << x;
  }

  /** Writes a code wherever a pixel is set. */
  void paint(byte[] codes, byte code) {
    for (int y = 0; y < height; y++) {
      for (int word = 0; word < stride; word++) {
        int start = y * width + word * Long.SIZE;
        for (long left = words[y * stride + word]; left != 0; left &= left - 1) {
          codes[start + Long.numberOfTrailingZeros(left)] = code;
        }
      }
    }
  }

  boolean isEmpty() {
    for (long word : words) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  /** How many pixels are set. */
  int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** Leaves only what is set in both masks, which are of one size. */
  void and(BitMask other) {
    for (int i = 0; i < words.length; i++) {
      words[i] &= other.words[i];
    }
  }

  BitMask copy() {
    return new BitMask(width, height, words.clone());
  }

  private static int stride(int width) {
    return Math.ceilDiv(width, Long.SIZE);
  }
}
