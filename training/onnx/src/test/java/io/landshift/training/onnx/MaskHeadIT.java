package io.landshift.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.MaskManifest.Values;
import io.landshift.model.bundle.MaskWindows;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.inference.MaskBlend;
import io.landshift.model.inference.MaskSession;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A mask head gives what its graph says, whatever the batch, the threads or the region asked for.
 */
@Tag("it")
class MaskHeadIT {
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());
  private static final int SIDE = TinyMask.WINDOWS.size();
  private static final int CELLS = SIDE * SIDE;

  @BeforeAll
  static void printSeed() {
    System.out.println("-Dseed=" + SEED);
  }

  /** Noise as reflectance, some of it without data in the first band. */
  private static List<float[]> windows(int count) {
    Random random = new Random(SEED);
    List<float[]> windows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] window = new float[TinyMask.BANDS * CELLS];
      for (int at = 0; at < window.length; at++) {
        window[at] = random.nextFloat();
      }
      for (int hole = 0; hole < 5; hole++) {
        window[random.nextInt(CELLS)] = Float.NaN;
      }
      windows.add(window);
    }
    return windows;
  }

  @ParameterizedTest
  @EnumSource
  void probabilitiesAreThoseOfThePlainComputation(Values values) {
    // given
    TinyMask tiny = new TinyMask(SEED);
    List<float[]> windows = windows(3);

    // when
    List<short[]> results;
    try (MaskSession session = ModelRuntime.openMask(tiny.bundle(values), RuntimeOptions.cpu())) {
      results = session.probabilities(windows);
    }

    // then
    for (int i = 0; i < windows.size(); i++) {
      double[] expected = tiny.probabilities(windows.get(i));
      for (int at = 0; at < expected.length; at++) {
        if (Float.isNaN(windows.get(i)[at % CELLS])) {
          assertThat(results.get(i)[at]).isEqualTo(MaskSession.NOT_VALID);
        } else {
          double actual = results.get(i)[at] / (double) MaskSession.STEPS;
          assertThat(actual).isCloseTo(expected[at], within(0.6 / MaskSession.STEPS));
        }
      }
    }
  }

  @Test
  void neitherBatchesNorThreadsChangeABit() throws Exception {
    // given
    MaskBundle bundle = new TinyMask(SEED).bundle(Values.LOGITS);
    List<float[]> windows = windows(11);
    List<short[]> expected;
    try (MaskSession session = ModelRuntime.openMask(bundle, RuntimeOptions.cpu())) {
      expected = session.probabilities(windows);
    }

    // when
    RuntimeOptions options = RuntimeOptions.cpu().withThreads(2).withBatch(3);
    try (MaskSession session = ModelRuntime.openMask(bundle, options);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<List<short[]>>> calls = new ArrayList<>();
      for (int call = 0; call < 16; call++) {
        calls.add(() -> session.probabilities(windows));
      }

      // then
      for (Future<List<short[]>> result : threads.invokeAll(calls)) {
        for (int i = 0; i < windows.size(); i++) {
          assertThat(result.get().get(i)).isEqualTo(expected.get(i));
        }
      }
    }
  }

  @Test
  void windowsAreBlendedWithWeightsThatSumToOneWhateverRegionIsAskedFor() {
    // given: results of windows that are unlike each other
    MaskManifest manifest = TinyMask.manifest(Values.LOGITS);
    MaskWindows geometry = manifest.windows();
    int across = 6;
    short[][] results = new short[across * across][];
    Random random = new Random(SEED);
    for (int i = 0; i < results.length; i++) {
      results[i] = new short[TinyMask.CLASSES * CELLS];
      for (int at = 0; at < results[i].length; at++) {
        results[i][at] = (short) random.nextInt(MaskSession.STEPS + 1);
      }
    }
    PixelRegion whole = new PixelRegion(0, 0, 50, 40);
    MaskBlend.Windows windows = (row, column) -> results[row * across + column];

    // when
    short[] blended = MaskBlend.probabilities(manifest, whole, windows);

    // then: as untile_array does it, all windows added with raised cosines
    for (int y = 0; y < whole.height(); y++) {
      for (int x = 0; x < whole.width(); x++) {
        for (int channel = 0; channel < TinyMask.CLASSES; channel++) {
          double expected = 0;
          for (int i = 0; i < results.length; i++) {
            int down = y - geometry.start(i / across);
            int right = x - geometry.start(i % across);
            if (down >= 0 && down < SIDE && right >= 0 && right < SIDE) {
              expected +=
                  tukey(down) * tukey(right) * results[i][(channel * SIDE + down) * SIDE + right];
            }
          }
          int actual = blended[(channel * whole.height() + y) * whole.width() + x];
          assertThat((double) actual).isCloseTo(expected, within(4.0));
        }
      }
    }
    for (int round = 0; round < 50; round++) {
      int x = random.nextInt(49);
      int y = random.nextInt(39);
      PixelRegion part =
          new PixelRegion(x, y, 1 + random.nextInt(50 - x), 1 + random.nextInt(40 - y));
      short[] some = MaskBlend.probabilities(manifest, part, windows);
      assertThat(some[part.area() - 1])
          .isEqualTo(blended[(part.bottom() - 1) * whole.width() + part.right() - 1]);
      assertThat(some[0]).isEqualTo(blended[y * whole.width() + x]);
    }
  }

  private static double tukey(int n) {
    int overlap = TinyMask.WINDOWS.overlap();
    int distance = Math.min(n, SIDE - 1 - n);
    return distance >= overlap ? 1 : (1 - Math.cos(Math.PI * distance / (overlap - 1))) / 2;
  }

  @Test
  void aWindowWithoutDataIsNotRunAndWhatIsNotFiniteIsRefused() {
    // given: a window of a scene's empty corner; a graph that divides by 0
    float[] empty = new float[TinyMask.BANDS * CELLS];
    Arrays.fill(empty, Float.NaN);
    try (MaskSession session =
        ModelRuntime.openMask(new TinyMask(SEED).bundle(Values.LOGITS), RuntimeOptions.cpu())) {
      // when, then
      assertThat(session.probabilities(List.of(empty)).getFirst())
          .containsOnly(MaskSession.NOT_VALID);
      assertThat(session.probabilities(List.of())).isEmpty();
    }
    assertThatThrownBy(() -> ModelRuntime.openMask(notFinite(), RuntimeOptions.cpu()))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.MODEL_INVALID))
        .hasMessageContaining("not finite");
  }

  private static MaskBundle notFinite() {
    OnnxGraph graph = new OnnxGraph("not-finite");
    Dimension batch = Dimension.of("batch");
    Dimension side = Dimension.of(SIDE);
    Value input =
        graph.input("input", ElementType.FLOAT32, batch, Dimension.of(TinyMask.BANDS), side, side);
    Value weights =
        graph.constant(
            new float[TinyMask.CLASSES * TinyMask.BANDS], TinyMask.CLASSES, TinyMask.BANDS, 1, 1);
    Value zero = graph.node("Conv", List.of(input, weights));
    Value broken = graph.node("Div", List.of(zero, zero));
    graph.output(
        "output", broken, ElementType.FLOAT32, batch, Dimension.of(TinyMask.CLASSES), side, side);
    return MaskBundle.of(
        MaskBundle.files(TinyMask.manifest(Values.LOGITS), graph.toBytes(), Map.of()),
        null,
        BundleLimits.DEFAULT);
  }
}
