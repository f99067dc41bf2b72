package io.landshift.training.pretraining;

import io.landshift.training.networks.LossOps;

/** Losses of pretext tasks. Pure. */
final class Losses {
  private Losses() {}

  /**
   * The loss of a task: a single number, 0 where nothing is to be told.
   *
   * @param prediction as {@link Target} describes it
   * @param target of the same shape
   * @param weight of the same shape
   */
  static <T> T of(LossOps<T> ops, PretextTask task, T prediction, T target, T weight) {
    if (!task.ofClasses()) {
      T error = ops.subtract(prediction, target);
      return ops.sum(ops.multiply(weight, ops.multiply(error, error)));
    }
    T logarithms = ops.logSoftmax(classesLast(ops, task, prediction), -1);
    T counted = classesLast(ops, task, ops.multiply(target, weight));
    return ops.multiply(ops.sum(ops.multiply(counted, logarithms)), -1);
  }

  private static <T> T classesLast(LossOps<T> ops, PretextTask task, T x) {
    return task.ofPixels() ? ops.split(ops.channelsLast(x), task.channels()) : x;
  }
}
