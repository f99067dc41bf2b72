package io.landshift.training.torch;

/** In what numbers a training computes; weights and what is added to them are always fp32. */
public enum Arithmetic {
  /** All in fp32. */
  FP32,

  /**
   * Matrix products of bfloat16, added up in fp32: faster where the processor has units for them
   * (AMX, AVX-512 BF16), slower elsewhere. All else stays as it is, because depthwise convolutions
   * gain nothing and norms lose.
   */
  BF16
}
