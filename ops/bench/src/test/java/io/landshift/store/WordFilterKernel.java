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

  private final short[] words = new short[CHANNELS * SIDE * SIDE];
  private byte[] filtered;

  @Setup(Level.Trial)
  public void make() {
    Random random = new Random(1);
    for (int i = 0; i < words.length; i++) {
      words[i] = (short) (2000 + 40 * random.nextGaussian());
    }
    filtered = WordFilter.filter(words, SIDE);
  }

  @Benchmark
  public byte[] storeFilter() {
    return WordFilter.filter(words, SIDE);
  }

  @Benchmark
  public short[] storeRestore() {
    return WordFilter.restore(filtered, SIDE);
  }
}
