package io.landshift.training.onnx;

import java.util.List;

/**
 * Arithmetic on the values of a graph, element by element with broadcasting. Tensors are [batch,
 * channel, row, column]; numbers in the arguments become float32 constants. Not thread-safe.
 */
public final class GraphMath {
  private static final long CHANNEL = 1;

  private final OnnxGraph graph;

  /**
   * Arithmetic that adds its nodes to a graph.
   *
   * @param graph receives the nodes
   */
  public GraphMath(OnnxGraph graph) {
    this.graph = graph;
  }

  /** a + b. */
  public Value add(Value a, Value b) {
    return graph.node("Add", List.of(a, b));
  }

  /** a + b. */
  public Value add(Value a, double b) {
    return add(a, constant(b));
  }

  /** a - b. */
  public Value subtract(Value a, Value b) {
    return graph.node("Sub", List.of(a, b));
  }

  /** a - b. */
  public Value subtract(double a, Value b) {
    return subtract(constant(a), b);
  }

  /** a * b. */
  public Value multiply(Value a, Value b) {
    return graph.node("Mul", List.of(a, b));
  }

  /** a * b. */
  public Value multiply(Value a, double b) {
    return multiply(a, constant(b));
  }

  /** a / b. */
  public Value divide(Value a, Value b) {
    return graph.node("Div", List.of(a, b));
  }

  /** The larger of a and b. */
  public Value max(Value a, Value b) {
    return graph.node("Max", List.of(a, b));
  }

  /** The larger of a and b. */
  public Value max(Value a, double b) {
    return max(a, constant(b));
  }

  /** The smallest. */
  public Value min(Value... values) {
    return graph.node("Min", List.of(values));
  }

  /** Square root. */
  public Value sqrt(Value a) {
    return graph.node("Sqrt", List.of(a));
  }

  /** a * a. */
  public Value square(Value a) {
    return multiply(a, a);
  }

  /** a to a constant power. */
  public Value power(Value a, double exponent) {
    return graph.node("Pow", List.of(a, constant(exponent)));
  }

  /** e to the power of a. */
  public Value exp(Value a) {
    return graph.node("Exp", List.of(a));
  }

  /** The larger of a and 0. */
  public Value relu(Value a) {
    return graph.node("Relu", List.of(a));
  }

  /** a, limited to low..high. */
  public Value clip(Value a, double low, double high) {
    return graph.node("Clip", List.of(a, constant(low), constant(high)));
  }

  /** a in another element type. */
  public Value cast(Value a, ElementType to) {
    return graph.node("Cast", List.of(a), Attribute.of("to", (long) to.code()));
  }

  /** a where the condition value is at least the threshold, NaN elsewhere. */
  public Value whereAtLeast(Value condition, double threshold, Value a) {
    Value holds = graph.node("GreaterOrEqual", List.of(condition, constant(threshold)));
    return graph.node("Where", List.of(holds, a, constant(Double.NaN)));
  }

  /** Every channel by itself. */
  public List<Value> splitChannels(Value a, int channels) {
    return graph.nodes(
        "Split",
        List.of(a),
        channels,
        Attribute.of("axis", CHANNEL),
        Attribute.of("num_outputs", channels));
  }

  /** Consecutive groups of channels of the given sizes. */
  public List<Value> splitGroups(Value a, long... sizes) {
    return graph.nodes(
        "Split", List.of(a, graph.integers(sizes)), sizes.length, Attribute.of("axis", CHANNEL));
  }

  /** Values one after the other as channels. */
  public Value joinChannels(List<Value> values) {
    return graph.node("Concat", values, Attribute.of("axis", CHANNEL));
  }

  /**
   * The sum over all channels, as one channel, added in order. (ONNX Runtime's ReduceSum adds in an
   * order that depends on the batch size: the last bit would depend on it too.)
   */
  public Value sumChannels(Value a, int channels) {
    return sum(splitChannels(a, channels));
  }

  /** One number for each of the batch and channels, to be broadcast over rows and columns. */
  public Value perChannel(Value vector) {
    return graph.node("Unsqueeze", List.of(vector, graph.integers(2, 3)));
  }

  /** The sum of the values. */
  public Value sum(List<Value> values) {
    Value sum = values.getFirst();
    for (Value value : values.subList(1, values.size())) {
      sum = add(sum, value);
    }
    return sum;
  }

  private Value constant(double value) {
    return graph.constant(value);
  }
}
