package io.landshift.training.onnx.precision;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.landshift.model.inference.FloatGraph;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Port;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Networks of random weights, windows with structure, and ONNX Runtime. */
final class Trial {
  private final Random random;

  Trial(long seed) {
    random = new Random(seed);
  }

  /** Weights that keep values at about 1 through the layers, none of them idle. */
  Weights weights(Model<?> model) {
    Map<String, Values> weights = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      float[] values = new float[parameter.count()];
      int fanIn = parameter.count() / parameter.shape().getFirst();
      for (int index = 0; index < values.length; index++) {
        double drawn = random.nextGaussian();
        values[index] =
            (float)
                switch (parameter.start()) {
                  case ZEROS -> 0.1 * drawn;
                  case ONES -> 1 + 0.1 * drawn;
                  case TRUNCATED_NORMAL -> drawn / Math.sqrt(fanIn);
                };
      }
      weights.put(parameter.name(), new Values(parameter.shape(), values));
    }
    return new Weights(weights);
  }

  /** Fields, edges and some noise, of deviation 1; a spread is not negative. */
  Map<String, Values> window(List<Port> ports, int side) {
    Map<String, Values> window = new LinkedHashMap<>();
    for (Port port : ports) {
      float[] values = new float[port.channels() * side * side];
      for (int channel = 0; channel < port.channels(); channel++) {
        double tilt = random.nextDouble() * Math.PI;
        double length = 4 + 20 * random.nextDouble();
        double edge = side * random.nextDouble();
        for (int pixel = 0; pixel < side * side; pixel++) {
          double along = Math.cos(tilt) * (pixel / side) + Math.sin(tilt) * (pixel % side);
          double value = Math.sin(along / length * 2 * Math.PI) + (along > edge ? 0.5 : -0.5);
          value += 0.1 * random.nextGaussian();
          boolean positive = port.name().equals("spread");
          values[channel * side * side + pixel] = (float) (positive ? Math.abs(value) : value);
        }
      }
      window.put(port.name(), new Values(List.of(1, port.channels(), side, side), values));
    }
    return window;
  }

  /** A {@link GraphRunner}. */
  static void run(
      byte[] onnx, List<Map<String, Values>> windows, Consumer<Map<String, Values>> outputs) {
    try (FloatGraph graph = ModelRuntime.openGraph("a trial", onnx)) {
      for (Map<String, Values> window : windows) {
        Map<String, FloatGraph.Tensor> inputs = new LinkedHashMap<>();
        window.forEach((name, values) ->
            inputs.put(name, new FloatGraph.Tensor(values.shape(), values.values())));
        Map<String, Values> found = new LinkedHashMap<>();
        graph
            .run(inputs)
            .forEach(
                (name, tensor) -> found.put(name, new Values(tensor.shape(), tensor.values())));
        outputs.accept(found);
      }
    }
  }

  /** Writes the graph that ONNX Runtime really runs. */
  static void optimise(byte[] onnx, Path optimised) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Nodes for one kind of processor have no operators of ONNX: stop before them.
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
      options.setOptimizedModelFilePath(optimised.toString());
      OrtEnvironment.getEnvironment().createSession(onnx, options).close();
    }
  }

  /** The root of the sum of squared differences, relative to that of what was expected. */
  static double error(byte[] expected, byte[] actual, List<Map<String, Values>> windows) {
    List<Map<String, Values>> wanted = new ArrayList<>();
    List<Map<String, Values>> got = new ArrayList<>();
    run(expected, windows, wanted::add);
    run(actual, windows, got::add);
    double difference = 0;
    double magnitude = 0;
    for (int window = 0; window < windows.size(); window++) {
      for (var output : wanted.get(window).entrySet()) {
        float[] a = output.getValue().values();
        float[] b = got.get(window).get(output.getKey()).values();
        for (int index = 0; index < a.length; index++) {
          difference += Math.pow((double) a[index] - b[index], 2);
          magnitude += (double) a[index] * a[index];
        }
      }
    }
    return Math.sqrt(difference / magnitude);
  }
}
