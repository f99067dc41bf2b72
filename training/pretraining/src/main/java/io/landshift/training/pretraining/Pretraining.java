package io.landshift.training.pretraining;

import io.landshift.training.networks.Model;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weighting;
import io.landshift.training.networks.Weights;
import io.landshift.training.torch.AdamSettings;
import io.landshift.training.torch.Step;
import io.landshift.training.torch.Training;
import io.landshift.training.torch.WarmUpCosine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A training of a masked autoencoder.
 *
 * @param batch windows of a step, from 1
 * @param ratio share of the patches that are hidden, in [0, 1)
 * @param seed of first weights, windows and masks: all of it gives the same bits on one thread
 * @param rates also says how many steps there are
 */
public record Pretraining(
    int batch,
    double ratio,
    Weighting weighting,
    long seed,
    WarmUpCosine rates,
    AdamSettings optimiser) {
  /** AdamW of MP-MAE, which does not shorten gradients. */
  public static final AdamSettings PUBLISHED_OPTIMISER =
      new AdamSettings(0.9, 0.95, 1e-8, 0.05, Float.MAX_VALUE);

  /** What a training came to. */
  public record Result(Weights weights, List<Step> steps) {}

  /**
   * Trains from random weights.
   *
   * @param windows draws one: of one side, a multiple of the encoder's patch
   */
  public Result run(Model<MaskedAutoencoder> model, Function<RandomGenerator, Window> windows) {
    List<Step> steps = new ArrayList<>();
    Weights weights =
        training(model, windows)
            .run(
                Weights.initial(model.parameters(), seed),
                null,
                (step, rate, result) -> steps.add(result));
    return new Result(weights, steps);
  }

  /** The training, to be run from any weights and in parts. */
  public Training training(
      Model<MaskedAutoencoder> model, Function<RandomGenerator, Window> windows) {
    MaskedObjective objective = new MaskedObjective(model.network(), weighting);
    return Training.ofAll(
        model,
        objective,
        step -> draw(objective, windows, Training.randomOf(seed, step)),
        rates,
        optimiser);
  }

  private List<Values> draw(
      MaskedObjective objective,
      Function<RandomGenerator, Window> windows,
      RandomGenerator random) {
    List<Window> drawn = new ArrayList<>();
    for (int window = 0; window < batch; window++) {
      drawn.add(windows.apply(random));
    }
    int patch = objective.network().encoder().encoder().patch();
    int grid = drawn.getFirst().side() / patch;
    return objective.inputs(drawn, PatchMask.draw(batch, grid, ratio, random));
  }
}
