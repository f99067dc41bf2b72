package io.landshift.store;

import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The features of a chunk on their way to the store and back. */
@State(Scope.Thread)
public class WordPackingKernel {
  private static final int SIDE = 512;
  private static final int CHANNELS = 7;

  private static final int BLOCK = StoredForm.BLOCK / 2;

  private final short[] words = new short[CHANNELS * SIDE * SIDE];
  private final short[] unpacked = new short[words.length];
  private final byte[][] blocks = new byte[words.length / BLOCK][WordPacking.bound(BLOCK)];
  private final int[] bytes = new int[blocks.length];
  private final WordPacking packing = new WordPacking(SIDE, BLOCK);

  @Setup(Level.Trial)
  public void make() {
    Random random = new Random(1);
    for (int i = 0; i < words.length; i++) {
      words[i] = (short) (2000 + 40 * random.nextGaussian());
    }
    storePack();
  }

  @Benchmark
  public byte[][] storePack() {
    for (int block = 0; block < blocks.length; block++) {
      bytes[block] = packing.pack(words, block * BLOCK, BLOCK, blocks[block], 0);
    }
    return blocks;
  }

  @Benchmark
  public short[] storeUnpack() {
    for (int block = 0; block < blocks.length; block++) {
      packing.unpack(blocks[block], 0, bytes[block], BLOCK, unpacked, block * BLOCK);
    }
    return unpacked;
  }
}
