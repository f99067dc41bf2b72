package io.landshift.model.bundle;

/** What kind of change makes a score rise. */
public enum Direction {
  /** Only a loss, for example of vegetation. */
  LOSS,
  /** Only a gain. */
  GAIN,
  /** A change of any kind. */
  ANY
}
