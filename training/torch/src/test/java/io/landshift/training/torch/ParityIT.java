package io.landshift.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtException;
import com.google.protobuf.InvalidProtocolBufferException;
import io.landshift.training.networks.CellClassifier;
import io.landshift.training.networks.ChannelNorm;
import io.landshift.training.networks.ConvNextBlock;
import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.ConvNextSize;
import io.landshift.training.networks.Convolution;
import io.landshift.training.networks.FeatureChange;
import io.landshift.training.networks.FeatureSegmentation;
import io.landshift.training.networks.Fusion;
import io.landshift.training.networks.Gelu;
import io.landshift.training.networks.HeadDecoder;
import io.landshift.training.networks.Layer;
import io.landshift.training.networks.LayerNorm;
import io.landshift.training.networks.Linear;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Network;
import io.landshift.training.networks.OperationalEncoder;
import io.landshift.training.networks.Ops;
import io.landshift.training.networks.PixelClassifier;
import io.landshift.training.networks.PixelFeatures;
import io.landshift.training.networks.PixelHead;
import io.landshift.training.networks.Port;
import io.landshift.training.networks.Probabilities;
import io.landshift.training.networks.ResponseNorm;
import io.landshift.training.networks.SceneClassifier;
import io.landshift.training.networks.Scope;
import io.landshift.training.networks.Segmentation;
import io.landshift.training.networks.SiameseChange;
import io.landshift.training.networks.UPerNetDecoder;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.onnx.NetworkExport;
import io.landshift.training.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is trained is what serves: libtorch and ONNX Runtime agree on every layer and network. */
class ParityIT {
  private static final double TOLERANCE = 1e-4;
  private static final long SEED = Long.getLong("landshift.seed", 20261127);
  private static final int CHANNELS = 12;
  private static final List<Integer> SMALL = List.of(1, 1, 2, 1);

  /** Batch, height and width. */
  private record Size(int batch, int height, int width) {}

  private static final List<Size> SIZES =
      List.of(new Size(1, 32, 32), new Size(3, 16, 48), new Size(2, 64, 32));

  private record Case(String name, Function<Scope, ? extends Network> declaration) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A layer with planes before and after. */
  private record OneLayer(Layer layer, int in, int out) implements Network {
    @Override
    public List<Port> inputs() {
      return List.of(Port.planes("x", in));
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.planes("y", out));
    }

    @Override
    public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
      return List.of(layer.apply(ops, inputs.getFirst()));
    }
  }

  /** A layer for cells, on planes. */
  private record OnCells(Layer layer) implements Layer {
    @Override
    public <T> T apply(Ops<T> ops, T planes) {
      return ops.channelsFirst(layer.apply(ops, ops.channelsLast(planes)));
    }
  }

  private static final List<Double> DIFFERENCES = new ArrayList<>();

  @BeforeAll
  static void oneThread() {
    Torch.beDeterministic();
  }

  @AfterAll
  static void report() {
    System.out.printf(
        "parity: largest difference %.3g in %d comparisons, seed %d%n",
        DIFFERENCES.stream().mapToDouble(d -> d).max().orElseThrow(), DIFFERENCES.size(), SEED);
  }

  static Stream<Case> cases() {
    return Stream.concat(layers(), networks());
  }

  private static Stream<Case> layers() {
    return Stream.of(
        layer("same", CHANNELS, 5, s -> Convolution.same(s, CHANNELS, 5, 3)),
        layer("patches", CHANNELS, 5, s -> Convolution.patches(s, CHANNELS, 5, 2)),
        layer("depthwise", CHANNELS, CHANNELS, s -> Convolution.depthwise(s, CHANNELS, 7)),
        layer(
            "depthwise patches",
            CHANNELS,
            CHANNELS,
            s -> Convolution.depthwisePatches(s, CHANNELS, 2)),
        layer("linear", CHANNELS, 7, s -> new OnCells(Linear.of(s, CHANNELS, 7))),
        layer("layer norm", CHANNELS, CHANNELS, s -> new OnCells(LayerNorm.of(s, CHANNELS))),
        layer("channel norm", CHANNELS, CHANNELS, s -> ChannelNorm.of(s, CHANNELS)),
        layer("gelu", CHANNELS, CHANNELS, s -> new Gelu()),
        layer("response norm", CHANNELS, CHANNELS, s -> new OnCells(ResponseNorm.of(s, CHANNELS))),
        layer("block", CHANNELS, CHANNELS, s -> ConvNextBlock.of(s, CHANNELS)),
        layer("fusion", CHANNELS, 6, s -> Fusion.of(s, CHANNELS, 6)),
        layer("classifier", CHANNELS, 4, s -> PixelClassifier.of(s, CHANNELS, 4, 4)),
        layer("cell classifier", CHANNELS, 3, s -> CellClassifier.of(s, CHANNELS, 3, 4)));
  }

  private static Stream<Case> networks() {
    return Stream.of(
        new Case("atto, patch 8", s -> ConvNextEncoder.of(s, ConvNextSize.ATTO, CHANNELS, 8)),
        new Case("atto, patch 16", s -> ConvNextEncoder.of(s, ConvNextSize.ATTO, CHANNELS, 16)),
        new Case("plain atto", s -> ConvNextEncoder.plain(s, ConvNextSize.ATTO, CHANNELS)),
        new Case("femto, patch 8", s -> ConvNextEncoder.of(s, ConvNextSize.FEMTO, CHANNELS, 8)),
        new Case("pico, patch 16", s -> ConvNextEncoder.of(s, ConvNextSize.PICO, CHANNELS, 16)),
        new Case("nano, patch 16", s -> ConvNextEncoder.of(s, ConvNextSize.NANO, CHANNELS, 16)),
        new Case("tiny, patch 16", s -> ConvNextEncoder.of(s, ConvNextSize.TINY, CHANNELS, 16)),
        new Case("segmentation, patch 8", s -> Segmentation.of(s, small(s, 8), 5)),
        new Case("segmentation, patch 16", s -> Segmentation.of(s, small(s, 16), 5)),
        new Case(
            "UPerNet segmentation, patch 8", s -> Segmentation.of(s, small(s, 8), upernet(s), 5)),
        new Case(
            "UPerNet segmentation, patch 16", s -> Segmentation.of(s, small(s, 16), upernet(s), 5)),
        new Case("UPerNet siamese change", s -> SiameseChange.of(s, small(s, 16), upernet(s))),
        new Case("probabilities", s -> new Probabilities(Segmentation.of(s, small(s, 16), 5))),
        new Case("scene", s -> SceneClassifier.of(s, small(s, 16), 9)),
        new Case("siamese change, patch 8", s -> SiameseChange.of(s, small(s, 8))),
        new Case("siamese change, patch 16", s -> SiameseChange.of(s, small(s, 16))),
        new Case("operational encoder, patch 8", s -> OperationalEncoder.of(s, small(s, 8), 64)),
        new Case("operational encoder, patch 16", s -> OperationalEncoder.of(s, small(s, 16), 64)),
        head(HeadDecoder.LINEAR),
        head(HeadDecoder.CELLS),
        head(HeadDecoder.UNET),
        head(HeadDecoder.UPERNET),
        new Case("feature change", s -> FeatureChange.of(s, 64, 2, 8)),
        new Case(
            "pixel features",
            s -> new PixelFeatures(OperationalEncoder.of(s, small(s, 16), PixelFeatures.FEATURES))),
        new Case("change of pixel features", s -> new PixelHead(FeatureChange.of(s, 64, 1, 8))));
  }

  private static Case layer(String name, int in, int out, Function<Scope, Layer> declaration) {
    return new Case(name, scope -> new OneLayer(declaration.apply(scope), in, out));
  }

  private static Case head(HeadDecoder decoder) {
    return new Case(
        "feature segmentation, " + decoder, s -> FeatureSegmentation.of(s, decoder, 64, 7, 8));
  }

  private static ConvNextEncoder small(Scope scope, int patch) {
    return ConvNextEncoder.of(scope.of("encoder"), 8, SMALL, CHANNELS, patch);
  }

  /** For {@link #small}. */
  private static UPerNetDecoder upernet(Scope scope) {
    return UPerNetDecoder.of(scope.of("decoder"), List.of(8, 16, 32, 64), 16);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void bothInterpretersGiveTheSame(Case given) throws Exception {
    // given
    Model<? extends Network> model = model(given.declaration());
    RandomValues random = new RandomValues(SEED);
    Weights weights = random.weights(model);
    byte[] graph = NetworkExport.graph(given.name(), model.network(), weights).toBytes();

    // when, then
    checkDeclaration(graph, model.network());
    try (TorchParameters parameters = new TorchParameters(model.parameters(), weights)) {
      double largest = largestDifference(model.network(), parameters, graph, random);
      System.out.printf("parity: %-30s %.3g%n", given.name(), largest);
      assertThat(largest).as("seed %d", SEED).isLessThanOrEqualTo(TOLERANCE);
    }
  }

  /** That a wrong weight would have been seen: one number of GRN's gamma is enough. */
  @Test
  void aSmallDifferenceOfTheWeightsIsSeen() throws Exception {
    // given
    Model<OneLayer> model =
        Model.of(s -> new OneLayer(ConvNextBlock.of(s, CHANNELS), CHANNELS, CHANNELS));
    RandomValues random = new RandomValues(SEED);
    Weights weights = random.weights(model);
    byte[] graph = NetworkExport.graph("block", model.network(), weights).toBytes();
    weights.tensors().get("grn.gamma").values()[3] += 0.05f;

    // when
    try (TorchParameters parameters = new TorchParameters(model.parameters(), weights);
        OnnxRun onnx = new OnnxRun(graph, model.network())) {
      List<Values> inputs = List.of(random.input(model.network().inputs().getFirst(), 1, 16, 16));
      double difference =
          difference(Torch.run(model.network(), parameters, inputs), onnx.run(inputs));

      // then
      assertThat(difference).isGreaterThan(TOLERANCE);
    }
  }

  /** What both agree on is also what was published. */
  @Test
  void responseNormalisationIsAsPublished() {
    // given
    Model<OneLayer> model = Model.of(s -> new OneLayer(new OnCells(ResponseNorm.of(s, 3)), 3, 3));
    RandomValues random = new RandomValues(SEED);
    Weights weights = random.weights(model);
    Values input = random.input(model.network().inputs().getFirst(), 2, 4, 5);

    // when
    try (TorchParameters parameters = new TorchParameters(model.parameters(), weights)) {
      Values output = Torch.run(model.network(), parameters, List.of(input)).getFirst();

      // then
      float[] gamma = weights.tensors().get("gamma").values();
      float[] beta = weights.tensors().get("beta").values();
      assertThat(output.values())
          .containsExactly(responseNorm(input.values(), gamma, beta, 4 * 5), within(1e-5f));
    }
  }

  /** ConvNeXt V2 (arXiv 2301.00808), algorithm 1, on [batch, channel, cell]. */
  private static float[] responseNorm(float[] x, float[] gamma, float[] beta, int cells) {
    int channels = gamma.length;
    float[] y = new float[x.length];
    for (int window = 0; window < x.length / (channels * cells); window++) {
      double[] norms = new double[channels];
      for (int index = 0; index < channels * cells; index++) {
        norms[index / cells] += Math.pow(x[window * channels * cells + index], 2);
      }
      double mean = Arrays.stream(norms).map(Math::sqrt).average().orElseThrow();
      for (int index = 0; index < channels * cells; index++) {
        int channel = index / cells;
        float value = x[window * channels * cells + index];
        double normalised = value * Math.sqrt(norms[channel]) / (mean + 1e-6);
        y[window * channels * cells + index] =
            (float) (gamma[channel] * normalised + beta[channel] + value);
      }
    }
    return y;
  }

  @Test
  void siameseChangeDoesNotAskWhichDateWasFirst() {
    // given
    Model<SiameseChange> model = Model.of(s -> SiameseChange.of(s, small(s, 16)));
    RandomValues random = new RandomValues(SEED);
    Port port = model.network().inputs().getFirst();
    Values before = random.input(port, 1, 32, 32);
    Values after = random.input(port, 1, 32, 32);

    // when
    try (TorchParameters parameters =
        new TorchParameters(model.parameters(), random.weights(model))) {
      List<Values> forward = Torch.run(model.network(), parameters, List.of(before, after));
      List<Values> backward = Torch.run(model.network(), parameters, List.of(after, before));

      // then
      assertThat(backward.getFirst().values()).isEqualTo(forward.getFirst().values());
    }
  }

  private static <N extends Network> Model<N> model(Function<Scope, N> declaration) {
    return Model.of(declaration);
  }

  private static double largestDifference(
      Network network, TorchParameters parameters, byte[] graph, RandomValues random)
      throws OrtException {
    double largest = 0;
    // The sizes are of whole cells of 16 pixels: an encoder with larger ones sees more.
    int times = network instanceof ConvNextEncoder encoder ? Math.max(1, encoder.patch() / 16) : 1;
    try (OnnxRun onnx = new OnnxRun(graph, network)) {
      for (Size size : SIZES) {
        List<Values> inputs =
            network.inputs().stream()
                .map(port ->
                    random.input(port, size.batch(), times * size.height(), times * size.width()))
                .toList();
        double difference = difference(Torch.run(network, parameters, inputs), onnx.run(inputs));
        DIFFERENCES.add(difference);
        largest = Math.max(largest, difference);
      }
    }
    return largest;
  }

  private static double difference(List<Values> expected, List<Values> actual) {
    assertThat(actual)
        .extracting(Values::shape)
        .isEqualTo(expected.stream().map(Values::shape).toList());
    double largest = 0;
    for (int output = 0; output < expected.size(); output++) {
      float[] a = expected.get(output).values();
      float[] b = actual.get(output).values();
      double magnitude = 0;
      for (int index = 0; index < a.length; index++) {
        double difference = Math.abs((double) a[index] - b[index]);
        assertThat(difference).isNotNaN();
        largest = Math.max(largest, difference);
        magnitude = Math.max(magnitude, Math.abs(a[index]));
      }
      // Zeros would agree whatever the weights.
      assertThat(magnitude).isGreaterThan(0.01);
    }
    return largest;
  }

  /** The file, by another project's reader. */
  private static void checkDeclaration(byte[] bytes, Network network)
      throws InvalidProtocolBufferException {
    OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(bytes);
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(OnnxGraph.OPSET);
    assertThat(model.getGraph().getInputList())
        .extracting(OnnxMl.ValueInfoProto::getName)
        .isEqualTo(network.inputs().stream().map(Port::name).toList());
    assertThat(model.getGraph().getOutputList())
        .extracting(OnnxMl.ValueInfoProto::getName)
        .isEqualTo(network.outputs().stream().map(Port::name).toList());
  }
}
