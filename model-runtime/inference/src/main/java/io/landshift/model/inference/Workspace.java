package io.landshift.model.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Input and output tensors of one batch size, allocated once and used for many runs.
 *
 * <p>Owns its native tensors; the memory under them is direct and belongs to the JVM. Used by one
 * thread at a time.
 */
final class Workspace implements AutoCloseable {
  private final int batch;
  private final Map<String, Port> inputPorts = new LinkedHashMap<>();
  private final Map<String, FloatBuffer> buffers = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxValue> outputs = new LinkedHashMap<>();
  private final Port outputPort;
  private final FloatBuffer output;
  private final float[] plane;

  Workspace(OrtEnvironment environment, int batch, List<Port> inputPorts, Port outputPort)
      throws OrtException {
    this.batch = batch;
    this.outputPort = outputPort;
    int largest = outputPort.plane();
    try {
      for (Port port : inputPorts) {
        FloatBuffer buffer = allocate(batch * port.elements());
        this.inputPorts.put(port.name(), port);
        buffers.put(port.name(), buffer);
        inputs.put(port.name(), OnnxTensor.createTensor(environment, buffer, port.shape(batch)));
        largest = Math.max(largest, Math.max(port.plane(), port.channels()));
      }
      output = allocate(batch * outputPort.elements());
      outputs.put(
          outputPort.name(), OnnxTensor.createTensor(environment, output, outputPort.shape(batch)));
    } catch (OrtException e) {
      close();
      throw e;
    }
    plane = new float[largest];
  }

  private static FloatBuffer allocate(int elements) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(elements, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  int batch() {
    return batch;
  }

  /** Scratch of at least one plane of any tensor. */
  float[] plane() {
    return plane;
  }

  /**
   * Writes one channel of one window from the scratch plane.
   *
   * @param port the input's name
   */
  void put(String port, int slot, int channel) {
    Port shape = port(port);
    buffer(port).put((slot * shape.channels() + channel) * shape.plane(), plane, 0, shape.plane());
  }

  /** Writes all channels of one window of an input without spatial dimensions. */
  void putVector(String port, int slot, float[] values) {
    buffer(port).put(slot * values.length, values);
  }

  /** Reads one channel of one window of the output into the scratch plane. */
  void get(int slot, int channel) {
    output.get(
        (slot * outputPort.channels() + channel) * outputPort.plane(),
        plane,
        0,
        outputPort.plane());
  }

  /** Runs the graph on what was put. */
  void run(OrtSession session) throws OrtException {
    // The result holds only our own output tensor, which its close leaves alone.
    session.run(inputs, outputs).close();
  }

  private Port port(String name) {
    Port port = inputPorts.get(name);
    if (port == null) {
      throw new IllegalArgumentException("the graph has no input " + name);
    }
    return port;
  }

  private FloatBuffer buffer(String name) {
    FloatBuffer buffer = buffers.get(name);
    if (buffer == null) {
      throw new IllegalArgumentException("the graph has no input " + name);
    }
    return buffer;
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxValue::close);
  }
}
