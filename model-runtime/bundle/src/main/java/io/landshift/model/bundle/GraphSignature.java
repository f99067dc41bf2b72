package io.landshift.model.bundle;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * What an ONNX file declares, read without ONNX Runtime. Immutable.
 *
 * @param irVersion version of the file format
 * @param opset version of the default operator set
 * @param inputs tensors to feed, by name in the file's order
 * @param outputs tensors it gives, by name in the file's order
 * @param operators names of all operators, subgraphs included
 */
public record GraphSignature(
    long irVersion,
    long opset,
    Map<String, Tensor> inputs,
    Map<String, Tensor> outputs,
    SortedSet<String> operators) {
  /** A dimension that is known only at run time. */
  public static final long SYMBOLIC = -1;

  /** ONNX's number of the element type float32. */
  public static final int FLOAT32 = 1;

  /**
   * Type and shape of a tensor.
   *
   * @param elementType ONNX's number of the element type
   * @param dimensions sizes, {@link #SYMBOLIC} where free
   */
  public record Tensor(int elementType, List<Long> dimensions) {
    public Tensor {
      dimensions = List.copyOf(dimensions);
    }
  }
}
