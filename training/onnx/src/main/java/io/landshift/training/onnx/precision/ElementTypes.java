package io.landshift.training.onnx.precision;

import io.landshift.training.onnx.Attribute;
import io.landshift.training.onnx.ElementType;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.onnx.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the tensors of a graph are made of. Pure functions. */
final class ElementTypes {
  private static final Set<String> CONDITIONS =
      Set.of(
          "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "And", "Or", "IsNaN");
  private static final Set<String> INTEGERS = Set.of("Shape", "Size", "ArgMax", "ArgMin");

  private ElementTypes() {}

  /** The types of all values, for the operators that this project's graphs are made of. */
  static Map<Value, ElementType> of(OnnxGraph graph) {
    Map<Value, ElementType> types = new HashMap<>();
    graph.inputs().forEach(port -> types.put(port.value(), port.type()));
    graph.constants().forEach((value, constant) -> types.put(value, constant.type()));
    for (OnnxGraph.Node node : graph.nodes()) {
      ElementType type = of(node, types);
      node.outputs().forEach(output -> types.put(output, type));
    }
    return types;
  }

  private static ElementType of(OnnxGraph.Node node, Map<Value, ElementType> types) {
    if (CONDITIONS.contains(node.operator())) {
      return ElementType.BOOL;
    }
    if (INTEGERS.contains(node.operator())) {
      return ElementType.INT64;
    }
    if (node.operator().equals("Cast")) {
      return cast(node);
    }
    // Where: the condition comes first.
    int deciding = node.operator().equals("Where") ? 1 : 0;
    ElementType type = types.get(node.inputs().get(deciding));
    if (type == null) {
      throw new IllegalArgumentException("%s before its input".formatted(node));
    }
    return type;
  }

  private static ElementType cast(OnnxGraph.Node node) {
    for (Attribute attribute : node.attributes()) {
      if (attribute instanceof Attribute.OfInt to && to.name().equals("to")) {
        return Arrays.stream(ElementType.values())
            .filter(type -> type.code() == to.value())
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("a type of no use: " + to.value()));
      }
    }
    throw new IllegalArgumentException("a Cast to nothing: " + node);
  }
}
