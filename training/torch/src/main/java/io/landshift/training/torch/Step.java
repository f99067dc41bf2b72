package io.landshift.training.torch;

/**
 * What a step of training did.
 *
 * @param loss before the step
 * @param gradientNorm over all parameters, before it was limited
 * @param taken false if loss or gradient was not finite: then all parameters are as before
 */
public record Step(double loss, double gradientNorm, boolean taken) {}
