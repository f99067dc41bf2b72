package io.landshift.model.bundle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads what an ONNX file declares and refuses what a bundle must not hold, before any native code
 * sees the file: weights outside the file, operators of other than ONNX's own set, model-local
 * functions, training parts, random operators. Field numbers are those of ONNX's {@code onnx.proto}
 * (IR 3 to 11).
 */
public final class GraphInspector {
  /** The oldest operator set in which the operators keep one meaning from here on. */
  public static final int MIN_OPSET = 13;

  /** The newest operator set that the runtime supports in full. */
  public static final int MAX_OPSET = 23;

  private static final int MIN_IR = 4;
  private static final int MAX_IR = 11;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NODES = 100_000;
  private static final int EXTERNAL = 1;

  /** Results must be a function of the input. */
  private static final Set<String> RANDOM =
      Set.of(
          "Bernoulli",
          "Multinomial",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike");

  /** Takes its scale from all windows of a batch: a result would depend on its neighbours. */
  private static final String BATCH_WIDE = "DynamicQuantizeLinear";

  private final SortedSet<String> operators = new TreeSet<>();
  private final Map<String, GraphSignature.Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, GraphSignature.Tensor> outputs = new LinkedHashMap<>();
  private final Set<String> initialisers = new TreeSet<>();
  private long irVersion;
  private long opset;
  private int nodes;
  private int graphs;

  /** Elements that a tensor may claim: none is smaller than four bits. */
  private final long mostElements;

  private GraphInspector(long mostElements) {
    this.mostElements = mostElements;
  }

  /**
   * Inspects an ONNX file.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID if the file is damaged or holds
   *     something that is refused; the message names it
   */
  public static GraphSignature inspect(byte[] onnx) {
    GraphInspector inspector = new GraphInspector(2L * onnx.length);
    inspector.model(new ProtobufReader(onnx));
    return inspector.signature();
  }

  private GraphSignature signature() {
    if (graphs != 1) {
      throw Invalid.model("the file holds " + graphs + " graphs instead of one");
    }
    if (irVersion < MIN_IR || irVersion > MAX_IR) {
      throw Invalid.model("IR version %d is not in %d..%d".formatted(irVersion, MIN_IR, MAX_IR));
    }
    if (opset < MIN_OPSET || opset > MAX_OPSET) {
      throw Invalid.model(
          "opset %d is not in %d..%d; export the graph again"
              .formatted(opset, MIN_OPSET, MAX_OPSET));
    }
    Map<String, GraphSignature.Tensor> fed = new LinkedHashMap<>(inputs);
    fed.keySet().removeAll(initialisers);
    return new GraphSignature(
        irVersion,
        opset,
        Collections.unmodifiableMap(fed),
        Collections.unmodifiableMap(new LinkedHashMap<>(outputs)),
        Collections.unmodifiableSortedSet(operators));
  }

  private void model(ProtobufReader model) {
    while (model.next()) {
      switch (model.field()) {
        case 1 -> irVersion = model.varint();
        case 7 -> {
          graphs++;
          graph(model.message(), 0);
        }
        case 8 -> operatorSet(model.message());
        case 20 -> throw Invalid.model("training parts are refused; export for inference");
        case 25 -> throw Invalid.model("model-local functions are refused; inline them");
        default -> model.skip();
      }
    }
  }

  private void operatorSet(ProtobufReader set) {
    String domain = "";
    long version = 0;
    while (set.next()) {
      switch (set.field()) {
        case 1 -> domain = set.text();
        case 2 -> version = set.varint();
        default -> set.skip();
      }
    }
    if (!isStandard(domain)) {
      throw Invalid.model(
          "the operator set '" + domain + "' is refused; only ONNX's own operators may be used");
    }
    opset = Math.max(opset, version);
  }

  private void graph(ProtobufReader graph, int depth) {
    if (depth > MAX_DEPTH) {
      throw Invalid.model("subgraphs are nested deeper than " + MAX_DEPTH);
    }
    boolean top = depth == 0;
    while (graph.next()) {
      switch (graph.field()) {
        case 1 -> node(graph.message(), depth);
        case 5 -> {
          String name = tensor(graph.message());
          if (top) {
            initialisers.add(name);
          }
        }
        case 11 -> value(graph.message(), top ? inputs : new LinkedHashMap<>());
        case 12 -> value(graph.message(), top ? outputs : new LinkedHashMap<>());
        case 15 -> sparseTensor(graph.message());
        default -> graph.skip();
      }
    }
  }

  private void node(ProtobufReader node, int depth) {
    if (++nodes > MAX_NODES) {
      throw Invalid.model("the graph has more than " + MAX_NODES + " nodes");
    }
    String operator = "";
    String domain = "";
    while (node.next()) {
      switch (node.field()) {
        case 4 -> operator = node.text();
        case 5 -> attribute(node.message(), depth);
        case 7 -> domain = node.text();
        default -> node.skip();
      }
    }
    if (!isStandard(domain)) {
      throw Invalid.model(
          "the operator %s.%s is refused; only ONNX's own operators may be used"
              .formatted(domain, operator));
    }
    if (RANDOM.contains(operator)) {
      throw Invalid.model(
          "the operator " + operator + " is refused: a result must be a function of its input");
    }
    if (operator.equals(BATCH_WIDE)) {
      throw Invalid.model(
          "the operator "
              + operator
              + " is refused: it mixes the windows of a batch; use fixed"
              + " scales (QuantizeLinear)");
    }
    operators.add(operator);
  }

  private void attribute(ProtobufReader attribute, int depth) {
    while (attribute.next()) {
      switch (attribute.field()) {
        case 5, 10 -> tensor(attribute.message());
        case 6, 11 -> graph(attribute.message(), depth + 1);
        case 22, 23 -> sparseTensor(attribute.message());
        default -> attribute.skip();
      }
    }
  }

  private void sparseTensor(ProtobufReader sparse) {
    while (sparse.next()) {
      switch (sparse.field()) {
        case 1, 2 -> tensor(sparse.message());
        default -> sparse.skip();
      }
    }
  }

  private String tensor(ProtobufReader tensor) {
    String name = "";
    boolean external = false;
    long[] elements = {1};
    while (tensor.next()) {
      switch (tensor.field()) {
        case 1 -> tensor.varints(size -> elements[0] = product(elements[0], size));
        case 8 -> name = tensor.text();
        case 13 -> {
          external = true;
          tensor.skip();
        }
        case 14 -> external |= tensor.varint() == EXTERNAL;
        default -> tensor.skip();
      }
    }
    if (external) {
      throw Invalid.model(
          "the tensor '"
              + name
              + "' lies outside the file; save the graph with its weights inside");
    }
    if (elements[0] > mostElements) {
      throw Invalid.model("the tensor '" + name + "' claims more elements than the file can hold");
    }
    return name;
  }

  /** The product of two sizes; what is negative or too large becomes the largest number. */
  private static long product(long a, long b) {
    boolean tooLarge = b < 0 || (b != 0 && a > Long.MAX_VALUE / b);
    return tooLarge ? Long.MAX_VALUE : a * b;
  }

  private static void value(ProtobufReader value, Map<String, GraphSignature.Tensor> into) {
    String name = "";
    GraphSignature.Tensor tensor = new GraphSignature.Tensor(0, List.of());
    while (value.next()) {
      switch (value.field()) {
        case 1 -> name = value.text();
        case 2 -> tensor = type(value.message());
        default -> value.skip();
      }
    }
    into.put(name, tensor);
  }

  private static GraphSignature.Tensor type(ProtobufReader type) {
    int elementType = 0;
    List<Long> dimensions = List.of();
    while (type.next()) {
      if (type.field() != 1) {
        type.skip();
        continue;
      }
      ProtobufReader tensor = type.message();
      while (tensor.next()) {
        switch (tensor.field()) {
          case 1 -> elementType = (int) tensor.varint();
          case 2 -> dimensions = shape(tensor.message());
          default -> tensor.skip();
        }
      }
    }
    return new GraphSignature.Tensor(elementType, dimensions);
  }

  private static List<Long> shape(ProtobufReader shape) {
    List<Long> dimensions = new ArrayList<>();
    while (shape.next()) {
      if (shape.field() != 1) {
        shape.skip();
        continue;
      }
      long size = GraphSignature.SYMBOLIC;
      ProtobufReader dimension = shape.message();
      while (dimension.next()) {
        if (dimension.field() == 1) {
          size = dimension.varint();
        } else {
          dimension.skip();
        }
      }
      dimensions.add(size);
    }
    return dimensions;
  }

  private static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }
}
