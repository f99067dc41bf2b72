package io.landshift.training.pretraining;

import io.landshift.training.networks.LossOps;
import io.landshift.training.networks.Objective;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weighting;
import java.util.ArrayList;
import java.util.List;

/** The loss of a masked autoencoder over its tasks. */
public record MaskedObjective(MaskedAutoencoder network, Weighting weighting) implements Objective {

  /**
   * A batch as the objective takes it: the network's inputs, then each task's target and weights.
   *
   * @param windows of one side, a multiple of the encoder's patch
   * @param visible [batch, 1, grid, grid]
   */
  public List<Values> inputs(List<Window> windows, Values visible) {
    int patch = network.encoder().encoder().patch();
    List<Values> inputs = new ArrayList<>(List.of(image(windows), visible));
    for (PretextTask task : network.tasks()) {
      Target target = Target.of(task, windows, visible, patch, network.encoder().parity());
      inputs.add(target.values());
      inputs.add(target.weights());
    }
    return inputs;
  }

  /** [batch, band, row, column]; what has no data is the mean. */
  private static Values image(List<Window> windows) {
    Window first = windows.getFirst();
    int bands = first.image().length;
    int pixels = first.side() * first.side();
    float[] values = new float[windows.size() * bands * pixels];
    int next = 0;
    for (Window window : windows) {
      for (float[] band : window.image()) {
        for (float value : band) {
          values[next++] = Float.isNaN(value) ? 0 : value;
        }
      }
    }
    return new Values(List.of(windows.size(), bands, first.side(), first.side()), values);
  }

  @Override
  public <T> T loss(LossOps<T> ops, List<T> inputs) {
    return weighting.total(ops, losses(ops, inputs), network.logVariances());
  }

  /** The loss of each task: single numbers. */
  <T> List<T> losses(LossOps<T> ops, List<T> inputs) {
    List<T> predictions = network.apply(ops, inputs.subList(0, 2));
    List<T> losses = new ArrayList<>();
    for (int task = 0; task < predictions.size(); task++) {
      T target = inputs.get(2 + 2 * task);
      T weight = inputs.get(3 + 2 * task);
      losses.add(Losses.of(ops, network.tasks().get(task), predictions.get(task), target, weight));
    }
    return losses;
  }
}
