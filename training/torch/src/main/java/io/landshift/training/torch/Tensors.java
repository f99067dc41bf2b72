package io.landshift.training.torch;

import io.landshift.training.networks.Values;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors between Java and libtorch. Always copied: neither side sees the other's memory. */
public final class Tensors {
  private Tensors() {}

  /** A native copy of float32, owned by the innermost scope. */
  public static Tensor of(Values values) {
    try (FloatPointer copy = new FloatPointer(values.values())) {
      return torch.from_blob(copy, longs(values.shape())).clone();
    }
  }

  /** A copy in Java, row by row. */
  public static Values values(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      Tensor rows = tensor.detach().to(ScalarType.Float).cpu().contiguous();
      List<Integer> shape = new ArrayList<>();
      for (int axis = 0; axis < rows.dim(); axis++) {
        shape.add(Math.toIntExact(rows.size(axis)));
      }
      float[] values = new float[Math.toIntExact(rows.numel())];
      rows.data_ptr_float().get(values);
      return new Values(shape, values);
    }
  }

  static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).toArray();
  }
}
