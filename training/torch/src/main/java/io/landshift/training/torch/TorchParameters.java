package io.landshift.training.torch;

import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The values of a network's parameters in native memory, with gradients. Owns them until it is
 * closed. Not thread-safe.
 */
public final class TorchParameters implements AutoCloseable {
  private final Map<Parameter, Tensor> tensors = new LinkedHashMap<>();

  /**
   * A native copy of weights.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID if a weight is missing or has
   *     another shape
   */
  public TorchParameters(List<Parameter> parameters, Weights weights) {
    // Asked for before anything native is made.
    List<Values> values = new ArrayList<>();
    parameters.forEach(p -> values.add(new Values(p.shape(), weights.of(p))));
    try (PointerScope scope = new PointerScope()) {
      for (int index = 0; index < values.size(); index++) {
        Tensor tensor = Tensors.of(values.get(index));
        tensor.requires_grad_(true);
        tensor.retainReference();
        tensors.put(parameters.get(index), tensor);
      }
    }
  }

  Tensor tensor(Parameter parameter) {
    Tensor tensor = tensors.get(parameter);
    if (tensor == null) {
      throw new IllegalArgumentException("not a parameter of this network: " + parameter.name());
    }
    return tensor;
  }

  /** In the order of their declaration. */
  List<Parameter> parameters() {
    return List.copyOf(tensors.keySet());
  }

  /** A copy of the values as they are now. */
  public Weights weights() {
    Map<String, Values> values = new LinkedHashMap<>();
    tensors.forEach((parameter, tensor) -> values.put(parameter.name(), Tensors.values(tensor)));
    return new Weights(values);
  }

  /** Gives the native memory back. */
  @Override
  public void close() {
    tensors.values().forEach(Tensor::releaseReference);
    tensors.clear();
  }
}
