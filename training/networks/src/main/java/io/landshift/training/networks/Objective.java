package io.landshift.training.networks;

import java.util.List;

/** What a training makes small. Immutable, thread-safe. */
public interface Objective {
  /**
   * A single number, in the terms of an interpreter.
   *
   * @param inputs of the network and what it is compared with
   */
  <T> T loss(LossOps<T> ops, List<T> inputs);
}
