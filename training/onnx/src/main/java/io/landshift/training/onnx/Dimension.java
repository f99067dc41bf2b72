package io.landshift.training.onnx;

/** A dimension of an input or output of a graph. */
public sealed interface Dimension {

  /**
   * A dimension that is known.
   *
   * @param size number of elements, at least 1
   */
  record Fixed(long size) implements Dimension {}

  /**
   * A dimension that is known when the graph runs.
   *
   * @param name equal names mean equal sizes
   */
  record Symbolic(String name) implements Dimension {}

  /** A dimension that is known. */
  static Dimension of(long size) {
    return new Fixed(size);
  }

  /** A dimension that is known when the graph runs. */
  static Dimension of(String name) {
    return new Symbolic(name);
  }
}
