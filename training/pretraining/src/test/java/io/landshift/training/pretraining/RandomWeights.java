package io.landshift.training.pretraining;

import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Numbers of a seed, nowhere zero by design. */
final class RandomWeights {
  private RandomWeights() {}

  static Weights of(List<Parameter> parameters, long seed) {
    Random random = new Random(seed);
    Map<String, Values> values = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      int fanIn = parameter.count() / parameter.shape().getFirst();
      double scale = parameter.decayed() ? 1 / Math.sqrt(fanIn) : 0.3;
      values.put(parameter.name(), normal(parameter.shape(), scale, random));
    }
    return new Weights(values);
  }

  static Values normal(List<Integer> shape, double deviation, Random random) {
    float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
    for (int index = 0; index < values.length; index++) {
      values[index] = (float) (deviation * random.nextGaussian());
    }
    return new Values(shape, values);
  }
}
