package io.landshift.training.onnx;

import io.landshift.training.networks.Ops;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Weights;
import java.util.List;
import java.util.stream.LongStream;

/** Writes a network's operations into a graph; parameters become constants. Not thread-safe. */
final class OnnxOps implements Ops<Value> {
  private static final Attribute KEEP = Attribute.of("keepdims", 1);
  private static final Attribute DROP = Attribute.of("keepdims", 0);
  // An input that is left out: Resize is told scales, not regions.
  private static final Value NONE = new Value("");

  private final OnnxGraph graph;
  private final GraphMath math;
  private final Weights weights;

  OnnxOps(OnnxGraph graph, Weights weights) {
    this.graph = graph;
    this.math = new GraphMath(graph);
    this.weights = weights;
  }

  @Override
  public Value parameter(Parameter parameter) {
    return graph.parameter(parameter.name(), weights.of(parameter), longs(parameter.shape()));
  }

  @Override
  public Value convolution(
      Value planes, Parameter weight, Parameter bias, int stride, int padding, int groups) {
    long side = weight.shape().getLast();
    return graph.node(
        "Conv",
        List.of(planes, parameter(weight), parameter(bias)),
        Attribute.of("group", groups),
        Attribute.of("kernel_shape", new long[] {side, side}),
        Attribute.of("pads", new long[] {padding, padding, padding, padding}),
        Attribute.of("strides", new long[] {stride, stride}));
  }

  /** MatMul takes the matrix the other way round: it is turned here, once. */
  @Override
  public Value linear(Value x, Parameter weight, Parameter bias) {
    Value product = graph.node("MatMul", List.of(x, transposed(weight)));
    return math.add(product, parameter(bias));
  }

  private Value transposed(Parameter matrix) {
    float[] values = weights.of(matrix);
    int rows = matrix.shape().get(0);
    int columns = matrix.shape().get(1);
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column];
      }
    }
    return graph.parameter(matrix.name(), turned, columns, rows);
  }

  @Override
  public Value layerNorm(Value x, Parameter gain, Parameter bias, double epsilon) {
    return graph.node(
        "LayerNormalization",
        List.of(x, parameter(gain), parameter(bias)),
        Attribute.of("axis", -1),
        Attribute.of("epsilon", (float) epsilon));
  }

  @Override
  public Value add(Value a, Value b) {
    return math.add(a, b);
  }

  @Override
  public Value add(Value a, double b) {
    return math.add(a, b);
  }

  @Override
  public Value subtract(Value a, Value b) {
    return math.subtract(a, b);
  }

  @Override
  public Value multiply(Value a, Value b) {
    return math.multiply(a, b);
  }

  @Override
  public Value divide(Value a, Value b) {
    return math.divide(a, b);
  }

  @Override
  public Value abs(Value x) {
    return graph.node("Abs", List.of(x));
  }

  @Override
  public Value gelu(Value x) {
    return graph.node("Gelu", List.of(x), Attribute.of("approximate", "none"));
  }

  @Override
  public Value softmax(Value x, int axis) {
    return graph.node("Softmax", List.of(x), Attribute.of("axis", axis));
  }

  @Override
  public Value mean(Value x, List<Integer> axes) {
    return graph.node("ReduceMean", List.of(x, graph.integers(longs(axes))), DROP);
  }

  @Override
  public Value meanKept(Value x, List<Integer> axes) {
    return graph.node("ReduceMean", List.of(x, graph.integers(longs(axes))), KEEP);
  }

  @Override
  public Value normKept(Value x, List<Integer> axes) {
    return graph.node("ReduceL2", List.of(x, graph.integers(longs(axes))), KEEP);
  }

  @Override
  public Value permute(Value x, List<Integer> axes) {
    return graph.node("Transpose", List.of(x), Attribute.of("perm", longs(axes)));
  }

  @Override
  public Value joinChannels(List<Value> planes) {
    return math.joinChannels(planes);
  }

  @Override
  public Value enlarge(Value planes, int factor, Interpolation interpolation) {
    List<Value> inputs =
        List.of(planes, NONE, graph.constant(new float[] {1, 1, factor, factor}, 4));
    return switch (interpolation) {
      case NEAREST ->
          graph.node(
              "Resize",
              inputs,
              Attribute.of("mode", "nearest"),
              Attribute.of("coordinate_transformation_mode", "asymmetric"),
              Attribute.of("nearest_mode", "floor"));
      case BILINEAR ->
          graph.node(
              "Resize",
              inputs,
              Attribute.of("mode", "linear"),
              Attribute.of("coordinate_transformation_mode", "half_pixel"));
    };
  }

  @Override
  public Value resize(Value planes, Value like) {
    List<Value> sizes = List.of(sizes(planes, 0, 2), sizes(like, 2, 4));
    return graph.node(
        "Resize",
        List.of(planes, NONE, NONE, graph.node("Concat", sizes, Attribute.of("axis", 0))),
        Attribute.of("mode", "linear"),
        Attribute.of("coordinate_transformation_mode", "half_pixel"));
  }

  /**
   * ONNX pools over windows of a fixed size only. Of rows and columns that stay open, the means are
   * matrix products, and the matrices follow from the sizes when the graph runs.
   */
  @Override
  public Value pool(Value planes, int bins) {
    Value rows = graph.node("Transpose", List.of(shares(planes, 2, bins)));
    Value pooled = graph.node("MatMul", List.of(rows, planes));
    return graph.node("MatMul", List.of(pooled, shares(planes, 3, bins)));
  }

  /** What each cell along an axis counts for in each region's mean: [cells, bins]. */
  private Value shares(Value planes, int axis, int bins) {
    Value cells = sizes(planes, axis, axis + 1);
    Value divisor = graph.integers(bins);
    Value starts = math.divide(math.multiply(graph.integers(from(0, bins)), cells), divisor);
    // Integers are divided downwards: this end is rounded up.
    Value up = math.multiply(graph.integers(from(1, bins)), cells);
    Value ends = math.divide(math.add(up, graph.integers(bins - 1)), divisor);
    Value count = graph.node("Range", List.of(number(0), scalar(cells), number(1)));
    Value cell = graph.node("Unsqueeze", List.of(count, graph.integers(1)));
    Value inside =
        graph.node(
            "And",
            List.of(
                graph.node("GreaterOrEqual", List.of(cell, starts)),
                graph.node("Less", List.of(cell, ends))));
    Value inRegion = math.subtract(ends, starts);
    return math.divide(
        math.cast(inside, ElementType.FLOAT32), math.cast(inRegion, ElementType.FLOAT32));
  }

  /** Sizes of axes {@code start} up to {@code end}. */
  private Value sizes(Value x, int start, int end) {
    return graph.node("Shape", List.of(x), Attribute.of("start", start), Attribute.of("end", end));
  }

  private Value number(long value) {
    return scalar(graph.integers(value));
  }

  private Value scalar(Value oneElement) {
    return graph.node("Squeeze", List.of(oneElement));
  }

  private static long[] from(int first, int count) {
    return LongStream.range(first, first + count).toArray();
  }

  @Override
  public Value spread(Value planes, int factor) {
    return graph.node(
        "DepthToSpace",
        List.of(planes),
        Attribute.of("blocksize", factor),
        Attribute.of("mode", "CRD"));
  }

  @Override
  public Value gather(Value plane, int factor) {
    // Of one channel, ONNX's order of the new ones is that of PyTorch.
    return graph.node("SpaceToDepth", List.of(plane), Attribute.of("blocksize", factor));
  }

  private static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).toArray();
  }
}
