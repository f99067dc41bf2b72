package io.landshift.training.onnx.precision;

import io.landshift.training.onnx.ElementType;
import io.landshift.training.onnx.OnnxGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Integers as constants of a graph. Pure functions. */
final class Bytes {
  private Bytes() {}

  /** Numbers of one byte each. */
  static OnnxGraph.Constant of(ElementType type, List<Long> dimensions, byte... values) {
    return new OnnxGraph.Constant(type, dimensions, ByteBuffer.wrap(values));
  }

  /** A list of int32. */
  static OnnxGraph.Constant of(int[] values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asIntBuffer().put(values);
    return new OnnxGraph.Constant(ElementType.INT32, List.of((long) values.length), data);
  }
}
