package io.landshift.training.onnx.precision;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.training.onnx.ElementType;
import io.landshift.training.onnx.GraphMath;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.onnx.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph with float16 weights and arithmetic. Inputs and outputs stay float32, and so do
 * reductions and normalisations, what is worked out of reductions alone, and their constants: sums
 * over a window leave the range of float16. Tensors of other types stay as they are.
 *
 * <p>For GPUs: on x86 processors ONNX Runtime computes in float32 behind casts, which is slower
 * than float32 alone.
 */
public final class HalfPrecision {
  private static final Set<String> NORMALISATIONS =
      Set.of(
          "LayerNormalization",
          "Softmax",
          "LogSoftmax",
          "GlobalAveragePool",
          "AveragePool",
          "Cast",
          "QuantizeLinear",
          "DequantizeLinear");

  /** Of reductions these make numbers that are still few, and still of any size. */
  private static final Set<String> ARITHMETIC = Set.of("Add", "Sub", "Mul", "Div", "Sqrt", "Max");

  private final OnnxGraph original;
  private final Map<Value, ElementType> types;
  private final Set<Value> outputs = new HashSet<>();
  private final Set<Value> reduced = new HashSet<>();
  private final Map<Value, Value> full = new HashMap<>();
  private final Map<Value, Value> half = new HashMap<>();

  private HalfPrecision(OnnxGraph original) {
    this.original = original;
    this.types = ElementTypes.of(original);
    original.inputs().forEach(port -> full.put(port.value(), port.value()));
    original.outputs().forEach(port -> outputs.add(port.value()));
    original.constants().keySet().forEach(constant -> full.put(constant, constant));
  }

  /**
   * The graph in half precision; the one given stays as it is.
   *
   * @throws LandshiftException MODEL_INVALID if a weight is beyond the range of float16
   */
  public static OnnxGraph of(OnnxGraph graph) {
    return graph.rewritten(new HalfPrecision(graph)::rewrite);
  }

  private void rewrite(OnnxGraph graph, OnnxGraph.Node node) {
    boolean kept = isKept(node);
    List<Value> inputs = new ArrayList<>();
    for (int index = 0; index < node.inputs().size(); index++) {
      Value input = node.inputs().get(index);
      boolean scales = node.operator().equals("Resize") && index > 0;
      inputs.add(
          types.get(input) != ElementType.FLOAT32
              ? input
              : kept || scales ? full(graph, input) : half(graph, input));
    }
    node.outputs().forEach(output -> (kept ? full : half).put(output, output));
    graph.add(new OnnxGraph.Node(node.operator(), inputs, node.outputs(), node.attributes()));
  }

  private boolean isKept(OnnxGraph.Node node) {
    boolean reduces = node.operator().startsWith("Reduce");
    boolean ofReduced =
        ARITHMETIC.contains(node.operator())
            && node.inputs().stream()
                .allMatch(
                    input -> reduced.contains(input) || original.constants().containsKey(input))
            && node.inputs().stream().anyMatch(reduced::contains);
    if (reduces || ofReduced) {
      reduced.addAll(node.outputs());
    }
    return reduces
        || ofReduced
        || NORMALISATIONS.contains(node.operator())
        || node.outputs().stream().anyMatch(outputs::contains);
  }

  private Value full(OnnxGraph graph, Value value) {
    Value known = full.get(value);
    if (known == null) {
      known = new GraphMath(graph).cast(value, ElementType.FLOAT32);
      full.put(value, known);
    }
    return known;
  }

  private Value half(OnnxGraph graph, Value value) {
    Value known = half.get(value);
    if (known == null) {
      OnnxGraph.Constant constant = original.constants().get(value);
      known =
          constant == null
              ? new GraphMath(graph).cast(value, ElementType.FLOAT16)
              : graph.constant(half(value, constant));
      half.put(value, known);
    }
    return known;
  }

  private static OnnxGraph.Constant half(Value value, OnnxGraph.Constant constant) {
    float[] numbers = constant.floats();
    ByteBuffer data =
        ByteBuffer.allocate(numbers.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : numbers) {
      short bits = Float.floatToFloat16(number);
      if (Float.isFinite(number) && !Float.isFinite(Float.float16ToFloat(bits))) {
        throw new LandshiftException(
            FailureReason.MODEL_INVALID,
            "%s holds %g, and float16 ends at 65504: leave this graph in float32"
                .formatted(value.name(), number));
      }
      data.putShort(bits);
    }
    return new OnnxGraph.Constant(ElementType.FLOAT16, constant.dimensions(), data.flip());
  }
}
