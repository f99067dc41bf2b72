package io.landshift.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.training.networks.Decoder;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Network;
import io.landshift.training.networks.Ops;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Port;
import io.landshift.training.networks.UPerNetDecoder;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.onnx.NetworkExport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** UPerNet against its definition; that both interpreters agree on it is with {@link ParityIT}. */
class UPerNetIT {
  private static final long SEED = Long.getLong("landshift.seed", 20261128);
  private static final int BATCH = 2;
  private static final List<Integer> WIDTHS = List.of(3, 5, 7, 9);

  private record Pooling(int bins) implements Network {
    @Override
    public List<Port> inputs() {
      return List.of(Port.planes("x", 3));
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.planes("y", 3));
    }

    @Override
    public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
      return List.of(ops.pool(inputs.getFirst(), bins));
    }
  }

  private record Decoding(Decoder decoder) implements Network {
    @Override
    public List<Port> inputs() {
      return IntStream.range(0, WIDTHS.size())
          .mapToObj(level -> Port.planes("level_" + level, WIDTHS.get(level)))
          .toList();
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.planes("planes", decoder.channels()));
    }

    @Override
    public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
      return List.of(decoder.apply(ops, inputs));
    }
  }

  private static final Model<Decoding> MODEL =
      Model.of(s -> new Decoding(UPerNetDecoder.of(s.of("decode_head"), WIDTHS, 6)));

  private static List<Values> levels(RandomValues random, int rows, int columns) {
    List<Values> levels = new ArrayList<>();
    for (Port port : MODEL.network().inputs()) {
      levels.add(random.input(port, BATCH, rows >> levels.size(), columns >> levels.size()));
    }
    return levels;
  }

  @BeforeAll
  static void oneThread() {
    Torch.beDeterministic();
  }

  /** Cells of windows of 64 to 512 pixels, and such that no number of regions divides. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void poolingIsTheMeanOverRegionsOfAnySize(int bins) throws Exception {
    // given
    Network network = new Pooling(bins);
    byte[] graph = NetworkExport.graph("pool", network, new Weights(Map.of())).toBytes();
    int[][] sizes = {{2, 2}, {4, 8}, {16, 16}, {1, 3}, {7, 5}, {64, 2}};
    try (TorchParameters none = new TorchParameters(List.of(), new Weights(Map.of()));
        OnnxRun onnx = new OnnxRun(graph, network)) {
      for (int[] size : sizes) {
        Values input =
            new RandomValues(SEED).input(network.inputs().getFirst(), BATCH, size[0], size[1]);
        float[] expected = pooled(input, bins);

        // when
        Values inTorch = Torch.run(network, none, List.of(input)).getFirst();
        Values inOnnx = onnx.run(List.of(input)).getFirst();

        // then
        assertThat(inTorch.shape()).containsExactly(BATCH, 3, bins, bins);
        assertThat(inOnnx.shape()).containsExactly(BATCH, 3, bins, bins);
        assertThat(inTorch.values()).as("seed %d", SEED).containsExactly(expected, within(1e-6f));
        assertThat(inOnnx.values()).as("seed %d", SEED).containsExactly(expected, within(1e-6f));
      }
    }
  }

  private static float[] pooled(Values planes, int bins) {
    int rows = planes.shape().get(2);
    int columns = planes.shape().get(3);
    int count = planes.values().length / (rows * columns);
    float[] means = new float[count * bins * bins];
    for (int mean = 0; mean < means.length; mean++) {
      int plane = mean / (bins * bins);
      int i = mean / bins % bins;
      int j = mean % bins;
      double sum = 0;
      int cells = 0;
      for (int row = i * rows / bins; row < Math.ceilDiv((i + 1) * rows, bins); row++) {
        for (int column = j * columns / bins;
            column < Math.ceilDiv((j + 1) * columns, bins);
            column++) {
          sum += planes.values()[(plane * rows + row) * columns + column];
          cells++;
        }
      }
      means[mean] = (float) (sum / cells);
    }
    return means;
  }

  @ParameterizedTest
  @CsvSource({"16, 16", "8, 24", "32, 8"})
  void theDecoderComputesWhatMmsegmentationDoes(int rows, int columns) {
    // given
    RandomValues random = new RandomValues(SEED);
    Weights weights = random.weights(MODEL);
    List<Values> levels = levels(random, rows, columns);

    // when
    try (TorchParameters parameters = new TorchParameters(MODEL.parameters(), weights)) {
      Values planes = Torch.run(MODEL.network(), parameters, levels).getFirst();

      // then
      Values expected = new Reference(weights.tensors()).forward(levels);
      assertThat(planes.shape())
          .isEqualTo(expected.shape())
          .containsExactly(BATCH, 6, rows, columns);
      assertThat(planes.values())
          .as("seed %d", SEED)
          .containsExactly(expected.values(), within(1e-5f));
    }
  }

  @Test
  void everyParameterCanLearn() {
    // given
    RandomValues random = new RandomValues(SEED);
    Weights weights = random.weights(MODEL);

    // when
    try (TorchParameters parameters = new TorchParameters(MODEL.parameters(), weights);
        PointerScope scope = new PointerScope()) {
      List<Tensor> levels = levels(random, 16, 16).stream().map(Tensors::of).toList();
      MODEL.network().apply(new TorchOps(parameters), levels).getFirst().sum().backward();

      // then
      for (Parameter parameter : MODEL.parameters()) {
        double norm = parameters.tensor(parameter).grad().norm().item_double();
        assertThat(norm).as(parameter.name()).isFinite().isGreaterThan(1e-6);
      }
    }
  }

  /** UPerHead step by step, by the names of its state dictionary. */
  private record Reference(Map<String, Values> weights) {

    Values forward(List<Values> inputs) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard still = new NoGradGuard()) {
        List<Tensor> x = inputs.stream().map(Tensors::of).toList();
        Tensor top = x.get(3);
        Tensor[] pyramid = {
          top, region(top, 0, 1), region(top, 1, 2), region(top, 2, 3), region(top, 3, 6)
        };
        Tensor four = module("bottleneck", torch.cat(new TensorVector(pyramid), 1));
        Tensor three = module("lateral_convs.2", x.get(2)).add(resized(four, x.get(2)));
        Tensor two = module("lateral_convs.1", x.get(1)).add(resized(three, x.get(1)));
        Tensor one = module("lateral_convs.0", x.get(0)).add(resized(two, x.get(0)));
        Tensor[] all = {
          module("fpn_convs.0", one),
          resized(module("fpn_convs.1", two), one),
          resized(module("fpn_convs.2", three), one),
          resized(four, one)
        };
        return Tensors.values(module("fpn_bottleneck", torch.cat(new TensorVector(all), 1)));
      }
    }

    private Tensor region(Tensor top, int index, int bins) {
      Tensor means = torch.adaptive_avg_pool2d(top, bins, bins);
      return resized(module("psp_modules." + index + ".1", means), top);
    }

    private static Tensor resized(Tensor planes, Tensor like) {
      return torch.upsample_bilinear2d(planes, new long[] {like.size(2), like.size(3)}, false);
    }

    /** Convolution, normalisation over channels (not batch norm) and GELU (not ReLU). */
    private Tensor module(String name, Tensor planes) {
      Tensor kernel = weight(name + ".conv.weight");
      long padding = kernel.size(2) / 2;
      Tensor y =
          torch.conv2d(
              planes,
              kernel,
              new TensorOptional(weight(name + ".conv.bias")),
              new long[] {1, 1},
              new long[] {padding, padding},
              new long[] {1, 1},
              1);
      Tensor norm =
          torch.layer_norm(
              y.permute(0, 2, 3, 1),
              new long[] {y.size(1)},
              new TensorOptional(weight(name + ".norm.weight")),
              new TensorOptional(weight(name + ".norm.bias")),
              1e-6,
              true);
      return torch.gelu(norm.permute(0, 3, 1, 2), "none");
    }

    private Tensor weight(String name) {
      return Tensors.of(weights.get("decode_head." + name));
    }
  }
}
