package io.landshift.training.finetuning;

import io.landshift.training.networks.FeatureChange;
import io.landshift.training.networks.FeatureSegmentation;
import io.landshift.training.networks.LossOps;
import io.landshift.training.networks.Objective;
import io.landshift.training.networks.Weighting;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The losses of all tasks: cross entropy over the pixels that are labelled and clear. Inputs are,
 * task by task in their order: of a change {@code current} and {@link SeveralLooks#COUNT} earlier
 * looks [batch, band, row, column], {@code several} [batch, 1, 1, 1] with 1 where the reference is
 * of all of them and 0 where it is of the first alone, {@code chosen} [1, scores, 1, 1] with the
 * number of scores at its own and 0 elsewhere, {@code counted} [batch, 2, row, column]; of a
 * segmentation {@code image, counted} [batch, classes, row, column]. What is counted is 0 where
 * nothing is known, and sums to 1 over a batch. A task that is not learned has no inputs, and its
 * loss is 0.
 *
 * @param learned names of tasks
 */
public record JointObjective(SharedNetwork network, Weighting weighting, Set<String> learned)
    implements Objective {
  public JointObjective {
    learned = Set.copyOf(learned);
  }

  @Override
  public <T> T loss(LossOps<T> ops, List<T> inputs) {
    return weighting.total(ops, losses(ops, inputs), network.logVariances());
  }

  /** The loss of each task. */
  <T> List<T> losses(LossOps<T> ops, List<T> inputs) {
    Iterator<T> next = inputs.iterator();
    List<T> losses = new ArrayList<>();
    for (Task task : network.tasks()) {
      if (!learned.contains(task.name())) {
        // A zero of some value that the interpreter has: a weighting wants a loss of every task.
        losses.add(ops.multiply(ops.sum(ops.parameter(network.logVariances())), 0));
        continue;
      }
      losses.add(
          switch (task) {
            case Task.Change change -> change(ops, next);
            case Task.Segmentation segmentation -> segmentation(ops, segmentation.name(), next);
          });
    }
    return losses;
  }

  private <T> T change(LossOps<T> ops, Iterator<T> inputs) {
    T current = features(ops, inputs.next());
    List<T> earlier = new ArrayList<>();
    for (int look = 0; look < SeveralLooks.COUNT; look++) {
      earlier.add(features(ops, inputs.next()));
    }
    SeveralLooks<T> reference = SeveralLooks.of(ops, earlier, inputs.next());
    T shift = clipped(ops, ops.median(ops.subtract(reference.centre(), current)));
    T corrected = ops.add(current, shift);
    T scores =
        network
            .change()
            .apply(ops, List.of(corrected, reference.centre(), reference.spread()))
            .getFirst();
    T logit = ops.meanKept(ops.multiply(scores, inputs.next()), List.of(1));
    T both = ops.joinChannels(List.of(ops.multiply(logit, 0), logit));
    return crossEntropy(ops, both, inputs.next());
  }

  private static <T> T clipped(LossOps<T> ops, T shift) {
    T above = ops.abs(ops.add(shift, FeatureChange.LARGEST_CORRECTION));
    T below = ops.abs(ops.add(shift, -FeatureChange.LARGEST_CORRECTION));
    return ops.multiply(ops.subtract(above, below), 0.5);
  }

  private <T> T segmentation(LossOps<T> ops, String task, Iterator<T> inputs) {
    FeatureSegmentation head = Objects.requireNonNull(network.segmentations().get(task));
    T logits = head.apply(ops, List.of(features(ops, inputs.next()))).getFirst();
    return crossEntropy(ops, logits, inputs.next());
  }

  private <T> T features(LossOps<T> ops, T image) {
    return network.encoder().apply(ops, List.of(image)).getFirst();
  }

  /** Of logits along axis 1, over what is counted. */
  static <T> T crossEntropy(LossOps<T> ops, T logits, T counted) {
    return ops.multiply(ops.sum(ops.multiply(counted, ops.logSoftmax(logits, 1))), -1);
  }
}
