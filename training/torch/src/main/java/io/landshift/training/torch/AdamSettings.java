package io.landshift.training.torch;

/**
 * Settings of AdamW.
 *
 * @param firstBeta how much of the mean gradient is kept, 0..1
 * @param secondBeta how much of the mean squared gradient is kept, 0..1
 * @param epsilon added to the root of the mean squared gradient
 * @param decay of weights, in learning rates; biases and gains are not drawn to zero
 * @param largestNorm gradients whose norm over all parameters is larger are shortened to it
 */
public record AdamSettings(
    double firstBeta, double secondBeta, double epsilon, double decay, double largestNorm) {
  /** Those of most fine-tuning. */
  public static final AdamSettings DEFAULT = new AdamSettings(0.9, 0.999, 1e-8, 0.05, 5);
}
