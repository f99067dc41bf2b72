package io.landshift.training.networks;

import java.util.List;

/** A network with named inputs and outputs. Immutable, thread-safe. */
public interface Network {
  /** What it takes, in order. */
  List<Port> inputs();

  /** What it gives, in order. */
  List<Port> outputs();

  /**
   * The outputs, in the terms of an interpreter.
   *
   * @param inputs one for each input; rows and columns are multiples of the network's stride
   */
  <T> List<T> apply(Ops<T> ops, List<T> inputs);
}
