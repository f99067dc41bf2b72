package io.landshift.ops.bench;

import io.landshift.change.ChunkCorrection;
import io.landshift.change.Lifecycle;
import io.landshift.change.LifecycleParameters;
import io.landshift.change.LifecycleStatus;
import io.landshift.change.LookPixels;
import io.landshift.change.Reference;
import io.landshift.change.ReferenceStatistics;
import io.landshift.change.ScoreQuantiser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What is done to every pixel of a chunk, on made numbers: mostly quiet ground, some clouds. */
@State(Scope.Thread)
public class Kernels {
  static final int SIDE = 512;
  static final int PIXELS = SIDE * SIDE;
  static final int CHANNELS = 7;

  private final byte[] source = new byte[64 << 20];
  private final byte[] target = new byte[64 << 20];
  private final float[] metric = new float[PIXELS];
  private final float[] step = new float[CHANNELS];
  private final float[] clip = new float[CHANNELS];
  private final float[] centre = new float[CHANNELS * PIXELS];
  private final short[] features = new short[CHANNELS * PIXELS];
  private final byte[] voting = new byte[PIXELS];
  private final LifecycleParameters parameters = LifecycleParameters.defaults();
  private LifecycleStatus status;

  /** The looks of one reference. */
  @State(Scope.Thread)
  public static class Looks {
    @Param({"3", "12"})
    int looks;

    private final List<LookPixels> inner = new ArrayList<>();

    @Setup(Level.Trial)
    public void make() {
      Random random = new Random(1);
      for (int k = 0; k < looks; k++) {
        inner.add(new LookPixels(features(random), usable(random), k - looks / 2));
      }
    }
  }

  @Setup(Level.Trial)
  public void make() {
    Random random = new Random(2);
    Arrays.fill(step, 1e-4f);
    Arrays.fill(clip, 0.1f);
    Arrays.fill(centre, 0.2f);
    System.arraycopy(features(random), 0, features, 0, features.length);
    System.arraycopy(usable(random), 0, voting, 0, voting.length);
    for (int p = 0; p < PIXELS; p++) {
      metric[p] = random.nextInt(100) == 0 ? 5 : random.nextFloat();
    }
    status = Lifecycle.first(metric, 1000, parameters);
  }

  private static short[] features(Random random) {
    short[] features = new short[CHANNELS * PIXELS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (short) (2000 + 40 * random.nextGaussian());
    }
    return features;
  }

  private static byte[] usable(Random random) {
    byte[] usable = new byte[PIXELS];
    for (int p = 0; p < PIXELS; p++) {
      // Clouds are patches, not grains.
      usable[p] = (byte) (p % 4096 == 0 || usable[p - 1] == 1 ? 1 : 0);
      usable[p] = (byte) (random.nextInt(200) == 0 ? 1 - usable[p] : usable[p]);
    }
    return usable;
  }

  @Benchmark
  public byte[] copy() {
    System.arraycopy(source, 0, target, 0, source.length);
    return target;
  }

  @Benchmark
  public LifecycleStatus lifecycleFold() {
    return Lifecycle.fold(status, metric, 1010, parameters);
  }

  @Benchmark
  public Reference referenceStatistics(Looks looks) {
    return ReferenceStatistics.compute(PIXELS, CHANNELS, looks.inner, List.of(), 2, step);
  }

  @Benchmark
  public float[] chunkCorrection() {
    return ChunkCorrection.shift(PIXELS, centre, features, step, voting, clip);
  }

  @Benchmark
  public short[] scoreQuantisation() {
    return ScoreQuantiser.quantise(metric);
  }
}
