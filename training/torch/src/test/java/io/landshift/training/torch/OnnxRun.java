package io.landshift.training.torch;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.landshift.training.networks.Network;
import io.landshift.training.networks.Port;
import io.landshift.training.networks.Values;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A graph in ONNX Runtime, for comparison. */
final class OnnxRun implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Network network;

  OnnxRun(byte[] graph, Network network) throws OrtException {
    this.environment = OrtEnvironment.getEnvironment();
    this.network = network;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(graph, options);
    }
  }

  List<Values> run(List<Values> inputs) throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (int index = 0; index < inputs.size(); index++) {
        Values values = inputs.get(index);
        long[] shape = values.shape().stream().mapToLong(Integer::longValue).toArray();
        tensors.put(
            network.inputs().get(index).name(),
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(values.values()), shape));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        List<Values> outputs = new ArrayList<>();
        for (Port port : network.outputs()) {
          outputs.add(values((OnnxTensor) result.get(port.name()).orElseThrow()));
        }
        return outputs;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static Values values(OnnxTensor tensor) {
    List<Integer> shape = new ArrayList<>();
    for (long size : tensor.getInfo().getShape()) {
      shape.add((int) size);
    }
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return new Values(shape, values);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
