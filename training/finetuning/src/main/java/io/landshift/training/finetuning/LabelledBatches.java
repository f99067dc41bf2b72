package io.landshift.training.finetuning;

import io.landshift.model.bundle.BundleManifest;
import io.landshift.training.networks.Values;
import io.landshift.training.samples.Augmentation;
import io.landshift.training.samples.Sample;
import io.landshift.training.torch.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * What {@link JointObjective} sees at each step: windows of every task's samples, drawn anew.
 * Thread-safe; the same step gives the same batch.
 *
 * @param bands of the looks, normalised as serving normalises them
 * @param material one for each task of the network that is learned, in their order
 * @param smoothing share of a label that the other classes get, as labels may be wrong, 0..1
 */
public record LabelledBatches(
    SharedNetwork network,
    List<BundleManifest.Band> bands,
    List<Material> material,
    double smoothing,
    long seed)
    implements LongFunction<List<Values>> {
  /**
   * What a task is learned from.
   *
   * @param samples segmented or changed, as the task has it; one or more
   * @param batch windows a step
   */
  public record Material(
      Task task, List<? extends Sample> samples, Augmentation windows, int batch) {
    public Material {
      samples = List.copyOf(samples);
      if (samples.isEmpty()) {
        throw new IllegalArgumentException("nothing to learn " + task.name() + " from");
      }
    }
  }

  public LabelledBatches {
    bands = List.copyOf(bands);
    material = List.copyOf(material);
  }

  @Override
  public List<Values> apply(long step) {
    List<Values> inputs = new ArrayList<>();
    for (int task = 0; task < material.size(); task++) {
      RandomGenerator random = Training.randomOf(seed + 7919L * task, step);
      add(material.get(task), random, inputs);
    }
    return inputs;
  }

  private void add(Material from, RandomGenerator random, List<Values> inputs) {
    List<Sample> drawn = new ArrayList<>();
    for (int window = 0; window < from.batch(); window++) {
      Sample sample = from.samples().get(random.nextInt(from.samples().size()));
      drawn.add(from.windows().draw(sample, random));
    }
    LabelledWindows windows = new LabelledWindows(bands, smoothing);
    boolean[] dropped = windows.dropped(random);
    switch (from.task()) {
      case Task.Change(String name) -> {
        List<Sample.Changed> pairs = drawn.stream().map(Sample.Changed.class::cast).toList();
        List<Followed> followed = pairs.stream().map(pair -> Followed.of(pair, random)).toList();
        inputs.add(windows.images(followed.stream().map(Followed::after).toList(), dropped));
        for (int look = 0; look < SeveralLooks.COUNT; look++) {
          int number = look;
          inputs.add(
              windows.images(
                  followed.stream().map(each -> each.earlier().get(number)).toList(), dropped));
        }
        inputs.add(several(followed));
        inputs.add(chosen(name));
        inputs.add(windows.counted(pairs, pairs.stream().map(Sample.Changed::labels).toList(), 2));
      }
      case Task.Segmentation(String name, List<String> classes) -> {
        List<Sample.Segmented> looks = drawn.stream().map(Sample.Segmented.class::cast).toList();
        inputs.add(windows.images(looks.stream().map(Sample.Segmented::look).toList(), dropped));
        inputs.add(
            windows.counted(
                looks, looks.stream().map(Sample.Segmented::labels).toList(), classes.size()));
      }
    }
  }

  private static Values several(List<Followed> windows) {
    float[] values = new float[windows.size()];
    for (int window = 0; window < values.length; window++) {
      values[window] = windows.get(window).several() ? 1 : 0;
    }
    return new Values(List.of(values.length, 1, 1, 1), values);
  }

  private Values chosen(String task) {
    float[] values = new float[network.scores()];
    values[network.score(task)] = network.scores();
    return new Values(List.of(1, network.scores(), 1, 1), values);
  }
}
