package io.landshift.ops.bench;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.training.onnx.Attribute;
import io.landshift.training.onnx.Dimension;
import io.landshift.training.onnx.ElementType;
import io.landshift.training.onnx.GraphMath;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.onnx.Value;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A bundle that computes as much as a learned one and knows nothing: spectral-baseline with an
 * encoder of the size of ConvNeXt V2 atto (Woo et al. 2023: 40, 80, 160 and 320 channels; 2, 2, 6
 * and 2 blocks; 3.4 million weights), whose weights are noise. Its four stages are brought back to
 * pixels and added, so that each pixel has its features. Only for measuring.
 */
final class ConvEncoder {
  private static final long SEED = 20231101;
  private static final int[] CHANNELS = {40, 80, 160, 320};
  private static final int[] BLOCKS = {2, 2, 6, 2};
  private static final int STEM = 4;
  private static final long KERNEL = 7;

  private final OnnxGraph graph = new OnnxGraph("conv-encoder");
  private final GraphMath math = new GraphMath(graph);
  private final Random random = new Random(SEED);

  private ConvEncoder() {}

  /** The bundle, with a self-test that holds what the processor of this machine computes. */
  static Bundle bundle() {
    Bundle baseline = Bundles.spectralBaseline();
    Map<GraphRole, byte[]> graphs = new EnumMap<>(GraphRole.class);
    for (GraphRole role : GraphRole.values()) {
      graphs.put(role, baseline.graph(role));
    }
    graphs.put(GraphRole.ENCODER, new ConvEncoder().onnx(baseline.manifest()));
    SelfTest test = baseline.manifest().selfTest();
    Map<String, byte[]> files = new TreeMap<>();
    test.files().forEach(path -> files.put(path, baseline.file(path)));
    Bundle untested = bundle(baseline.manifest(), 2 * Short.MAX_VALUE, graphs, files);
    try (ModelSession session = ModelRuntime.open(untested, RuntimeOptions.cpu())) {
      files.putAll(SelfTestSample.of(untested).expected(session));
    }
    return bundle(baseline.manifest(), test.featureTolerance(), graphs, files);
  }

  private static Bundle bundle(
      BundleManifest baseline,
      int featureTolerance,
      Map<GraphRole, byte[]> graphs,
      Map<String, byte[]> files) {
    SelfTest test = baseline.selfTest();
    BundleManifest manifest =
        new BundleManifest(
            "conv-encoder",
            "Noise for weights: only for measuring",
            "ConvNeXt V2 atto, four stages brought back to pixels",
            baseline.inputs(),
            baseline.window(),
            baseline.features(),
            baseline.classes(),
            baseline.scores(),
            baseline.reference(),
            baseline.opset(),
            new SelfTest(
                test.width(),
                test.height(),
                test.presence(),
                test.bands(),
                test.features(),
                test.centre(),
                test.spread(),
                test.probabilities(),
                test.scores(),
                featureTolerance,
                test.probabilityTolerance(),
                test.scoreTolerance()));
    return Bundle.of(BundleWriter.files(manifest, graphs, files), null, BundleLimits.DEFAULT);
  }

  private byte[] onnx(BundleManifest manifest) {
    int side = manifest.window().size();
    int features = manifest.encodedFeatures();
    BundleManifest.InputGroup group = manifest.inputs().getFirst();
    int bands = group.bands().size();
    Value x =
        graph.input(
            group.tensor(),
            ElementType.FLOAT32,
            Dimension.of("batch"),
            Dimension.of(bands),
            Dimension.of(side),
            Dimension.of(side));
    Value pixels = null;
    int from = bands;
    int stride = 1;
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      int step = stage == 0 ? STEM : 2;
      x = convolution(x, from, CHANNELS[stage], step, step);
      stride *= step;
      from = CHANNELS[stage];
      for (int block = 0; block < BLOCKS[stage]; block++) {
        x = block(x, from);
      }
      Value back = enlarged(convolution(x, from, features, 1, 1), stride);
      pixels = pixels == null ? back : math.add(pixels, back);
    }
    Value bounded = graph.node("Tanh", List.of(pixels));
    graph.output(
        "features",
        bounded,
        ElementType.FLOAT32,
        Dimension.of("batch"),
        Dimension.of(features),
        Dimension.of(side),
        Dimension.of(side));
    return graph.toBytes();
  }

  /** Depthwise convolution, normalisation, two pointwise layers and a sum with what came in. */
  private Value block(Value x, int channels) {
    Value spread =
        graph.node(
            "Conv",
            List.of(x, noise(KERNEL * KERNEL, channels, 1, KERNEL, KERNEL), zeros(channels)),
            Attribute.of("kernel_shape", new long[] {KERNEL, KERNEL}),
            Attribute.of("pads", new long[] {3, 3, 3, 3}),
            Attribute.of("group", (long) channels));
    Value last = transposed(spread, 0, 2, 3, 1);
    Value normal =
        graph.node(
            "LayerNormalization",
            List.of(last, ones(channels), zeros(channels)),
            Attribute.of("axis", -1L),
            Attribute.of("epsilon", 1e-6f));
    int wide = 4 * channels;
    Value open = graph.node("Gelu", List.of(linear(normal, channels, wide)));
    Value close = linear(responseNormalised(open, wide), wide, channels);
    return math.add(x, math.multiply(transposed(close, 0, 3, 1, 2), 0.5));
  }

  /** Global response normalisation of [batch, row, column, channel]. */
  private Value responseNormalised(Value x, int channels) {
    Value length = graph.node("ReduceL2", List.of(x, graph.integers(1, 2)));
    Value mean = graph.node("ReduceMean", List.of(length, graph.integers(3)));
    Value share = math.divide(length, math.add(mean, 1e-6));
    Value scaled = math.multiply(math.multiply(x, share), noise(4, channels));
    return math.add(math.add(scaled, zeros(channels)), x);
  }

  private Value linear(Value x, int from, int to) {
    return math.add(graph.node("MatMul", List.of(x, noise(from, from, to))), zeros(to));
  }

  private Value convolution(Value x, int from, int to, long kernel, long step) {
    return graph.node(
        "Conv",
        List.of(x, noise(from * kernel * kernel, to, from, kernel, kernel), zeros(to)),
        Attribute.of("kernel_shape", new long[] {kernel, kernel}),
        Attribute.of("strides", new long[] {step, step}));
  }

  private Value enlarged(Value x, int factor) {
    Value none = new Value("");
    Value scales = graph.constant(new float[] {1, 1, factor, factor}, 4);
    return graph.node("Resize", List.of(x, none, scales), Attribute.of("mode", "linear"));
  }

  private Value transposed(Value x, long... order) {
    return graph.node("Transpose", List.of(x), Attribute.of("perm", order));
  }

  /** Weights that keep the variance of what so many inputs bring. */
  private Value noise(long inputs, long... dimensions) {
    int count = Math.toIntExact(Arrays.stream(dimensions).reduce(1, Math::multiplyExact));
    float[] weights = new float[count];
    for (int at = 0; at < count; at++) {
      weights[at] = (float) (random.nextGaussian() / Math.sqrt((double) inputs));
    }
    return graph.constant(weights, dimensions);
  }

  private Value zeros(int count) {
    return graph.constant(new float[count], count);
  }

  private Value ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1f);
    return graph.constant(ones, count);
  }
}
