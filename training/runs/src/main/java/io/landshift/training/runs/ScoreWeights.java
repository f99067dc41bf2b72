package io.landshift.training.runs;

import io.landshift.training.finetuning.SharedNetwork;
import io.landshift.training.networks.FeatureChange;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.OperationalEncoder;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The change head of one task, out of the head of all. Pure. */
final class ScoreWeights {
  private static final String CLASSIFIER = "change.classifier.";

  private ScoreWeights() {}

  /** The head with one score; its parameters are named as those of the head of all. */
  static Model<FeatureChange> served(SharedNetwork network) {
    return Model.of(scope ->
        FeatureChange.of(
            scope.of("change"), network.change().features(), 1, OperationalEncoder.STRIDE));
  }

  /** Its weights: the last layer is linear, so that its outputs are scaled in it. */
  static Weights of(
      SharedNetwork network, String task, LearnedBundle.Scale scale, Weights weights) {
    int score = network.score(task);
    int pixels = OperationalEncoder.STRIDE * OperationalEncoder.STRIDE;
    Map<String, Values> tensors = new LinkedHashMap<>(weights.tensors());
    tensors.computeIfPresent(
        CLASSIFIER + "weight", (name, all) -> part(all, score * pixels, pixels, scale.gain(), 0));
    tensors.computeIfPresent(
        CLASSIFIER + "bias",
        (name, all) -> part(all, score * pixels, pixels, scale.gain(), scale.offset()));
    return new Weights(tensors);
  }

  /** Some of the outputs, each times a gain plus an offset. */
  private static Values part(Values all, int first, int count, double gain, double offset) {
    int each = all.values().length / all.shape().getFirst();
    float[] values = Arrays.copyOfRange(all.values(), first * each, (first + count) * each);
    for (int index = 0; index < values.length; index++) {
      values[index] = (float) (gain * values[index] + offset);
    }
    List<Integer> shape = new ArrayList<>(all.shape());
    shape.set(0, count);
    return new Values(shape, values);
  }
}
