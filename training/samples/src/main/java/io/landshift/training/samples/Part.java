package io.landshift.training.samples;

/** What a place is used for. */
public enum Part {
  /** Weights are fitted on it. */
  TRAIN,
  /** Settings, thresholds and when to stop are chosen on it. */
  VALIDATION,
  /** Looked at once, at the end. */
  TEST
}
