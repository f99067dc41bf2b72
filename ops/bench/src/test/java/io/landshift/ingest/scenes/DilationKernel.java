package io.landshift.ingest.scenes;

import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Growing of a cloud mask by 100 m at 10 m. */
@State(Scope.Thread)
public class DilationKernel {
  private static final int SIDE = 512;

  private final BitMask mask = BitMask.empty(SIDE, SIDE);

  @Setup(Level.Trial)
  public void make() {
    Random random = new Random(1);
    for (int cloud = 0; cloud < 60; cloud++) {
      int at = random.nextInt(SIDE * SIDE - SIDE * 20);
      for (int row = 0; row < 12; row++) {
        for (int column = 0; column < 12; column++) {
          int pixel = at + row * SIDE + column;
          mask.set(pixel % SIDE, pixel / SIDE);
        }
      }
    }
  }

  @Benchmark
  public Object dilation() {
    return Dilation.square(mask, 10);
  }
}
