package io.landshift.training.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.model.inference.FloatGraph;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.training.networks.HeadDecoder;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.samples.Sample;
import io.landshift.training.torch.Torch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bundles of weights that nobody trained: what they are worth does not matter here. */
class PrecisionsIT {
  private static final LearnedBundle.Scale SCALE = LearnedBundle.Scale.NONE;

  @TempDir static Path root;
  private static TrainingRun run;
  private static List<Band> bands;

  @BeforeAll
  static void makeData() throws IOException {
    Torch.beDeterministic();
    MadeData.write(root.resolve("data"));
    Path file = root.resolve("run.yaml");
    Files.writeString(file, MadeData.config(1, 1));
    RunConfig config = RunConfig.read(file);
    RunFolder folder = RunFolder.open(root.resolve("run"), config);
    run =
        new TrainingRun(
            config, root.resolve("data"), folder, folder, new PrintWriter(new StringWriter()));
    bands = run.bands();
  }

  private static LearnedBundle learned(long seed) {
    Weights weights = Weights.initial(run.model().parameters(), seed);
    return new LearnedBundle(run.config(), run.model(), weights, bands);
  }

  @Test
  void graphsAreCalibratedOnWhatServingFeedsThem() {
    // given
    LearnedBundle learned = learned(1);
    Bundle bundle = Bundle.of(learned.files(SCALE, Map.of()), null, BundleLimits.DEFAULT);
    var pairs = run.sets().named("bark_beetle_train");
    List<? extends Sample> samples = Sets.read(pairs, pairs.sources().subList(0, 2));
    CalibrationWindows windows;

    // when
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      windows = CalibrationWindows.of(learned, session, samples, new SplittableRandom(1));
    }

    // then: of each window the encoder makes the features that serving has stored of the look
    List<Map<String, Values>> images = windows.of(GraphRole.ENCODER);
    List<Map<String, Values>> features = windows.of(GraphRole.SEGMENTATION);
    assertThat(images).hasSize(4);
    assertThat(windows.of(GraphRole.CHANGE)).hasSize(2);
    try (FloatGraph encoder = ModelRuntime.openGraph("encoder", bundle.graph(GraphRole.ENCODER))) {
      for (int window = 0; window < images.size(); window++) {
        Values image = images.get(window).get("image");
        float[] told =
            encoder
                .run(Map.of("image", new FloatGraph.Tensor(image.shape(), image.values())))
                .get("features")
                .values();
        assertCoreIs(bundle.manifest().window(), told, features.get(window).get("features"));
      }
    }
  }

  private static void assertCoreIs(WindowGeometry geometry, float[] encoded, Values tile) {
    int core = geometry.core();
    double largest = 0;
    double furthest = 0;
    for (int pixel = 0; pixel < core * core; pixel++) {
      int row = pixel / core;
      int column = pixel % core;
      float stored = tile.values()[row * geometry.headWindow() + column];
      int at = (row + geometry.overlap()) * geometry.size() + column + geometry.overlap();
      largest = Math.max(largest, Math.abs(stored));
      furthest = Math.max(furthest, Math.abs(stored - encoded[at]));
    }
    assertThat(largest).isGreaterThan(0.1);
    assertThat(furthest).isLessThan(1.0 / 512 + 1e-6);
  }

  /** Serving takes them, and computes what libtorch does: that is what the self-test compares. */
  @ParameterizedTest
  @EnumSource(HeadDecoder.class)
  void headsWithAnyDecoderAreServed(HeadDecoder decoder) {
    // given
    JsonNode patch = JsonNodeFactory.instance.objectNode().put("decoder", decoder.name());
    RunConfig config =
        run.config().with(JsonNodeFactory.instance.objectNode().set("finetuning", patch));
    RunFolder nowhere = new RunFolder(root);
    TrainingRun other =
        new TrainingRun(
            config, root.resolve("data"), nowhere, nowhere, new PrintWriter(new StringWriter()));
    Weights weights = Weights.initial(other.model().parameters(), 1);
    LearnedBundle learned = new LearnedBundle(config, other.model(), weights, bands);

    // when
    Bundle bundle = Bundle.of(learned.files(SCALE, Map.of()), null, BundleLimits.DEFAULT);
    ModelRuntime.open(bundle, RuntimeOptions.cpu()).close();

    // then: what is not about classes is as it was
    assertThat(config.finetuning().decoder()).isEqualTo(decoder);
    Bundle usual = Bundle.of(learned(1).files(SCALE, Map.of()), null, BundleLimits.DEFAULT);
    assertThat(bundle.graph(GraphRole.ENCODER)).isEqualTo(usual.graph(GraphRole.ENCODER));
    assertThat(bundle.graph(GraphRole.CHANGE)).isEqualTo(usual.graph(GraphRole.CHANGE));
    assertThat(Arrays.equals(segmentation(bundle), segmentation(usual)))
        .isEqualTo(decoder == HeadDecoder.CELLS);
  }

  private static byte[] segmentation(Bundle bundle) {
    return bundle.graph(GraphRole.SEGMENTATION);
  }

  @Test
  void whatDoesNotComputeWhatWasTrainedIsRefusedByItsSelfTest() {
    // given: graphs of other weights
    Map<GraphRole, byte[]> others = new EnumMap<>(GraphRole.class);
    learned(2).graphs(SCALE).forEach((role, graph) -> others.put(role, graph.toBytes()));
    ChangeEvaluation none = new ChangeEvaluation(Map.of(), 0);
    Precisions precisions =
        new Precisions(
            learned(1),
            SCALE,
            none,
            bundle -> {
              throw new AssertionError("there is nothing to measure");
            });

    // when
    Precisions.Tried tried = precisions.tried(Precision.INT8, others);

    // then
    assertThat(tried.refused()).contains("the self-test of made-int8", "fails on");
    assertThat(tried.gain()).isNull();
  }
}
