package io.landshift.training.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

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

  /**
   * One operation.
   *
   * @param operator its name in ONNX's operator set
   */
  public record Node(
      String operator, List<Value> inputs, List<Value> outputs, List<Attribute> attributes) {
    public Node {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      attributes = List.copyOf(attributes);
    }
  }

  /**
   * An input or output of the graph.
   *
   * @param dimensions none leaves the shape open
   */
  public record Port(Value value, ElementType type, List<Dimension> dimensions) {
    public Port {
      dimensions = List.copyOf(dimensions);
    }
  }

  /**
   * A tensor that is stored in the file.
   *
   * @param data little-endian bytes, read-only
   */
  public record Constant(ElementType type, List<Long> dimensions, ByteBuffer data) {
    public Constant {
      dimensions = List.copyOf(dimensions);
      data = data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Its numbers, row by row; of FLOAT32 only. */
    public float[] floats() {
      if (type != ElementType.FLOAT32) {
        throw new IllegalArgumentException("no float32: " + type);
      }
      float[] values = new float[data.remaining() / Float.BYTES];
      data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return values;
    }
  }

  private final String name;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Port> inputs = new ArrayList<>();
  private final List<Port> outputs = new ArrayList<>();
  private final Map<Value, Constant> constants = new LinkedHashMap<>();
  private final Map<Constant, Value> shared = new HashMap<>();
  private final Map<String, Integer> counters = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

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
    taken.add(inputName);
    inputs.add(new Port(value, type, List.of(dimensions)));
    return value;
  }

  /** Makes a value an output under a name of its own. */
  public void output(String outputName, Value value, ElementType type, Dimension... dimensions) {
    Value output = new Value(outputName);
    taken.add(outputName);
    nodes.add(new Node("Identity", List.of(value), List.of(output), List.of()));
    outputs.add(new Port(output, type, List.of(dimensions)));
  }

  /** Makes a value of a node an output under its own name, its shape left open. */
  public void expose(Value value, ElementType type) {
    outputs.add(new Port(value, type, List.of()));
  }

  /** Adds a node whose outputs are named already. */
  public void add(Node node) {
    node.outputs().forEach(output -> taken.add(output.name()));
    nodes.add(node);
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

  /**
   * A float32 tensor under a name of its own. It is stored once however often it is asked for.
   *
   * @param values row by row; others under the same name are not looked at
   * @param dimensions sizes; none makes a scalar
   */
  public Value parameter(String parameterName, float[] values, long... dimensions) {
    Value value = new Value(parameterName);
    if (!constants.containsKey(value)) {
      ByteBuffer data = littleEndian(values.length * Float.BYTES);
      data.asFloatBuffer().put(values);
      constants.put(value, filled(ElementType.FLOAT32, dimensions, values.length, data));
      taken.add(parameterName);
    }
    return value;
  }

  /** A tensor of any type. */
  public Value constant(Constant constant) {
    return shared.computeIfAbsent(
        constant,
        absent -> {
          Value value = new Value(fresh("Constant"));
          constants.put(value, absent);
          return value;
        });
  }

  private Value constant(ElementType type, long[] dimensions, int count, ByteBuffer data) {
    return constant(filled(type, dimensions, count, data));
  }

  private static Constant filled(ElementType type, long[] dimensions, int count, ByteBuffer data) {
    long expected = Arrays.stream(dimensions).reduce(1, Math::multiplyExact);
    if (expected != count) {
      throw new IllegalArgumentException(
          "%d values do not fill a tensor of %s".formatted(count, Arrays.toString(dimensions)));
    }
    return new Constant(type, Arrays.stream(dimensions).boxed().toList(), data.rewind());
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String fresh(String operator) {
    String fresh;
    do {
      fresh = operator + "_" + (counters.merge(operator, 1, Integer::sum) - 1);
    } while (!taken.add(fresh));
    return fresh;
  }

  /** The nodes in the order in which they are computed. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** What the graph takes. */
  public List<Port> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /** What the graph gives. */
  public List<Port> outputs() {
    return Collections.unmodifiableList(outputs);
  }

  /** The tensors that are stored in the file. */
  public Map<Value, Constant> constants() {
    return Collections.unmodifiableMap(constants);
  }

  /**
   * A graph with the same inputs and outputs and other nodes; this one stays as it is. Constants
   * that no node uses any more are left out; what is not changed keeps its name and place.
   *
   * @param rule adds to the new graph what stands for a node, or the node itself
   */
  public OnnxGraph rewritten(BiConsumer<OnnxGraph, Node> rule) {
    OnnxGraph copy = new OnnxGraph(name);
    copy.taken.addAll(taken);
    copy.inputs.addAll(inputs);
    copy.outputs.addAll(outputs);
    copy.constants.putAll(constants);
    copy.shared.putAll(shared);
    nodes.forEach(node -> rule.accept(copy, node));
    Set<Value> used = new HashSet<>();
    copy.nodes.forEach(node -> used.addAll(node.inputs()));
    copy.constants.keySet().retainAll(used);
    copy.shared.values().retainAll(used);
    return copy;
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
    ProtobufWriter tensor = new ProtobufWriter().integer(1, port.type().code());
    if (!port.dimensions().isEmpty()) {
      tensor.message(2, shape);
    }
    return new ProtobufWriter()
        .text(1, port.value().name())
        .message(2, new ProtobufWriter().message(1, tensor));
  }
}
