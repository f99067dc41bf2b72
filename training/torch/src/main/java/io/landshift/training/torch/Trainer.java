package io.landshift.training.torch;

import io.landshift.training.networks.Objective;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Values;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.OptimizerParamGroupVector;
import org.bytedeco.pytorch.OutputArchive;
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
  private final Tensor[] learned;
  private final List<Double> scales = new ArrayList<>();
  private final AdamW optimiser;
  private final Arithmetic arithmetic;

  /** Parameters that are treated alike. */
  private record Group(double scale, boolean decayed) {}

  /**
   * A trainer that has not taken a step, of all parameters alike.
   *
   * @param parameters kept open by the owner as long as this is used
   */
  public Trainer(TorchParameters parameters, AdamSettings settings) {
    this(parameters, settings, parameter -> 1, Arithmetic.FP32);
  }

  /**
   * A trainer that has not taken a step.
   *
   * @param parameters kept open by the owner as long as this is used
   * @param scales what a parameter's learning rate is multiplied by; 0 where it stays as it is
   * @param arithmetic of the way there and back
   */
  public Trainer(
      TorchParameters parameters,
      AdamSettings settings,
      ToDoubleFunction<Parameter> scales,
      Arithmetic arithmetic) {
    this.parameters = parameters;
    this.arithmetic = arithmetic;
    this.settings = settings;
    Map<Group, List<Tensor>> groups = new LinkedHashMap<>();
    for (Parameter parameter : parameters.parameters()) {
      double scale = scales.applyAsDouble(parameter);
      Tensor tensor = parameters.tensor(parameter);
      tensor.requires_grad_(scale > 0);
      if (scale > 0) {
        Group group = new Group(scale, parameter.decayed());
        groups.computeIfAbsent(group, key -> new ArrayList<>()).add(tensor);
      }
    }
    learned = groups.values().stream().flatMap(List::stream).toArray(Tensor[]::new);
    if (learned.length == 0) {
      throw new IllegalArgumentException("all parameters are to stay as they are");
    }
    try (PointerScope scope = new PointerScope()) {
      AdamW made = null;
      for (Map.Entry<Group, List<Tensor>> group : groups.entrySet()) {
        TensorVector tensors = new TensorVector(group.getValue().toArray(Tensor[]::new));
        AdamWOptions options = options(settings, group.getKey().decayed() ? settings.decay() : 0);
        if (made == null) {
          made = new AdamW(tensors, options);
        } else {
          made.add_param_group(new OptimizerParamGroup(tensors, options));
        }
        this.scales.add(group.getKey().scale());
      }
      optimiser = Objects.requireNonNull(made);
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
      Tensor value = loss.apply(new TorchOps(parameters, arithmetic));
      value.backward();
      double norm = torch.clip_grad_norm_(new TensorVector(learned), settings.largestNorm());
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
      groups.get(index).options().set_lr(rate * scales.get((int) index));
    }
  }

  /**
   * Writes what the optimiser remembers of earlier steps; the parameters are not in it.
   *
   * @param file in a folder that is there
   */
  public void saveMemory(Path file) {
    try (PointerScope scope = new PointerScope()) {
      OutputArchive archive = new OutputArchive();
      optimiser.save(archive);
      archive.save_to(file.toString());
    }
  }

  /**
   * Remembers what {@link #saveMemory} wrote: the next steps are those that would have followed.
   *
   * @param file written by a trainer of the same parameters, scales and settings
   */
  public void loadMemory(Path file) {
    try (PointerScope scope = new PointerScope()) {
      InputArchive archive = new InputArchive();
      archive.load_from(file.toString());
      optimiser.load(archive);
    }
  }

  /** Gives the optimiser's native memory back. */
  @Override
  public void close() {
    optimiser.releaseReference();
  }
}
