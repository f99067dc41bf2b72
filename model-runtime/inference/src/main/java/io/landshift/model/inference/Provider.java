package io.landshift.model.inference;

/** Where graphs are computed. */
public enum Provider {
  /** The processor. */
  CPU,
  /** An NVIDIA GPU. */
  CUDA,
  /** CUDA where this build of ONNX Runtime has it, otherwise the processor. */
  AUTO
}
