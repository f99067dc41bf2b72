package io.landshift.training.pretraining;

import io.landshift.training.networks.Model;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.torch.AdamSettings;
import io.landshift.training.torch.Step;
import io.landshift.training.torch.TorchParameters;
import io.landshift.training.torch.Trainer;
import io.landshift.training.torch.WarmUpCosine;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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
    MaskedObjective objective = new MaskedObjective(model.network(), weighting);
    SplittableRandom random = new SplittableRandom(seed);
    Weights start = Weights.initial(model.parameters(), seed);
    try (TorchParameters parameters = new TorchParameters(model.parameters(), start);
        Trainer trainer = new Trainer(parameters, optimiser)) {
      List<Step> steps = new ArrayList<>();
      for (long step = 0; step < rates.steps(); step++) {
        steps.add(trainer.step(rates.at(step), objective, draw(objective, windows, random)));
      }
      return new Result(parameters.weights(), steps);
    }
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
