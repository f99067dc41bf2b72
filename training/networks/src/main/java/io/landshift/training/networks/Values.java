package io.landshift.training.networks;

import java.util.List;

/**
 * A tensor in the memory of Java. The array is not copied.
 *
 * @param shape sizes; none is a single number
 * @param values row by row
 */
public record Values(List<Integer> shape, float[] values) {
  public Values {
    shape = List.copyOf(shape);
    if (shape.stream().reduce(1, Math::multiplyExact) != values.length) {
      throw new IllegalArgumentException(
          "%d values do not fill a tensor of %s".formatted(values.length, shape));
    }
  }
}
