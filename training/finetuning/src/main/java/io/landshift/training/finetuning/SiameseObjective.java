package io.landshift.training.finetuning;

import io.landshift.training.networks.LossOps;
import io.landshift.training.networks.Objective;
import io.landshift.training.networks.SiameseChange;
import java.util.List;

/**
 * The loss of {@link SiameseChange}: cross entropy over the pixels that are labelled and clear on
 * both dates. Inputs are {@code before, after} [batch, band, row, column] and {@code counted}
 * [batch, 2, row, column], as {@link SiameseBatches} gives them.
 */
public record SiameseObjective(SiameseChange network) implements Objective {
  @Override
  public <T> T loss(LossOps<T> ops, List<T> inputs) {
    T logits = network.apply(ops, inputs.subList(0, 2)).getFirst();
    return JointObjective.crossEntropy(ops, logits, inputs.get(2));
  }
}
