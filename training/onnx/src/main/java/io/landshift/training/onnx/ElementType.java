package io.landshift.training.onnx;

/** Element types of tensors, with ONNX's numbers. */
public enum ElementType {
  FLOAT32(1),
  UINT8(2),
  INT8(3),
  INT32(6),
  INT64(7),
  BOOL(9),
  FLOAT16(10),
  FLOAT64(11);

  private final int code;

  ElementType(int code) {
    this.code = code;
  }

  /** The number in {@code TensorProto.DataType}. */
  public int code() {
    return code;
  }
}
