package io.landshift.training.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph in the making, and the writer of its ONNX file: the only one in the project.
 *
 * <p>Nodes are added in the order in which they are computed. Names are counted per operator and
 * equal constants are stored once, so that the same calls give the same bytes on every machine.
 * Field numbers are those of ONNX's {@code onnx.proto}. Not thread-safe.
 */
public final class OnnxGraph {
  /** Version of the file format that is written. */
  public static final int IR_VERSION = 9;

  /** Version of ONNX's operator set that is used. */
  public static final int OPSET = 20;

  private static final String PRODUCER = "landshift";

  private record Node(
      String operator, List<Value> inputs, List<Value> outputs, List<Attribute> attributes) {}

  private record Port(Value value, ElementType type, List<Dimension> dimensions) {}

  /**
   * @param data little-endian bytes, read-only
   */
  private record Constant(ElementType type, List<Long> dimensions, ByteBuffer data) {}

  private final String name;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Port> inputs = new ArrayList<>();
  private final List<Port> outputs = new ArrayList<>();
  private final Map<Value, Constant> constants = new LinkedHashMap<>();
  private final Map<Constant, Value> shared = new HashMap<>();
  private final Map<String, Integer> counters = new HashMap<>();

  /**
   * An empty graph.
   *
   * @param name for people
   */
  public OnnxGraph(String name) {
    this.name = name;
  }

  /** Adds an input. */
  public Value input(String inputName, ElementType type, Dimension... dimensions) {
    Value value = new Value(inputName);
    inputs.add(new Port(value, type, List.of(dimensions)));
    return value;
  }

  /** Makes a value an output under a name of its own. */
  public void output(String outputName, Value value, ElementType type, Dimension... dimensions) {
    Value output = new Value(outputName);
    nodes.add(new Node("Identity", List.of(value), List.of(output), List.of()));
    outputs.add(new Port(output, type, List.of(dimensions)));
  }

  /** Adds a node with one output. */
  public Value node(String operator, List<Value> nodeInputs, Attribute... attributes) {
    return nodes(operator, nodeInputs, 1, attributes).getFirst();
  }

  /** Adds a node with several outputs. */
  public List<Value> nodes(
      String operator, List<Value> nodeInputs, int outputCount, Attribute... attributes) {
    String nodeName = fresh(operator);
    List<Value> nodeOutputs = new ArrayList<>();
    for (int index = 0; index < outputCount; index++) {
      nodeOutputs.add(new Value(outputCount == 1 ? nodeName : nodeName + "_" + index));
    }
    nodes.add(
        new Node(operator, List.copyOf(nodeInputs), List.copyOf(nodeOutputs), List.of(attributes)));
    return nodeOutputs;
  }

  /** A float32 number. */
  public Value constant(double value) {
    return constant(new float[] {(float) value});
  }

  /**
   * A number of a type with a fraction.
   *
   * @param type FLOAT32 or FLOAT64
   */
  public Value constant(double value, ElementType type) {
    return switch (type) {
      case FLOAT32 -> constant(value);
      case FLOAT64 -> {
        ByteBuffer data = littleEndian(Double.BYTES).putDouble(value);
        yield constant(type, new long[0], 1, data);
      }
      default -> throw new IllegalArgumentException("no fractions in " + type);
    };
  }

  /**
   * A float32 tensor.
   *
   * @param values row by row
   * @param dimensions sizes; none makes a scalar
   */
  public Value constant(float[] values, long... dimensions) {
    ByteBuffer data = littleEndian(values.length * Float.BYTES);
    data.asFloatBuffer().put(values);
    return constant(ElementType.FLOAT32, dimensions, values.length, data);
  }

  /** A list of int64, as axes and shapes are given. */
  public Value integers(long... values) {
    ByteBuffer data = littleEndian(values.length * Long.BYTES);
    data.asLongBuffer().put(values);
    return constant(ElementType.INT64, new long[] {values.length}, values.length, data);
  }

  private Value constant(ElementType type, long[] dimensions, int count, ByteBuffer data) {
    long expected = Arrays.stream(dimensions).reduce(1, Math::multiplyExact);
    if (expected != count) {
      throw new IllegalArgumentException(
          "%d values do not fill a tensor of %s".formatted(count, Arrays.toString(dimensions)));
    }
    Constant constant =
        new Constant(
            type, Arrays.stream(dimensions).boxed().toList(), data.rewind().asReadOnlyBuffer());
    return shared.computeIfAbsent(
        constant,
        absent -> {
          Value value = new Value(fresh("Constant"));
          constants.put(value, absent);
          return value;
        });
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String fresh(String operator) {
    return operator + "_" + (counters.merge(operator, 1, Integer::sum) - 1);
  }

  /** The ONNX file. */
  public byte[] toBytes() {
    ProtobufWriter graph = new ProtobufWriter();
    nodes.forEach(node -> graph.message(1, node(node)));
    graph.text(2, name);
    constants.forEach((value, constant) -> graph.message(5, tensor(value, constant)));
    inputs.forEach(port -> graph.message(11, port(port)));
    outputs.forEach(port -> graph.message(12, port(port)));
    return new ProtobufWriter()
        .integer(1, IR_VERSION)
        .text(2, PRODUCER)
        .message(7, graph)
        .message(8, new ProtobufWriter().text(1, "").integer(2, OPSET))
        .toBytes();
  }

  private static ProtobufWriter node(Node node) {
    ProtobufWriter message = new ProtobufWriter();
    node.inputs().forEach(input -> message.text(1, input.name()));
    node.outputs().forEach(output -> message.text(2, output.name()));
    message.text(3, "node_" + node.outputs().getFirst().name());
    message.text(4, node.operator());
    node.attributes().forEach(attribute -> message.message(5, attribute(attribute)));
    return message;
  }

  private static ProtobufWriter attribute(Attribute attribute) {
    ProtobufWriter message = new ProtobufWriter().text(1, attribute.name());
    return switch (attribute) {
      case Attribute.OfFloat number -> message.number(2, number.value()).integer(20, 1);
      case Attribute.OfInt integer -> message.integer(3, integer.value()).integer(20, 2);
      case Attribute.OfText text -> message.text(4, text.value()).integer(20, 3);
      case Attribute.OfInts integers -> message.packed(8, integers.values()).integer(20, 7);
    };
  }

  private static ProtobufWriter tensor(Value value, Constant constant) {
    byte[] data = new byte[constant.data().remaining()];
    constant.data().duplicate().get(data);
    return new ProtobufWriter()
        .packed(1, constant.dimensions())
        .integer(2, constant.type().code())
        .text(8, value.name())
        .bytes(9, data);
  }

  private static ProtobufWriter port(Port port) {
    ProtobufWriter shape = new ProtobufWriter();
    for (Dimension dimension : port.dimensions()) {
      ProtobufWriter message = new ProtobufWriter();
      switch (dimension) {
        case Dimension.Fixed fixed -> message.integer(1, fixed.size());
        case Dimension.Symbolic symbolic -> message.text(2, symbolic.name());
      }
      shape.message(1, message);
    }
    ProtobufWriter tensor = new ProtobufWriter().integer(1, port.type().code()).message(2, shape);
    return new ProtobufWriter()
        .text(1, port.value().name())
        .message(2, new ProtobufWriter().message(1, tensor));
  }
}
