package io.landshift.training.onnx;

import io.landshift.training.networks.Network;
import io.landshift.training.networks.Port;
import io.landshift.training.networks.Weights;
import java.util.ArrayList;
import java.util.List;

/** Networks as ONNX graphs. */
public final class NetworkExport {
  private NetworkExport() {}

  /**
   * The graph of a network with its weights. Batch, rows and columns stay open.
   *
   * @param name for people
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID if a weight is missing or has
   *     another shape
   */
  public static OnnxGraph graph(String name, Network network, Weights weights) {
    OnnxGraph graph = new OnnxGraph(name);
    List<Value> inputs = new ArrayList<>();
    for (Port port : network.inputs()) {
      inputs.add(
          graph.input(port.name(), ElementType.FLOAT32, dimensions(port, "height", "width")));
    }
    List<Value> outputs = network.apply(new OnnxOps(graph, weights), inputs);
    for (int index = 0; index < outputs.size(); index++) {
      Port port = network.outputs().get(index);
      // Names of their own: an output may have another size than the inputs.
      Dimension[] dimensions = dimensions(port, port.name() + "_height", port.name() + "_width");
      graph.output(port.name(), outputs.get(index), ElementType.FLOAT32, dimensions);
    }
    return graph;
  }

  private static Dimension[] dimensions(Port port, String height, String width) {
    Dimension batch = Dimension.of("batch");
    Dimension channels = Dimension.of(port.channels());
    return port.planes()
        ? new Dimension[] {batch, channels, Dimension.of(height), Dimension.of(width)}
        : new Dimension[] {batch, channels};
  }
}
