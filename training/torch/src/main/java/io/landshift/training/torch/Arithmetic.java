package io.landshift.training.torch;

/** In what numbers a training computes; weights and what is added to them are always fp32. */
public enum Arithmetic {
  /** All in fp32. */
  FP32,

  /**
   * Matrix products of bfloat16, all else in fp32: for processors that have units for them (AMX,
   * AVX-512 BF16).
   */
  BF16
}
