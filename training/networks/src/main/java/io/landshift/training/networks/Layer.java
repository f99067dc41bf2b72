package io.landshift.training.networks;

/** A part of a network with one input and one output. Immutable, thread-safe. */
public interface Layer {
  /** The layer's output, in the terms of an interpreter. */
  <T> T apply(Ops<T> ops, T x);
}
