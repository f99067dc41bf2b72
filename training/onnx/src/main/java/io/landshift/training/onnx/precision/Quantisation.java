package io.landshift.training.onnx.precision;

import io.landshift.training.networks.Values;
import io.landshift.training.onnx.Attribute;
import io.landshift.training.onnx.ElementType;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.onnx.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A graph whose convolutions and matrix products are computed in eight bits, written down as pairs
 * of QuantizeLinear and DequantizeLinear, which ONNX Runtime turns into integer kernels.
 *
 * <p>Activations are uint8 with one scale and zero point a tensor, found by running the graph on
 * windows; weights are int8 with one scale for each output channel (axis 0 of Conv, 1 of MatMul)
 * and zero at zero; a convolution's bias is int32 with the product of both scales. All else stays
 * float32. An x86 processor without VNNI saturates pairs of products at 16 bits: other numbers, not
 * only other times.
 */
public final class Quantisation {
  private static final int LARGEST_WEIGHT = 127;
  private static final double LARGEST_BIAS = 1 << 30;

  /**
   * What is quantised, and how.
   *
   * @param percentile of a window's values that an activation's range covers at each end, 50..100;
   *     over windows the widest range counts. 100 is from the smallest to the largest
   * @param kept layers that stay float32, by the name of their weight, such as {@code
   *     encoder.initial_conv.0.weight}: the first and the last cost most accuracy
   */
  public record Settings(double percentile, Predicate<String> kept) {
    public Settings {
      if (!(percentile >= 50 && percentile <= 100)) {
        throw new IllegalArgumentException("a percentile is 50..100, not " + percentile);
      }
    }
  }

  private final OnnxGraph original;
  private final Map<Value, Range> ranges;
  private final Set<OnnxGraph.Node> layers;
  private final Map<Value, Value> quantised = new HashMap<>();

  private Quantisation(OnnxGraph original, Map<Value, Range> ranges, Set<OnnxGraph.Node> layers) {
    this.original = original;
    this.ranges = ranges;
    this.layers = layers;
  }

  /**
   * The graph in eight bits; the one given stays as it is.
   *
   * @param windows the graph's inputs by name, as they are when it serves; at least one
   * @param runner runs the graph with its activations as further outputs
   */
  public static OnnxGraph of(
      OnnxGraph graph, Settings settings, List<Map<String, Values>> windows, GraphRunner runner) {
    Set<OnnxGraph.Node> layers = layers(graph, settings.kept());
    if (layers.isEmpty()) {
      return graph.rewritten(OnnxGraph::add);
    }
    Map<Value, Range> ranges =
        calibrate(graph, observed(layers), settings.percentile(), windows, runner);
    return graph.rewritten(new Quantisation(graph, ranges, layers)::rewrite);
  }

  private static Set<OnnxGraph.Node> layers(OnnxGraph graph, Predicate<String> kept) {
    Set<OnnxGraph.Node> layers = new HashSet<>();
    for (OnnxGraph.Node node : graph.nodes()) {
      boolean product = node.operator().equals("MatMul");
      if (!product && !node.operator().equals("Conv")) {
        continue;
      }
      OnnxGraph.Constant weight = graph.constants().get(node.inputs().get(1));
      boolean biasKnown =
          node.inputs().size() < 3 || graph.constants().containsKey(node.inputs().get(2));
      if (weight != null
          && weight.type() == ElementType.FLOAT32
          && (!product || weight.dimensions().size() == 2)
          && biasKnown
          && !kept.test(node.inputs().get(1).name())) {
        layers.add(node);
      }
    }
    return layers;
  }

  /** A product's result stays float32: its bias and activation follow in the same kernel. */
  private static Set<Value> observed(Set<OnnxGraph.Node> layers) {
    Set<Value> observed = new LinkedHashSet<>();
    for (OnnxGraph.Node layer : layers) {
      observed.add(layer.inputs().getFirst());
      if (layer.operator().equals("Conv")) {
        observed.addAll(layer.outputs());
      }
    }
    return observed;
  }

  private static Map<Value, Range> calibrate(
      OnnxGraph graph,
      Set<Value> observed,
      double percentile,
      List<Map<String, Values>> windows,
      GraphRunner runner) {
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("no window to find ranges with");
    }
    OnnxGraph open = graph.rewritten(OnnxGraph::add);
    for (OnnxGraph.Node node : graph.nodes()) {
      node.outputs().stream()
          .filter(observed::contains)
          .forEach(value -> open.expose(value, ElementType.FLOAT32));
    }
    Map<Value, Range> ranges = new LinkedHashMap<>();
    // Inputs of the graph are no outputs of it.
    windows.forEach(window -> widen(ranges, observed, window, percentile));
    runner.run(open.toBytes(), windows, outputs -> widen(ranges, observed, outputs, percentile));
    return ranges;
  }

  private static void widen(
      Map<Value, Range> ranges,
      Set<Value> observed,
      Map<String, Values> tensors,
      double percentile) {
    tensors.forEach((name, values) -> {
      Value value = new Value(name);
      if (observed.contains(value)) {
        ranges.merge(value, Range.of(values, percentile), Range::with);
      }
    });
  }

  private void rewrite(OnnxGraph graph, OnnxGraph.Node node) {
    if (!layers.contains(node)) {
      graph.add(node);
      return;
    }
    Value input = quantised(graph, node.inputs().getFirst());
    if (node.operator().equals("Conv")) {
      convolution(graph, node, input);
    } else {
      Value matrix = node.inputs().get(1);
      float[] scales = scales(constant(matrix), 1, 0, new float[0]);
      Value weight = weight(graph, constant(matrix), scales, 1);
      graph.add(
          new OnnxGraph.Node("MatMul", List.of(input, weight), node.outputs(), node.attributes()));
    }
  }

  private void convolution(OnnxGraph graph, OnnxGraph.Node node, Value input) {
    OnnxGraph.Constant kernels = constant(node.inputs().get(1));
    float inputScale = range(node.inputs().getFirst()).scale();
    boolean biased = node.inputs().size() > 2;
    float[] bias = biased ? constant(node.inputs().get(2)).floats() : new float[0];
    float[] scales = scales(kernels, 0, inputScale, bias);
    Value weight = weight(graph, kernels, scales, 0);
    List<Value> inputs =
        biased
            ? List.of(input, weight, bias(graph, bias, scales, inputScale))
            : List.of(input, weight);
    Value result = graph.node("Conv", inputs, node.attributes().toArray(Attribute[]::new));
    Value output = node.outputs().getFirst();
    pair(graph, result, output, range(output));
    quantised.put(output, output);
  }

  /** The value in 256 steps, as float32 again; once for all that take it. */
  private Value quantised(OnnxGraph graph, Value value) {
    Value known = quantised.get(value);
    if (known == null) {
      known = pair(graph, value, null, range(value));
      quantised.put(value, known);
    }
    return known;
  }

  private static Value pair(OnnxGraph graph, Value value, @Nullable Value output, Range range) {
    Value scale = graph.constant(range.scale());
    Value zero = graph.constant(Bytes.of(ElementType.UINT8, List.of(), (byte) range.zero()));
    Value steps = graph.node("QuantizeLinear", List.of(value, scale, zero));
    List<Value> inputs = List.of(steps, scale, zero);
    if (output == null) {
      return graph.node("DequantizeLinear", inputs);
    }
    graph.add(new OnnxGraph.Node("DequantizeLinear", inputs, List.of(output), List.of()));
    return output;
  }

  /**
   * A scale for each output channel: the largest weight is 127 steps, and the bias, counted in
   * steps of input and weight, stays far inside int32.
   *
   * @param bias none, or one for each channel
   */
  private static float[] scales(
      OnnxGraph.Constant weight, int axis, float inputScale, float[] bias) {
    float[] values = weight.floats();
    float[] scales = new float[Math.toIntExact(weight.dimensions().get(axis))];
    for (int index = 0; index < values.length; index++) {
      int channel = channel(index, axis, scales.length, values.length);
      scales[channel] = Math.max(scales[channel], Math.abs(values[index]) / LARGEST_WEIGHT);
    }
    for (int channel = 0; channel < scales.length; channel++) {
      if (channel < bias.length) {
        float least = (float) (Math.abs(bias[channel]) / (inputScale * LARGEST_BIAS));
        scales[channel] = Math.max(scales[channel], least);
      }
      scales[channel] = scales[channel] == 0 ? 1 : Math.max(scales[channel], Float.MIN_NORMAL);
    }
    return scales;
  }

  private static int channel(int index, int axis, int channels, int count) {
    return axis == 0 ? index / (count / channels) : index % channels;
  }

  private static Value weight(
      OnnxGraph graph, OnnxGraph.Constant weight, float[] scales, int axis) {
    float[] values = weight.floats();
    byte[] steps = new byte[values.length];
    for (int index = 0; index < values.length; index++) {
      float scale = scales[channel(index, axis, scales.length, values.length)];
      steps[index] =
          (byte) Math.clamp(Math.round(values[index] / scale), -LARGEST_WEIGHT, LARGEST_WEIGHT);
    }
    Value stored = graph.constant(Bytes.of(ElementType.INT8, weight.dimensions(), steps));
    Value zeros =
        graph.constant(
            Bytes.of(ElementType.INT8, List.of((long) scales.length), new byte[scales.length]));
    return graph.node(
        "DequantizeLinear",
        List.of(stored, graph.constant(scales, scales.length), zeros),
        Attribute.of("axis", axis));
  }

  private static Value bias(OnnxGraph graph, float[] bias, float[] scales, float inputScale) {
    int[] steps = new int[bias.length];
    float[] products = new float[bias.length];
    for (int channel = 0; channel < bias.length; channel++) {
      products[channel] = inputScale * scales[channel];
      steps[channel] = (int) Math.round((double) bias[channel] / products[channel]);
    }
    return graph.node(
        "DequantizeLinear",
        List.of(graph.constant(Bytes.of(steps)), graph.constant(products, products.length)),
        Attribute.of("axis", 0));
  }

  private Range range(Value value) {
    Range range = ranges.get(value);
    if (range == null) {
      throw new IllegalArgumentException("the runner told nothing of " + value.name());
    }
    return range;
  }

  private OnnxGraph.Constant constant(Value value) {
    OnnxGraph.Constant constant = original.constants().get(value);
    if (constant == null) {
      throw new IllegalArgumentException("no constant: " + value.name());
    }
    return constant;
  }
}
