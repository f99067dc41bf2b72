package io.landshift.training.finetuning;

import java.util.List;

/** Something to be told of a look, or of two; each set of labels has one of its own. Immutable. */
public sealed interface Task {
  /** Unique among the tasks of a network; of the set that labels it. */
  String name();

  /** Which pixels changed: one logit. */
  record Change(String name) implements Task {}

  /**
   * What a pixel shows: a logit for each class.
   *
   * @param classes as the labels name them, in the order of their codes
   */
  record Segmentation(String name, List<String> classes) implements Task {
    public Segmentation {
      classes = List.copyOf(classes);
    }
  }
}
