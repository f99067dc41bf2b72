package io.landshift.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import me.lemire.integercompression.BinaryPacking;
import me.lemire.integercompression.IntWrapper;

/**
 * Packs rows of 16-bit numbers: each is told by what it differs from the plane through its
 * neighbours above and to the left (left + above - the one between them), and of every 32
 * differences only the bits are kept that the largest one has (Lemire and Boytsov 2015, binary
 * packing). A block's first row has nothing above it.
 *
 * <p>Measured on Sentinel-2 reflectances against Zstandard over byte planes: as small, and a third
 * of the time. Owns scratch space: for one thread.
 */
final class WordPacking {
  /** What the packing takes at a time. */
  private static final int GROUP = 32;

  /** Numbers that share one of the packing's own heads. */
  private static final int HEADED = 4 * GROUP;

  private final int width;
  private final int most;
  private final BinaryPacking packing = new BinaryPacking();
  private final int[] numbers;
  private final int[] packed;
  private final short[] steps;

  /** A row less the one above it, behind a 0 for what lies to the left of it. */
  private final short[] row;

  /**
   * @param width numbers in a row, at least 1
   * @param most numbers in a block
   */
  WordPacking(int width, int most) {
    this.width = width;
    this.most = most;
    this.numbers = new int[roundedUp(most)];
    this.packed = new int[bound(most) / Integer.BYTES];
    this.steps = new short[most];
    this.row = new short[Math.min(width, most) + 1];
  }

  private static int roundedUp(int count) {
    return Math.ceilDiv(count, GROUP) * GROUP;
  }

  /** Bytes that no packed block of so many numbers exceeds. */
  static int bound(int count) {
    int heads = count / HEADED + HEADED / GROUP + 1;
    return Short.BYTES * roundedUp(count) + Integer.BYTES * heads;
  }

  /**
   * Packs one block.
   *
   * @param from the block's first number
   * @param count numbers of the block
   * @param target has room for {@link #bound} bytes
   * @param at where in the target they go
   * @return bytes
   */
  int pack(short[] source, int from, int count, byte[] target, int at) {
    for (int start = 0; start < count; start += width) {
      int length = Math.min(width, count - start);
      if (start == 0) {
        System.arraycopy(source, from, row, 1, length);
      } else {
        lessAbove(source, from + start, length);
      }
      lessLeft(start, length);
    }
    for (int i = 0; i < count; i++) {
      numbers[i] = steps[i] & 0xFFFF;
    }
    int rounded = roundedUp(count);
    Arrays.fill(numbers, count, rounded, 0);
    IntWrapper ints = new IntWrapper();
    packing.compress(numbers, new IntWrapper(), rounded, packed, ints);
    view(target, at).put(packed, 0, ints.get());
    return Integer.BYTES * ints.get();
  }

  private void lessAbove(short[] source, int at, int length) {
    for (int i = 0; i < length; i++) {
      row[i + 1] = (short) (source[at + i] - source[at + i - width]);
    }
  }

  /** Zigzag: twice the difference, with all bits turned where it is negative. */
  private void lessLeft(int start, int length) {
    for (int i = 0; i < length; i++) {
      int difference = (short) (row[i + 1] - row[i]);
      steps[start + i] = (short) (difference << 1 ^ difference >> 31);
    }
  }

  /**
   * Undoes {@link #pack}.
   *
   * @param source holds the packed block
   * @param at where in the source it begins
   * @param bytes how many it has
   * @param count numbers of the block
   * @param target receives the numbers
   * @param to where in the target the first one goes
   * @throws IllegalArgumentException if it is no block of so many numbers
   */
  void unpack(byte[] source, int at, int bytes, int count, short[] target, int to) {
    int ints = bytes / Integer.BYTES;
    IntWrapper numbersRead = new IntWrapper();
    if (bytes % Integer.BYTES != 0 || ints > packed.length || count > most) {
      throw new IllegalArgumentException("a block of " + bytes + " bytes");
    }
    view(source, at).get(packed, 0, ints);
    if (ints == 0 || packed[0] != roundedUp(count)) {
      throw new IllegalArgumentException("a block that is not of " + count + " numbers");
    }
    packing.uncompress(packed, new IntWrapper(), ints, numbers, numbersRead);
    restore(count, target, to);
  }

  private void restore(int count, short[] target, int to) {
    for (int i = 0; i < count; i++) {
      int step = numbers[i];
      numbers[i] = step >>> 1 ^ -(step & 1);
    }
    for (int start = 0; start < count; start += width) {
      int length = Math.min(width, count - start);
      int sum = 0;
      for (int i = 0; i < length; i++) {
        sum += numbers[start + i];
        row[i + 1] = (short) sum;
      }
      if (start == 0) {
        System.arraycopy(row, 1, target, to, length);
      } else {
        plusAbove(target, to + start, length);
      }
    }
  }

  private void plusAbove(short[] target, int at, int length) {
    for (int i = 0; i < length; i++) {
      target[at + i] = (short) (target[at + i - width] + row[i + 1]);
    }
  }

  private static IntBuffer view(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(at).asIntBuffer();
  }
}
