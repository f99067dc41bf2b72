package io.landshift.training.onnx.precision;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Port;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

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
    run(onnx, windows, outputs, null);
  }

  /**
   * The same.
   *
   * @param optimised where ONNX Runtime writes the graph that it really runs
   */
  static void run(
      byte[] onnx,
      List<Map<String, Values>> windows,
      Consumer<Map<String, Values>> outputs,
      @Nullable Path optimised) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      if (optimised != null) {
        // Nodes for one kind of processor have no operators of ONNX: stop before them.
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
        options.setOptimizedModelFilePath(optimised.toString());
      }
      try (OrtSession session = environment.createSession(onnx, options)) {
        for (Map<String, Values> window : windows) {
          outputs.accept(run(environment, session, window));
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Values> run(
      OrtEnvironment environment, OrtSession session, Map<String, Values> window)
      throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (var input : window.entrySet()) {
        long[] shape = input.getValue().shape().stream().mapToLong(Integer::longValue).toArray();
        tensors.put(
            input.getKey(),
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(input.getValue().values()), shape));
      }
      Map<String, Values> outputs = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(tensors)) {
        for (var output : result) {
          OnnxTensor tensor = (OnnxTensor) output.getValue();
          FloatBuffer buffer = tensor.getFloatBuffer();
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          List<Integer> shape =
              LongStream.of(tensor.getInfo().getShape()).mapToObj(Math::toIntExact).toList();
          outputs.put(output.getKey(), new Values(shape, values));
        }
      }
      return outputs;
    } finally {
      tensors.values().forEach(OnnxTensor::close);
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
