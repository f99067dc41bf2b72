package io.landshift.training.torch;

import io.landshift.training.networks.Model;
import io.landshift.training.networks.Objective;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Steps of a training, one after the other. What a step sees depends on its number alone, so that a
 * training that was broken off goes on, from a checkpoint, as if it had not been.
 *
 * @param model what learns
 * @param objective what is made small
 * @param batches the objective's inputs at each step, from 0; the same ones whenever asked
 * @param rates also says how many steps there are
 * @param scales what a parameter's rate is multiplied by; 0 where it stays as it is
 * @param arithmetic of every step
 */
public record Training(
    Model<?> model,
    Objective objective,
    LongFunction<List<Values>> batches,
    WarmUpCosine rates,
    AdamSettings optimiser,
    ToDoubleFunction<Parameter> scales,
    Arithmetic arithmetic) {
  /** So many steps in a row without a finite loss, and nothing will come of it. */
  private static final int HOPELESS = 20;

  /** Hears of every step. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A step was taken.
     *
     * @param step its number, from 0
     * @param rate at which
     */
    void taken(long step, double rate, Step result);
  }

  /** A training of all parameters alike, in fp32. */
  public static Training ofAll(
      Model<?> model,
      Objective objective,
      LongFunction<List<Values>> batches,
      WarmUpCosine rates,
      AdamSettings optimiser) {
    return new Training(
        model, objective, batches, rates, optimiser, parameter -> 1, Arithmetic.FP32);
  }

  /** The same in other arithmetic. */
  public Training in(Arithmetic other) {
    return new Training(model, objective, batches, rates, optimiser, scales, other);
  }

  /** What is drawn for a step: other numbers for each, the same ones whenever asked. */
  public static RandomGenerator randomOf(long seed, long step) {
    // Streams of SplittableRandom are told apart by mixing; seeds of neighbours do not overlap.
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + step);
  }

  /**
   * Takes all steps that are left. A process that is told to end does so after the step that it is
   * in, which is kept.
   *
   * @param start the weights before the first step
   * @param checkpoints where the training is kept and taken up again; null where it is short
   * @throws TrainingException DIVERGED where the loss is no number for long; NOT_KEPT where a
   *     checkpoint cannot be written
   */
  public Weights run(Weights start, @Nullable Checkpoints checkpoints, Listener listener) {
    Checkpoints.Kept kept = checkpoints == null ? null : checkpoints.newest();
    Weights weights = kept == null ? start : kept.weights();
    try (Ending ending = new Ending();
        TorchParameters parameters = new TorchParameters(model.parameters(), weights);
        Trainer trainer = new Trainer(parameters, optimiser, scales, arithmetic)) {
      if (kept != null) {
        trainer.loadMemory(kept.memory());
      }
      int lost = 0;
      for (long step = kept == null ? 0 : kept.steps(); step < rates.steps(); step++) {
        Step result = trainer.step(rates.at(step), objective, batches.apply(step));
        lost = result.taken() ? 0 : lost + 1;
        if (lost == HOPELESS) {
          throw TrainingException.diverged(step);
        }
        listener.taken(step, rates.at(step), result);
        boolean ends = ending.isAsked();
        if (checkpoints != null && (ends || checkpoints.isDue(step + 1, rates.steps()))) {
          checkpoints.keep(step + 1, parameters.weights(), trainer::saveMemory);
        }
        if (ends) {
          ending.now();
        }
      }
      return parameters.weights();
    }
  }
}
