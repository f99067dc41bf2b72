package io.landshift.training.samples;

/** What may become of weights that were trained on a set. */
public enum Licence {
  /** The set may be passed on, and so may what was learned from it. */
  SHIPPABLE,
  /** For experiments and evaluation: its weights are never shipped. */
  EXPERIMENT_ONLY
}
