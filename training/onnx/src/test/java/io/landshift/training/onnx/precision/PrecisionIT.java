package io.landshift.training.onnx.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import io.landshift.model.bundle.GraphInspector;
import io.landshift.model.bundle.GraphSignature;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.FeatureChange;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Network;
import io.landshift.training.networks.OperationalEncoder;
import io.landshift.training.networks.Scope;
import io.landshift.training.networks.Segmentation;
import io.landshift.training.networks.UPerNetDecoder;
import io.landshift.training.networks.Values;
import io.landshift.training.onnx.Dimension;
import io.landshift.training.onnx.ElementType;
import io.landshift.training.onnx.GraphMath;
import io.landshift.training.onnx.NetworkExport;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.onnx.Value;
import io.landshift.training.onnx.precision.Quantisation.Settings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is left of a network in fewer bits, on windows it was not calibrated on. Weights are random,
 * which is harder than trained ones: nothing in them is redundant.
 */
class PrecisionIT {
  private static final long SEED = Long.getLong("landshift.seed", 20261128);
  private static final int SIDE = 64;
  private static final Set<String> KEPT = Set.of("initial_conv.0", "stem.0", "classifier");

  @TempDir private Path folder;

  private enum Case {
    ENCODER(
        s -> OperationalEncoder.of(s, ConvNextEncoder.of(s, 24, List.of(1, 1, 2, 1), 12, 8), 64)),
    CHANGE(s -> FeatureChange.of(s, 64, 2, 8)),
    /** Computes sizes of its own, in integers. */
    UPERNET(s -> {
      var encoder = ConvNextEncoder.of(s, 16, List.of(1, 1, 1, 1), 4, 16);
      var decoder = UPerNetDecoder.of(s.of("decoder"), encoder.widths(), 32);
      return Segmentation.of(s, encoder, decoder, 3);
    });

    private final Function<Scope, ? extends Network> declaration;

    Case(Function<Scope, ? extends Network> declaration) {
      this.declaration = declaration;
    }
  }

  /** A network, what it is told to find ranges with, and what it is then tried on. */
  private record Given(
      OnnxGraph graph, List<Map<String, Values>> known, List<Map<String, Values>> fresh) {
    byte[] bytes() {
      return graph.toBytes();
    }

    OnnxGraph quantised(double percentile, Set<String> kept) {
      Settings settings =
          new Settings(percentile, name -> kept.stream().anyMatch(name::startsWith));
      return Quantisation.of(graph, settings, known, Trial::run);
    }
  }

  private static Given given(Case which) {
    Model<? extends Network> model = model(which.declaration);
    Trial trial = new Trial(SEED);
    OnnxGraph graph = NetworkExport.graph("g", model.network(), trial.weights(model));
    int side = which == Case.CHANGE ? SIDE / 8 : SIDE;
    List<Map<String, Values>> windows =
        Stream.generate(() -> trial.window(model.network().inputs(), side)).limit(8).toList();
    return new Given(graph, windows.subList(0, 6), windows.subList(6, 8));
  }

  private static <N extends Network> Model<N> model(Function<Scope, N> declaration) {
    return Model.of(declaration);
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void halfPrecisionKeepsTheResultAndHalvesTheFile(Case which) throws Exception {
    // given
    Given given = given(which);

    // when
    byte[] half = HalfPrecision.of(given.graph()).toBytes();

    // then
    double error = Trial.error(given.bytes(), half, given.fresh());
    report(which + " in half precision", error, given.bytes(), half);
    assertThat(error).as("seed %d", SEED).isBetween(1e-6, 3e-3);
    assertThat((double) half.length / given.bytes().length).isCloseTo(0.5, within(0.05));
    GraphSignature signature = GraphInspector.inspect(half);
    assertThat(signature.inputs().values())
        .extracting(GraphSignature.Tensor::elementType)
        .containsOnly(GraphSignature.FLOAT32);
    assertThat(signature.outputs()).isEqualTo(GraphInspector.inspect(given.bytes()).outputs());
    assertThat(weights(half))
        .extracting(OnnxMl.TensorProto::getDataType)
        .isNotEmpty()
        .containsOnly(10);
  }

  /** Sums over a window would overflow: what is reduced comes from casts to float32. */
  @Test
  void reductionsAndNormalisationsStayFloat32() throws Exception {
    // given
    Given given = given(Case.ENCODER);

    // when
    OnnxMl.GraphProto graph = read(HalfPrecision.of(given.graph()).toBytes());

    // then
    Map<String, OnnxMl.NodeProto> producers =
        graph.getNodeList().stream().collect(Collectors.toMap(n -> n.getOutput(0), n -> n));
    List<OnnxMl.NodeProto> norms =
        graph.getNodeList().stream()
            .filter(n -> Set.of("ReduceL2", "LayerNormalization").contains(n.getOpType()))
            .toList();
    assertThat(norms)
        .hasSizeGreaterThan(10)
        .allSatisfy(norm -> {
          OnnxMl.NodeProto producer = producers.get(norm.getInput(0));
          assertThat(producer.getOpType()).isEqualTo("Cast");
          assertThat(producer.getAttribute(0).getI()).isEqualTo(ElementType.FLOAT32.code());
        });
    assertThat(graph.getNodeList())
        .filteredOn(n -> n.getOpType().equals("ReduceMean"))
        .isNotEmpty()
        .allSatisfy(
            n -> assertThat(producers.get(n.getInput(0)).getOpType()).isEqualTo("ReduceL2"));
  }

  @Test
  void aWindowOfLargeValuesDoesNotOverflowHalfPrecision() {
    // given: the root of the sum of squares is 64 * 2,000 = 128,000, beyond 65,504
    OnnxGraph graph = new OnnxGraph("g");
    Value x =
        graph.input(
            "x",
            ElementType.FLOAT32,
            Stream.of(1, 1, 64, 64).map(Dimension::of).toArray(Dimension[]::new));
    Value norm = graph.node("ReduceL2", List.of(x, graph.integers(2, 3)));
    Value relative = new GraphMath(graph).divide(norm, graph.constant(256_000));
    graph.output("y", new GraphMath(graph).multiply(x, relative), ElementType.FLOAT32);
    float[] values = new float[64 * 64];
    Arrays.fill(values, 2000);
    var window = Map.of("x", new Values(List.of(1, 1, 64, 64), values));

    // when, then
    Trial.run(
        HalfPrecision.of(graph).toBytes(),
        List.of(window),
        outputs -> assertThat(outputs.get("y").values()[0]).isCloseTo(1000, within(1f)));
  }

  @Test
  void aWeightBeyondTheRangeOfHalfPrecisionIsRefused() {
    // given
    OnnxGraph graph = new OnnxGraph("g");
    Value x = graph.input("x", ElementType.FLOAT32, Dimension.of("n"));
    graph.output("y", new GraphMath(graph).multiply(x, 70_000), ElementType.FLOAT32);

    // when, then
    assertThatThrownBy(() -> HalfPrecision.of(graph))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.MODEL_INVALID))
        .hasMessageContaining("65504");
  }

  @ParameterizedTest
  @CsvSource({"ENCODER, 100, 0.12", "ENCODER, 99.99, 0.12", "CHANGE, 100, 0.05"})
  void eightBitsKeepTheResultAndQuarterTheFile(Case which, double percentile, double margin)
      throws Exception {
    // given
    Given given = given(which);

    // when
    byte[] eight = given.quantised(percentile, KEPT).toBytes();

    // then
    double error = Trial.error(given.bytes(), eight, given.fresh());
    report(which + " in eight bits, percentile " + percentile, error, given.bytes(), eight);
    assertThat(error).as("seed %d", SEED).isBetween(1e-4, margin);
    assertThat((double) eight.length / given.bytes().length).isBetween(0.25, 0.35);
    assertThat(GraphInspector.inspect(eight).outputs())
        .isEqualTo(GraphInspector.inspect(given.bytes()).outputs());
  }

  /** Pairs of nodes alone would round and then compute in float32: slower, and no smaller. */
  @Test
  void onnxRuntimeComputesInIntegers() throws Exception {
    // given
    Given given = given(Case.ENCODER);
    byte[] eight = given.quantised(100, KEPT).toBytes();
    Path optimised = folder.resolve("optimised.onnx");

    // when
    Trial.optimise(eight, optimised);

    // then: two convolutions were named to stay, of all others and all products none is left
    Map<String, Long> before = operators(given.bytes());
    Map<String, Long> after = operators(Files.readAllBytes(optimised));
    System.out.println("precision: " + after);
    assertThat(after.get("QLinearConv")).isEqualTo(before.get("Conv") - 2);
    assertThat(after.get("Conv")).isEqualTo(2);
    assertThat(after.get("MatMulIntegerToFloat")).isEqualTo(before.get("MatMul"));
    assertThat(after).doesNotContainKey("MatMul");
  }

  @Test
  void weightsHaveAScaleForEachChannelAndBiasesTheProductOfScales() throws Exception {
    // given: one convolution of 2 kernels, the second three times the first
    OnnxGraph graph = new OnnxGraph("g");
    Dimension[] planes = {Dimension.of("n"), Dimension.of(1), Dimension.of("h"), Dimension.of("w")};
    Value x = graph.input("x", ElementType.FLOAT32, planes);
    Value weight = graph.parameter("conv.weight", new float[] {0.5f, -1.5f}, 2, 1, 1, 1);
    Value bias = graph.parameter("conv.bias", new float[] {0.25f, -3}, 2);
    graph.output("y", graph.node("Conv", List.of(x, weight, bias)), ElementType.FLOAT32);
    var window = Map.of("x", new Values(List.of(1, 1, 1, 4), new float[] {-1, 0, 2, 4.1f}));

    // when
    OnnxGraph eight =
        Quantisation.of(graph, new Settings(100, name -> false), List.of(window), Trial::run);
    OnnxMl.GraphProto read = read(eight.toBytes());

    // then: steps of 5.1 / 255 = 0.02, of 0.5 / 127 and of 1.5 / 127
    Map<String, OnnxMl.TensorProto> tensors =
        read.getInitializerList().stream()
            .collect(Collectors.toMap(OnnxMl.TensorProto::getName, t -> t));
    OnnxMl.NodeProto conv =
        read.getNodeList().stream().filter(n -> n.getOpType().equals("Conv")).findFirst().get();
    Map<String, OnnxMl.NodeProto> producers =
        read.getNodeList().stream().collect(Collectors.toMap(n -> n.getOutput(0), n -> n));
    OnnxMl.NodeProto input = producers.get(conv.getInput(0));
    assertThat(bytes(tensors.get(input.getInput(1))).getFloat()).isEqualTo(0.02f, within(1e-6f));
    assertThat(bytes(tensors.get(input.getInput(2))).get()).isEqualTo((byte) 50);
    OnnxMl.NodeProto kernels = producers.get(conv.getInput(1));
    assertThat(kernels.getAttribute(0).getI()).isZero();
    ByteBuffer steps = bytes(tensors.get(kernels.getInput(0)));
    assertThat(List.of(steps.get(), steps.get())).containsExactly((byte) 127, (byte) -127);
    OnnxMl.NodeProto biases = producers.get(conv.getInput(2));
    ByteBuffer offsets = bytes(tensors.get(biases.getInput(0)));
    assertThat(offsets.getInt()).isEqualTo(Math.round(0.25 / (0.02 * 0.5 / 127)));
    assertThat(offsets.getInt()).isEqualTo(Math.round(-3 / (0.02 * 1.5 / 127)));
  }

  @Test
  void aPercentileLeavesOutWhatIsRare() {
    // given: 1,000 values of 0..0.999 and one of 100
    float[] values = new float[1001];
    for (int index = 0; index < 1000; index++) {
      values[index] = index / 1000f;
    }
    values[1000] = 100;
    Values tensor = new Values(List.of(1001), values);

    // when, then
    assertThat(Range.of(tensor, 100)).isEqualTo(new Range(0, 100));
    assertThat(Range.of(tensor, 99.8).high()).isBetween(0.99f, 0.999f);
    assertThat(Range.of(new Values(List.of(2), new float[] {3, 4}), 100))
        .isEqualTo(new Range(0, 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no layers", "all layers kept"})
  void nothingToQuantiseChangesNothing(String why) {
    // given
    Given given = given(Case.CHANGE);
    OnnxGraph graph = why.equals("no layers") ? integers() : given.graph();

    // when
    OnnxGraph eight =
        Quantisation.of(
            graph,
            new Settings(100, name -> true),
            List.of(),
            (onnx, windows, outputs) -> {
              throw new AssertionError("there is nothing to find out");
            });

    // then
    assertThat(eight.toBytes()).isEqualTo(graph.toBytes());
  }

  @Test
  void aGraphWithoutFloat32StaysAsItIsInHalfPrecision() {
    assertThat(HalfPrecision.of(integers()).toBytes()).isEqualTo(integers().toBytes());
  }

  @Test
  void theSameWindowsGiveTheSameBytes() {
    // given
    Given given = given(Case.CHANGE);
    byte[] before = given.bytes();

    // when, then
    assertThat(given.quantised(100, KEPT).toBytes())
        .isEqualTo(given.quantised(100, KEPT).toBytes());
    assertThat(HalfPrecision.of(given.graph()).toBytes())
        .isEqualTo(HalfPrecision.of(given.graph()).toBytes());
    assertThat(given.bytes()).isEqualTo(before);
  }

  private static OnnxGraph integers() {
    OnnxGraph graph = new OnnxGraph("g");
    Value x = graph.input("x", ElementType.FLOAT64, Dimension.of("n"));
    Value y = graph.input("y", ElementType.INT64, Dimension.of(2));
    graph.output(
        "z",
        graph.node("Add", List.of(x, graph.constant(0.5, ElementType.FLOAT64))),
        ElementType.FLOAT64,
        Dimension.of("n"));
    Value sum = graph.node("Add", List.of(y, graph.integers(1, 2)));
    graph.output("sum", sum, ElementType.INT64, Dimension.of(2));
    return graph;
  }

  private static void report(String what, double error, byte[] before, byte[] after) {
    System.out.printf(
        "precision: %-40s error %.2g, %,d of %,d bytes, seed %d%n",
        what, error, after.length, before.length, SEED);
  }

  private static OnnxMl.GraphProto read(byte[] onnx) throws InvalidProtocolBufferException {
    return OnnxMl.ModelProto.parseFrom(onnx).getGraph();
  }

  private static Map<String, Long> operators(byte[] onnx) throws InvalidProtocolBufferException {
    return read(onnx).getNodeList().stream()
        .collect(Collectors.groupingBy(OnnxMl.NodeProto::getOpType, Collectors.counting()));
  }

  /** Second and further inputs of convolutions and products. */
  private static List<OnnxMl.TensorProto> weights(byte[] onnx)
      throws InvalidProtocolBufferException {
    OnnxMl.GraphProto graph = read(onnx);
    Set<String> names = new HashSet<>();
    graph.getNodeList().stream()
        .filter(n -> Set.of("Conv", "MatMul").contains(n.getOpType()))
        .forEach(n -> names.addAll(n.getInputList().subList(1, n.getInputCount())));
    return graph.getInitializerList().stream().filter(t -> names.contains(t.getName())).toList();
  }

  private static ByteBuffer bytes(OnnxMl.TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
