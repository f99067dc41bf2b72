package io.landshift.training.evaluation;

/**
 * A confidence interval from a bootstrap.
 *
 * @param low lower end; NaN where the bootstrap has no answer
 * @param high upper end; NaN where the bootstrap has no answer
 */
public record Interval(double low, double high) {
  /** No answer: fewer than two blocks, or a measure that is undefined in most replicates. */
  public static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);
}
