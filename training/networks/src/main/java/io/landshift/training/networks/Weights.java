package io.landshift.training.networks;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The values of parameters, by name. Thread-safe as long as nobody writes into the arrays, which
 * are not copied.
 */
public final class Weights {
  private static final double DEVIATION = 0.02;
  private static final double CUT = 2;

  private final Map<String, Values> tensors;

  /**
   * Named tensors.
   *
   * @param tensors in the order in which they are to be written
   */
  public Weights(Map<String, Values> tensors) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * The values that training starts from. They depend on the seed and the parameter's name only: an
   * encoder starts alike under every head, on every machine.
   */
  public static Weights initial(List<Parameter> parameters, long seed) {
    Map<String, Values> tensors = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      tensors.put(parameter.name(), new Values(parameter.shape(), initial(parameter, seed)));
    }
    return new Weights(tensors);
  }

  private static float[] initial(Parameter parameter, long seed) {
    float[] values = new float[parameter.count()];
    switch (parameter.start()) {
      case ZEROS -> {}
      case ONES -> Arrays.fill(values, 1);
      case TRUNCATED_NORMAL -> {
        // java.util.Random is specified to the bit, and its seeds are mixed before use.
        Random random = new Random(seed * 31 + parameter.name().hashCode());
        for (int index = 0; index < values.length; index++) {
          values[index] = (float) (DEVIATION * truncatedNormal(random));
        }
      }
    }
    return values;
  }

  private static double truncatedNormal(Random random) {
    double value;
    do {
      value = random.nextGaussian();
    } while (Math.abs(value) > CUT);
    return value;
  }

  /** All tensors in order; the map cannot be changed. */
  public Map<String, Values> tensors() {
    return tensors;
  }

  /**
   * The values of a parameter, row by row; not a copy.
   *
   * @throws LandshiftException MODEL_INVALID if there are none or they have another shape
   */
  public float[] of(Parameter parameter) {
    Values tensor = tensors.get(parameter.name());
    if (tensor == null) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID, "the weights lack " + parameter.name());
    }
    if (!tensor.shape().equals(parameter.shape())) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID,
          "the weights of %s are %s, the network has %s: are they of another size?"
              .formatted(parameter.name(), tensor.shape(), parameter.shape()));
    }
    return tensor.values();
  }
}
