package io.landshift.training.networks;

import java.util.List;

/**
 * A tensor that is learned: its name and shape, not its values.
 *
 * @param name as PyTorch would name it in a state dictionary: {@code stages.0.1.dwconv.weight}
 * @param start how its first values are drawn
 * @param shape sizes, each at least 1
 */
public record Parameter(String name, Start start, List<Integer> shape) {

  /** How first values are drawn. */
  public enum Start {
    ZEROS,
    ONES,
    /** Normal with a deviation of 0.02, drawn again beyond two deviations. */
    TRUNCATED_NORMAL
  }

  public Parameter {
    shape = List.copyOf(shape);
    if (name.isEmpty() || shape.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("no parameter: '%s' of %s".formatted(name, shape));
    }
  }

  /** Number of values. */
  public int count() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /**
   * Whether weight decay draws it towards zero: weights of convolutions and linear layers; not
   * biases, gains, nor what response normalisation learns.
   */
  public boolean decayed() {
    return start == Start.TRUNCATED_NORMAL;
  }
}
