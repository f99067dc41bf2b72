package io.landshift.training.runs;

import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.training.finetuning.Task;
import io.landshift.training.samples.BarkBeetleSet;
import io.landshift.training.samples.CaliforniaFiresSet;
import io.landshift.training.samples.CloudShadowSet;
import io.landshift.training.samples.Licence;
import io.landshift.training.samples.ModelBands;
import io.landshift.training.samples.NanjingSet;
import io.landshift.training.samples.PseudoChangeSet;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.SampleSet;
import io.landshift.training.samples.SeriesSet;
import io.landshift.training.samples.Source;
import io.landshift.training.torch.TrainingException;
import io.landshift.training.torch.TrainingException.Reason;
import java.nio.file.Path;
import java.util.List;

/**
 * The sets that a run may name, under one folder. Thread-safe.
 *
 * @param data the folder with {@code training} and {@code demo}
 * @param bands what is read of every look, in order
 */
record Sets(Path data, List<Band> bands) {
  private static final String PARANA = "parana_s2_l2a";
  private static final String ZAGREB = "zagreb_s2_stac_120m";
  private static final String PSEUDO = "pseudo_losses";
  private static final int PSEUDO_PAIRS = 240;
  private static final int PSEUDO_SIDE = 96;
  private static final long PSEUDO_SEED = 1;

  /** The reader of a set. */
  SampleSet<?> named(String name) {
    List<String> names = bands.stream().map(Band::commonName).toList();
    Path folder = data.resolve("training").resolve(name);
    return switch (name) {
      case BarkBeetleSet.NAME -> new BarkBeetleSet(folder, ModelBands.requests(bands));
      case NanjingSet.NAME -> new NanjingSet(folder, names);
      case CaliforniaFiresSet.NAME -> new CaliforniaFiresSet(folder, names);
      case CloudShadowSet.NAME -> new CloudShadowSet(folder, names);
      case PARANA -> parana();
      case ZAGREB -> zagreb();
      case PSEUDO ->
          new PseudoChangeSet(
              name, List.of(parana(), zagreb()), PSEUDO_PAIRS, PSEUDO_SIDE, PSEUDO_SEED);
      default ->
          throw new TrainingException(
              Reason.CONFIGURATION,
              "no set '%s': there are %s"
                  .formatted(
                      name,
                      List.of(
                          BarkBeetleSet.NAME,
                          NanjingSet.NAME,
                          CaliforniaFiresSet.NAME,
                          CloudShadowSet.NAME,
                          PARANA,
                          ZAGREB,
                          PSEUDO)));
    };
  }

  /** Where the files of a set lie. */
  List<Path> folders(String name) {
    Path demo = data.resolve("demo");
    return switch (name) {
      case PARANA, ZAGREB -> List.of(demo.resolve(name));
      case PSEUDO -> List.of(demo.resolve(PARANA), demo.resolve(ZAGREB));
      default -> List.of(data.resolve("training").resolve(name));
    };
  }

  private SeriesSet zagreb() {
    return SeriesSet.of(
        ZAGREB,
        Licence.SHIPPABLE,
        data.resolve("demo").resolve(ZAGREB),
        ModelBands.requests(bands));
  }

  private SeriesSet parana() {
    return SeriesSet.ofDated(
        PARANA,
        Licence.SHIPPABLE,
        data.resolve("demo").resolve(PARANA).resolve("scenes"),
        -0.1,
        ModelBands.requests(bands));
  }

  /** What a set's labels ask for. */
  Task task(String name) {
    return switch (first(named(name))) {
      case Sample.Changed changed -> new Task.Change(name);
      case Sample.Segmented segmented -> new Task.Segmentation(name, segmented.labels().classes());
      case Sample.Unlabelled unlabelled -> throw unlabelled(name);
      case Sample.Aligned aligned -> throw unlabelled(name);
    };
  }

  private static <S extends Sample> S first(SampleSet<S> set) {
    return set.read(set.sources().getFirst());
  }

  private static TrainingException unlabelled(String name) {
    return new TrainingException(
        Reason.CONFIGURATION, name + " has no labels: it is for pretraining only");
  }

  /** Samples of some sources. */
  static <S extends Sample> List<S> read(SampleSet<S> set, List<Source> sources) {
    return sources.stream().map(set::read).toList();
  }
}
