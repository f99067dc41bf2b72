package io.landshift.model.inference;

/** Where graphs are computed. */
public enum Provider {
  /** The processor. */
  CPU,
  /** An NVIDIA GPU. */
  CUDA,
  /** CUDA where it can be used, otherwise the processor. */
  AUTO
}
