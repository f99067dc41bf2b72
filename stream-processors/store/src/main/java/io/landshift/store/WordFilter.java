package io.landshift.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Arrays;

/**
 * Makes rows of 16-bit numbers easier to compress: each number becomes its difference from the one
 * above it (zigzag, so that small differences of either sign have a high byte of 0), then all low
 * bytes come before all high bytes. A block's first row has nothing above it.
 *
 * <p>The neighbour above and not the one to the left: then no number waits for the one before it.
 * Four numbers are worked on at a time, as one of 64 bits. Owns scratch space: for one thread.
 */
final class WordFilter {
  private static final VarHandle LONGS = view(long[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final int LANES = 4;
  private static final long LOW_BYTES = 0x00FF_00FF_00FF_00FFL;
  private static final long LOWEST_BITS = 0x0001_0001_0001_0001L;
  private static final long ALL_BUT_HIGHEST_BITS = 0x7FFF_7FFF_7FFF_7FFFL;
  private static final long LANE = 0xFFFF;

  private final int width;
  private final short[] words;
  private final byte[] lanes;
  private final short[] differences;
  private final short[] above;

  /**
   * @param width numbers in a row, at least 1
   * @param most numbers in a block
   */
  WordFilter(int width, int most) {
    this.width = width;
    this.words = new short[most];
    this.lanes = new byte[2 * (most + LANES)];
    this.differences = new short[Math.min(width, most)];
    this.above = new short[Math.min(width, most)];
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Filters one block.
   *
   * @param from the block's first number
   * @param count numbers of the block
   * @param filtered receives {@code 2 * count} bytes
   */
  void filter(short[] source, int from, int count, byte[] filtered) {
    int first = Math.min(width, count);
    System.arraycopy(source, from, words, 0, first);
    for (int i = first; i < count; i++) {
      words[i] = (short) (source[from + i] - source[from + i - width]);
    }
    shorts().put(words, 0, count);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      long zigzag = zigzag((long) LONGS.get(lanes, 2 * i));
      INTS.set(filtered, i, (int) Long.compress(zigzag, LOW_BYTES));
      INTS.set(filtered, count + i, (int) Long.compress(zigzag, ~LOW_BYTES));
    }
    for (; i < count; i++) {
      long zigzag = zigzag(words[i]);
      filtered[i] = (byte) zigzag;
      filtered[count + i] = (byte) (zigzag >> 8);
    }
  }

  /**
   * Undoes {@link #filter}.
   *
   * @param filtered {@code 2 * count} bytes
   * @return the numbers, in an array that the next call writes to
   */
  short[] restore(byte[] filtered, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      long low = (int) INTS.get(filtered, i);
      long high = (int) INTS.get(filtered, count + i);
      LONGS.set(lanes, 2 * i, Long.expand(low, LOW_BYTES) | Long.expand(high, ~LOW_BYTES));
    }
    shorts().get(words, 0, i);
    for (; i < count; i++) {
      words[i] = (short) ((filtered[i] & 0xFF) | (filtered[count + i] & 0xFF) << 8);
    }
    Arrays.fill(above, (short) 0);
    for (int at = 0; at < count; at += width) {
      int length = Math.min(width, count - at);
      System.arraycopy(words, at, differences, 0, length);
      addDifferences(differences, above, length);
      System.arraycopy(above, 0, words, at, length);
    }
    return words;
  }

  /** Between rows that are arrays of their own: within one, each number might be the next one's. */
  private static void addDifferences(short[] zigzag, short[] above, int length) {
    for (int i = 0; i < length; i++) {
      int number = zigzag[i];
      above[i] = (short) (above[i] + ((number >>> 1 & Short.MAX_VALUE) ^ -(number & 1)));
    }
  }

  private ShortBuffer shorts() {
    return ByteBuffer.wrap(lanes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
  }

  /** Twice the number, with all bits turned where it is negative, in each lane. */
  private static long zigzag(long lanes) {
    long negative = (lanes >>> 15 & LOWEST_BITS) * LANE;
    return (lanes & ALL_BUT_HIGHEST_BITS) << 1 ^ negative;
  }
}
