package io.landshift.training.onnx.precision;

import io.landshift.training.networks.Values;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs a graph somewhere: this module writes graphs and has nothing that computes them. */
@FunctionalInterface
public interface GraphRunner {
  /**
   * Runs a graph once for each of the windows, in order.
   *
   * @param onnx the ONNX file
   * @param windows the graph's inputs by name
   * @param outputs is told all outputs by name after each run
   */
  void run(byte[] onnx, List<Map<String, Values>> windows, Consumer<Map<String, Values>> outputs);
}
