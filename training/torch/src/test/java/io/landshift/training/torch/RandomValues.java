package io.landshift.training.torch;

import io.landshift.training.networks.Model;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Port;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Numbers of a seed, nowhere zero by design. */
final class RandomValues {
  private final Random random;

  RandomValues(long seed) {
    random = new Random(seed);
  }

  /**
   * Weights that keep values at about 1 through the layers; gains around 1, all others around 0.
   */
  Weights weights(Model<?> model) {
    Map<String, Values> values = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      values.put(parameter.name(), values(parameter));
    }
    return new Weights(values);
  }

  private Values values(Parameter parameter) {
    int fanIn = parameter.count() / parameter.shape().getFirst();
    return switch (parameter.start()) {
      case TRUNCATED_NORMAL -> normal(parameter.shape(), 0, 1 / Math.sqrt(fanIn));
      case ONES -> normal(parameter.shape(), 1, 0.2);
      case ZEROS -> normal(parameter.shape(), 0, 0.2);
    };
  }

  /** An input; a spread is not negative. */
  Values input(Port port, int batch, int height, int width) {
    Values values =
        normal(
            port.planes()
                ? List.of(batch, port.channels(), height, width)
                : List.of(batch, port.channels()),
            0,
            1);
    if (port.name().equals("spread")) {
      for (int index = 0; index < values.values().length; index++) {
        values.values()[index] = Math.abs(values.values()[index]);
      }
    }
    return values;
  }

  private Values normal(List<Integer> shape, double mean, double deviation) {
    float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
    for (int index = 0; index < values.length; index++) {
      values[index] = (float) (mean + deviation * random.nextGaussian());
    }
    return new Values(shape, values);
  }
}
