package io.landshift.training.finetuning;

import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.FeatureChange;
import io.landshift.training.networks.FeatureSegmentation;
import io.landshift.training.networks.HeadDecoder;
import io.landshift.training.networks.OperationalEncoder;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The operational encoder and a head for each task. Change tasks share their head up to its last
 * layer, of which each has its own outputs, as MTP's data sets do (arXiv 2403.13430); segmentations
 * have a head each.
 *
 * @param change one score for each change task, in their order
 * @param segmentations by task
 * @param logVariances what weighting by uncertainty learns: one for each task
 */
public record SharedNetwork(
    OperationalEncoder encoder,
    FeatureChange change,
    Map<String, FeatureSegmentation> segmentations,
    List<Task> tasks,
    Parameter logVariances) {
  public SharedNetwork {
    segmentations = Map.copyOf(segmentations);
    tasks = List.copyOf(tasks);
  }

  /**
   * On an encoder, whose parameters are named as pretraining names them.
   *
   * @param encoder makes it in the scope {@code encoder}
   * @param features channels of the served features
   * @param decoder of the segmentations
   * @param tasks one or more
   */
  public static SharedNetwork of(
      Scope scope, ConvNextEncoder encoder, int features, HeadDecoder decoder, List<Task> tasks) {
    OperationalEncoder served = OperationalEncoder.of(scope, encoder, features);
    Map<String, FeatureSegmentation> segmentations = new LinkedHashMap<>();
    int scores = 0;
    for (Task task : tasks) {
      switch (task) {
        case Task.Change change -> scores++;
        case Task.Segmentation(String name, List<String> classes) ->
            segmentations.put(
                name,
                FeatureSegmentation.of(
                    scope.of("segmentation").of(name),
                    decoder,
                    features,
                    classes.size(),
                    OperationalEncoder.STRIDE));
      }
    }
    return new SharedNetwork(
        served,
        FeatureChange.of(
            scope.of("change"), features, Math.max(1, scores), OperationalEncoder.STRIDE),
        segmentations,
        tasks,
        scope.of("loss_fn").zeros("log_vars", tasks.size()));
  }

  /** Position of a change task's score in the change head. */
  public int score(String task) {
    int score = 0;
    for (Task each : tasks) {
      if (each instanceof Task.Change) {
        if (each.name().equals(task)) {
          return score;
        }
        score++;
      }
    }
    throw new IllegalArgumentException("no change task " + task);
  }

  /** How many scores the change head has. */
  public int scores() {
    return change.scores();
  }
}
