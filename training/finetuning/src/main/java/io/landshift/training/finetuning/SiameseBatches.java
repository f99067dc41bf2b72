package io.landshift.training.finetuning;

import io.landshift.model.bundle.BundleManifest;
import io.landshift.training.networks.SiameseChange;
import io.landshift.training.networks.Values;
import io.landshift.training.samples.Augmentation;
import io.landshift.training.samples.Sample;
import io.landshift.training.torch.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * What {@link SiameseObjective} sees at each step: windows of pairs, drawn anew. Thread-safe; the
 * same step gives the same batch.
 *
 * @param bands of the looks, normalised as serving normalises them
 * @param pairs one or more
 * @param batch windows a step
 */
public record SiameseBatches(
    List<BundleManifest.Band> bands,
    List<Sample.Changed> pairs,
    Augmentation windows,
    int batch,
    long seed)
    implements LongFunction<List<Values>> {
  public SiameseBatches {
    bands = List.copyOf(bands);
    pairs = List.copyOf(pairs);
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("nothing to learn change from");
    }
  }

  @Override
  public List<Values> apply(long step) {
    RandomGenerator random = Training.randomOf(seed, step);
    LabelledWindows labelled = new LabelledWindows(bands, 0);
    List<Sample.Changed> drawn = new ArrayList<>();
    for (int window = 0; window < batch; window++) {
      Sample.Changed pair = pairs.get(random.nextInt(pairs.size()));
      drawn.add((Sample.Changed) windows.draw(pair, random));
    }
    boolean[] dropped = labelled.dropped(random);
    return List.of(
        labelled.images(drawn.stream().map(Sample.Changed::before).toList(), dropped),
        labelled.images(drawn.stream().map(Sample.Changed::after).toList(), dropped),
        labelled.counted(
            drawn, drawn.stream().map(Sample.Changed::labels).toList(), SiameseChange.CLASSES));
  }
}
