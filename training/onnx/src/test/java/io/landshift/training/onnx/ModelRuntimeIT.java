package io.landshift.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.model.inference.ChunkInput;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.Provider;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.training.onnx.spectral.SpectralBaseline;
import io.landshift.training.onnx.spectral.SpectralSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("it")
class ModelRuntimeIT {
  private static final int SIDE = 64;
  private static final long SEED = 1;

  @Test
  void aBundleThatDoesNotComputeWhatItsMakerMeasuredIsRefused() {
    // given: one expected feature is wrong by more than the tolerance
    Bundle bundle = Bundle.of(new ConvolutionalBundle(SEED).files(2), null, BundleLimits.DEFAULT);

    // when, then
    assertFails(
        FailureReason.MODEL_INVALID,
        "self-test",
        () -> ModelRuntime.open(bundle, RuntimeOptions.cpu()).close());
  }

  @Test
  void aGraphThatOnnxRuntimeCannotReadIsRefused() {
    // given: right names and shapes, but an operator that does not exist
    OnnxGraph graph = new OnnxGraph("broken");
    Dimension batch = Dimension.of("batch");
    Dimension side = Dimension.of("side");
    Value features =
        graph.input("features", ElementType.FLOAT32, batch, Dimension.of(10), side, side);
    Value result = graph.node("NoSuchOperator", List.of(features));
    graph.output("probabilities", result, ElementType.FLOAT32, batch, Dimension.of(6), side, side);
    Bundle bundle = TestBundles.withGraph(GraphRole.SEGMENTATION, graph.toBytes());

    // when, then
    assertFails(
        FailureReason.MODEL_INVALID,
        "NoSuchOperator",
        () -> ModelRuntime.open(bundle, RuntimeOptions.cpu()).close());
  }

  @Test
  void aSceneWithoutARequiredBandIsRefused() {
    // given
    try (ModelSession session =
        ModelRuntime.open(Bundles.spectralBaseline(), RuntimeOptions.cpu())) {
      float[][] bands = bands(7);
      bands[2] = null;

      // when, then
      assertFails(FailureReason.BAND_MISSING, "red", () -> session.encode(input(session, bands)));
    }
  }

  @Test
  void anotherBundleGivesAnotherDigestAndAnotherResult() {
    // given
    ConvolutionalBundle one = new ConvolutionalBundle(1);
    ConvolutionalBundle other = new ConvolutionalBundle(2);

    // when
    short[] first = encodeOnce(one.bundle());
    short[] again = encodeOnce(one.bundle());
    short[] second = encodeOnce(other.bundle());

    // then
    assertThat(one.bundle().digest()).isNotEqualTo(other.bundle().digest());
    assertThat(again).isEqualTo(first);
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void aVariantOfTheBaselineScoresOtherwise() {
    // given: twice the loss factor
    Bundle variant =
        Bundle.of(
            SpectralBaseline.files(new SpectralSettings("variant", 2.6, 1.2, 0.3, 0.4)),
            null,
            BundleLimits.DEFAULT);

    // when
    float[][] standard = scoresOnce(Bundles.spectralBaseline());
    float[][] other = scoresOnce(variant);

    // then
    for (int pixel = 0; pixel < standard[0].length; pixel++) {
      assertThat(other[0][pixel]).isEqualTo(2 * standard[0][pixel]);
    }
    assertThat(other[1]).isEqualTo(standard[1]);
  }

  @Test
  void cudaIsNotReplacedInSilence() {
    // given
    Assumptions.assumeFalse(TestBundles.hasCuda(), "this machine has CUDA");
    Bundle bundle = Bundles.spectralBaseline();

    // when, then
    assertFails(
        FailureReason.PROVIDER_UNAVAILABLE,
        "CUDA device 0",
        () -> ModelRuntime.open(bundle, RuntimeOptions.cuda(0, false)).close());
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cuda(0, true))) {
      assertThat(session.provider()).isEqualTo(Provider.CPU);
    }
  }

  @Test
  void autoUsesTheProcessorWhereThereIsNoCuda() {
    // given
    Assumptions.assumeFalse(TestBundles.hasCuda(), "this machine has CUDA");
    RuntimeOptions options = new RuntimeOptions(Provider.AUTO, 0, 1, 1, false, 1);

    // when, then
    try (ModelSession session = ModelRuntime.open(Bundles.spectralBaseline(), options)) {
      assertThat(session.provider()).isEqualTo(Provider.CPU);
    }
  }

  @Test
  void maskedPixelsAndPixelsOutsideTheRegionAreNotValid() {
    // given: only the left half was read, and one pixel is masked
    try (ModelSession session =
        ModelRuntime.open(Bundles.spectralBaseline(), RuntimeOptions.cpu())) {
      PixelRegion chunk = new PixelRegion(0, 0, 4, 1);
      WindowPlan plan = WindowPlan.of(session.manifest().window(), chunk);
      float[][] bands = new float[7][2];
      for (float[] band : bands) {
        Arrays.fill(band, 0.1f);
      }
      boolean[] valid = {true, false, true, true};

      // when
      short[] features =
          session.encode(new ChunkInput(plan, new PixelRegion(0, 0, 2, 1), bands, valid));

      // then
      assertThat(Arrays.copyOf(features, 4))
          .containsExactly(
              (short) 1000,
              FeaturePlanes.NOT_VALID,
              FeaturePlanes.NOT_VALID,
              FeaturePlanes.NOT_VALID);
    }
  }

  @Test
  void manyThreadsShareASessionAndCloseWaitsForThem() throws Exception {
    // given
    ModelSession session =
        ModelRuntime.open(
            new ConvolutionalBundle(SEED).bundle(), RuntimeOptions.cpu().withConcurrency(3));
    float[][] bands = bands(3);
    short[] expected = session.encode(input(session, bands));
    int threads = 6;
    CountDownLatch running = new CountDownLatch(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> runs = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        runs.add(
            executor.submit(() -> {
              int done = 0;
              try {
                while (true) {
                  assertThat(session.encode(input(session, bands))).isEqualTo(expected);
                  if (done++ == 0) {
                    running.countDown();
                  }
                }
              } catch (IllegalStateException closed) {
                return done;
              }
            }));
      }
      assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();

      // when
      session.close();
      session.close();

      // then: every call either had the right result or was told that the session is closed
      for (Future<Integer> run : runs) {
        assertThat(run.get(60, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  private static float[][] scoresOnce(Bundle bundle) {
    float[] current = new float[10 * 4];
    float[] centre = new float[10 * 4];
    for (int pixel = 0; pixel < 4; pixel++) {
      current[7 * 4 + pixel] = 0.8f - 0.1f * pixel;
      centre[7 * 4 + pixel] = 0.8f;
      current[3 * 4 + pixel] = 0.05f * pixel;
    }
    boolean[] presence = new boolean[7];
    Arrays.fill(presence, true);
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      return session.scores(current, centre, new float[10 * 4], presence, 2, 2);
    }
  }

  private static short[] encodeOnce(Bundle bundle) {
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      return session.encode(input(session, bands(3)));
    }
  }

  private static ChunkInput input(ModelSession session, float[][] bands) {
    PixelRegion chunk = new PixelRegion(0, 0, SIDE, SIDE);
    return new ChunkInput(WindowPlan.of(session.manifest().window(), chunk), chunk, bands, null);
  }

  private static float[][] bands(int count) {
    float[][] bands = new float[count][SIDE * SIDE];
    for (int band = 0; band < count; band++) {
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        bands[band][pixel] = (pixel * (band + 3) % 97) / 100f;
      }
    }
    return bands;
  }

  private static void assertFails(FailureReason reason, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LandshiftException.class, failure -> assertThat(failure.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}
