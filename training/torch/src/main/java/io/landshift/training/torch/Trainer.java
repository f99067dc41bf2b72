package io.landshift.training.torch;

import io.landshift.training.networks.Objective;
import io.landshift.training.networks.Values;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.OptimizerParamGroupVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Takes steps of AdamW on parameters. Owns the optimiser's state until it is closed; the parameters
 * stay with their owner. Not thread-safe.
 */
public final class Trainer implements AutoCloseable {
  private final TorchParameters parameters;
  private final AdamSettings settings;
  private final AdamW optimiser;

  /**
   * A trainer that has not taken a step.
   *
   * @param parameters kept open by the owner as long as this is used
   */
  public Trainer(TorchParameters parameters, AdamSettings settings) {
    this.parameters = parameters;
    this.settings = settings;
    try (PointerScope scope = new PointerScope()) {
      optimiser =
          new AdamW(
              new TensorVector(parameters.tensors(true)), options(settings, settings.decay()));
      optimiser.add_param_group(
          new OptimizerParamGroup(
              new TensorVector(parameters.tensors(false)), options(settings, 0)));
      optimiser.retainReference();
    }
  }

  private static AdamWOptions options(AdamSettings settings, double decay) {
    AdamWOptions options = new AdamWOptions();
    // A std::tuple lies in memory the wrong way round.
    DoublePointer betas = options.betas();
    betas.put(1, settings.firstBeta());
    betas.put(0, settings.secondBeta());
    options.eps().put(settings.epsilon());
    options.weight_decay().put(decay);
    return options;
  }

  /**
   * One step downhill.
   *
   * @param rate the learning rate, not negative
   * @param loss a single number from the network's parameters, in the scope of the step
   */
  public Step step(double rate, Function<TorchOps, Tensor> loss) {
    try (PointerScope scope = new PointerScope()) {
      setRate(rate);
      optimiser.zero_grad();
      Tensor value = loss.apply(new TorchOps(parameters));
      value.backward();
      double norm =
          torch.clip_grad_norm_(new TensorVector(parameters.tensors()), settings.largestNorm());
      double number = value.item_double();
      boolean taken = Double.isFinite(number) && Double.isFinite(norm);
      if (taken) {
        optimiser.step();
      }
      return new Step(number, norm, taken);
    }
  }

  /**
   * One step downhill.
   *
   * @param rate the learning rate, not negative
   * @param inputs of the objective; copied
   */
  public Step step(double rate, Objective objective, List<Values> inputs) {
    return step(rate, ops -> objective.loss(ops, inputs.stream().map(Tensors::of).toList()));
  }

  private void setRate(double rate) {
    OptimizerParamGroupVector groups = optimiser.param_groups();
    for (long index = 0; index < groups.size(); index++) {
      groups.get(index).options().set_lr(rate);
    }
  }

  /** Gives the optimiser's native memory back. */
  @Override
  public void close() {
    optimiser.releaseReference();
  }
}
