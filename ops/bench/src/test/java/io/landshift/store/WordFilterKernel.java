package io.landshift.store;

import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The features of a chunk on their way to the store and back, without the compression. */
@State(Scope.Thread)
public class WordFilterKernel {
  private static final int SIDE = 512;
  private static final int CHANNELS = 7;

  private static final int BLOCK = StoredContent.BLOCK / 2;

  private final short[] words = new short[CHANNELS * SIDE * SIDE];
  private final byte[] filtered = new byte[2 * words.length];
  private final byte[] block = new byte[2 * BLOCK];
  private final WordFilter filter = new WordFilter(SIDE, BLOCK);

  @Setup(Level.Trial)
  public void make() {
    Random random = new Random(1);
    for (int i = 0; i < words.length; i++) {
      words[i] = (short) (2000 + 40 * random.nextGaussian());
    }
    for (int from = 0; from < words.length; from += BLOCK) {
      filter.filter(words, from, BLOCK, block);
      System.arraycopy(block, 0, filtered, 2 * from, 2 * BLOCK);
    }
  }

  @Benchmark
  public byte[] storeFilter() {
    for (int from = 0; from < words.length; from += BLOCK) {
      filter.filter(words, from, BLOCK, block);
    }
    return block;
  }

  /** With the copy out of a block, as reading has it. */
  @Benchmark
  public short[] storeRestore() {
    for (int from = 0; from < words.length; from += BLOCK) {
      System.arraycopy(filtered, 2 * from, block, 0, 2 * BLOCK);
      System.arraycopy(filter.restore(block, BLOCK), 0, words, from, BLOCK);
    }
    return words;
  }
}
