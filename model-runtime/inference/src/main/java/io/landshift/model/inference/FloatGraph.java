package io.landshift.model.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A graph of float32 tensors of any shape, run once at a time: for looking into graphs that are in
 * the making. What serves is a {@link ModelSession}.
 *
 * <p>Owns the native session; tensors live no longer than a run. For one thread.
 */
public final class FloatGraph implements AutoCloseable {
  /**
   * A tensor in the memory of Java. The array is not copied.
   *
   * @param shape sizes; none is a single number
   * @param values row by row
   */
  public record Tensor(List<Integer> shape, float[] values) {
    public Tensor {
      shape = List.copyOf(shape);
    }
  }

  private final String name;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private boolean closed;

  /** Takes over the session. */
  FloatGraph(String name, OrtEnvironment environment, OrtSession session) {
    this.name = name;
    this.environment = environment;
    this.session = session;
  }

  /**
   * Runs the graph.
   *
   * @param inputs all of them by name
   * @return all outputs by name
   * @throws LandshiftException INFERENCE_FAILED if an input is missing, unknown or of another
   *     shape, or an output is not of float32
   * @throws IllegalStateException after close
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    if (closed) {
      throw new IllegalStateException("the session of " + name + " is closed");
    }
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (var input : inputs.entrySet()) {
        tensors.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (var output : result) {
          outputs.put(output.getKey(), tensor(output.getKey(), output.getValue()));
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new LandshiftException(
          FailureReason.INFERENCE_FAILED,
          "ONNX Runtime failed on %s: %s".formatted(name, e.getMessage()),
          e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(Tensor tensor) throws OrtException {
    long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(tensor.values()), shape);
  }

  private Tensor tensor(String output, OnnxValue value) {
    if (!(value instanceof OnnxTensor tensor) || tensor.getInfo().type != OnnxJavaType.FLOAT) {
      throw new LandshiftException(
          FailureReason.INFERENCE_FAILED,
          "the output %s of %s is no tensor of float32".formatted(output, name));
    }
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    List<Integer> shape =
        LongStream.of(tensor.getInfo().getShape()).mapToObj(Math::toIntExact).toList();
    return new Tensor(shape, values);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      session.close();
    } catch (OrtException e) {
      throw new LandshiftException(
          FailureReason.INFERENCE_FAILED, "ONNX Runtime could not close a session", e);
    }
  }
}
