package io.landshift.training.networks;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights of encoders that were trained with sparse convolutions (MinkowskiEngine, as MP-MAE was),
 * for the same networks with dense ones. Names differ in {@code kernel}, {@code ln} and {@code
 * linear}; kernels are [position, in, out] or [position, channel], and count positions column by
 * column.
 */
public final class SparseWeights {
  private SparseWeights() {}

  /**
   * The weights of a network's parameters.
   *
   * @param parameters of the network
   * @param published weights, sparse or dense already
   * @param prefix before the published names, such as {@code encoder.}
   * @throws LandshiftException MODEL_INVALID if a parameter has no counterpart of its size
   */
  public static Weights dense(List<Parameter> parameters, Weights published, String prefix) {
    Map<String, Values> dense = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      dense.put(parameter.name(), dense(parameter, published.tensors(), prefix));
    }
    return new Weights(dense);
  }

  private static Values dense(Parameter parameter, Map<String, Values> published, String prefix) {
    String name = prefix + parameter.name();
    int dot = name.lastIndexOf('.');
    String owner = name.substring(0, dot);
    String field = name.substring(dot);
    Values kernel = published.get(owner + ".kernel");
    if (kernel != null && field.equals(".weight")) {
      return new Values(parameter.shape(), turned(parameter, sized(parameter, kernel)));
    }
    for (String candidate : List.of(name, owner + ".ln" + field, owner + ".linear" + field)) {
      Values values = published.get(candidate);
      if (values != null) {
        return new Values(parameter.shape(), sized(parameter, values).clone());
      }
    }
    if (kernel != null) {
      // A sparse convolution without a bias.
      return new Values(parameter.shape(), new float[parameter.count()]);
    }
    throw new LandshiftException(FailureReason.MODEL_INVALID, "the published weights lack " + name);
  }

  private static float[] sized(Parameter parameter, Values published) {
    if (published.values().length != parameter.count()) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID,
          "the published weights of %s are %s, the network has %s: are they of another size?"
              .formatted(parameter.name(), published.shape(), parameter.shape()));
    }
    return published.values();
  }

  /** [position, in, out] to [out, in, row, column], where position = column * side + row. */
  private static float[] turned(Parameter parameter, float[] kernel) {
    int outs = parameter.shape().get(0);
    int ins = parameter.shape().get(1);
    int side = parameter.shape().get(2);
    float[] turned = new float[kernel.length];
    int next = 0;
    for (int out = 0; out < outs; out++) {
      for (int in = 0; in < ins; in++) {
        for (int row = 0; row < side; row++) {
          for (int column = 0; column < side; column++) {
            int position = column * side + row;
            turned[next++] = kernel[(position * ins + in) * outs + out];
          }
        }
      }
    }
    return turned;
  }
}
