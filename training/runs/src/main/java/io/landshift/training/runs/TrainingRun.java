package io.landshift.training.runs;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Normalisation;
import io.landshift.model.bundle.Need;
import io.landshift.training.finetuning.JointObjective;
import io.landshift.training.finetuning.LabelledBatches;
import io.landshift.training.finetuning.LayerDecay;
import io.landshift.training.finetuning.SharedNetwork;
import io.landshift.training.finetuning.Task;
import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.PixelFeatures;
import io.landshift.training.networks.SafeTensors;
import io.landshift.training.networks.Scope;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.pretraining.MaskedAutoencoder;
import io.landshift.training.pretraining.MaskedEncoder;
import io.landshift.training.pretraining.Standardisation;
import io.landshift.training.pretraining.Windows;
import io.landshift.training.samples.Augmentation;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.MmEarthSet;
import io.landshift.training.samples.Part;
import io.landshift.training.samples.PlaceSplit;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.SampleSet;
import io.landshift.training.samples.Source;
import io.landshift.training.samples.TrainingGuard;
import io.landshift.training.torch.AdamSettings;
import io.landshift.training.torch.Training;
import io.landshift.training.torch.TrainingException;
import io.landshift.training.torch.TrainingException.Reason;
import io.landshift.training.torch.WarmUpCosine;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run: what its configuration makes of its data. Stages keep their results in the run's folder
 * and are not done twice. For one thread.
 */
final class TrainingRun {
  private static final String PRETRAINING = "pretraining";
  private static final String FINETUNING = "finetuning";

  /** More samples than this say nothing new about the mean and the spread of a band. */
  private static final int MOST_MEASURED = 1024;

  private final RunConfig config;
  private final Sets sets;
  private final RunFolder folder;
  private final RunFolder pretrained;
  private final PrintWriter out;
  private final PlaceSplit split;
  private final List<Task> tasks = new ArrayList<>();
  private @Nullable List<Band> bands;

  /**
   * A run.
   *
   * @param pretrained where the pretraining lies, which runs may share
   */
  TrainingRun(
      RunConfig config, Path data, RunFolder folder, RunFolder pretrained, PrintWriter out) {
    this.config = config;
    this.sets = new Sets(data, config.served());
    this.folder = folder;
    this.pretrained = pretrained;
    this.out = out;
    RunConfig.Split shares = config.split();
    this.split = new PlaceSplit(shares.seed(), shares.validation(), shares.test(), shares.turn());
    config.finetuning().tasks().forEach(task -> tasks.add(sets.task(task.set())));
  }

  RunConfig config() {
    return config;
  }

  Sets sets() {
    return sets;
  }

  RunFolder folder() {
    return folder;
  }

  /** The sources of a set that belong to a part. */
  List<Source> part(String set, Part part) {
    return sets.named(set).sources().stream().filter(each -> split.of(each) == part).toList();
  }

  /** The model that is fine-tuned. */
  Model<SharedNetwork> model() {
    return Model.of(scope ->
        SharedNetwork.of(
            scope, encoder(scope), PixelFeatures.FEATURES, config.finetuning().decoder(), tasks));
  }

  /** The encoder that is learned, in the scope {@code encoder}. */
  ConvNextEncoder encoder(Scope scope) {
    RunConfig.Encoder wanted = config.encoder();
    Scope named = scope.of("encoder");
    int bands = config.bands().size();
    if (wanted.size() != null) {
      return ConvNextEncoder.of(named, wanted.size(), bands, wanted.patch());
    }
    Integer width = wanted.width();
    List<Integer> depths = wanted.depths();
    if (width == null || depths == null) {
      throw new IllegalStateException("a configuration names a size, or width and depths");
    }
    return ConvNextEncoder.of(named, width, depths, bands, wanted.patch());
  }

  /** The bands with the statistics of all clear pixels of the training part of all sets. */
  List<Band> bands() {
    List<Band> known = bands;
    if (known == null) {
      known = measuredBands();
      bands = known;
    }
    return known;
  }

  private List<Band> measuredBands() {
    List<float[][]> maps = new ArrayList<>();
    boolean[] lacked = new boolean[config.bands().size()];
    for (String set : allSets()) {
      for (Sample sample : training(sets.named(set), measured(set))) {
        for (Look look : sample.looks()) {
          maps.add(clear(look));
          for (int band = 0; band < lacked.length; band++) {
            lacked[band] |= look.planes()[band] == null;
          }
        }
      }
    }
    Standardisation scale = Standardisation.of(maps);
    List<Band> measured = new ArrayList<>();
    for (Band band : config.served()) {
      int index = measured.size();
      Normalisation normalisation =
          new Normalisation(scale.means().get(index), scale.deviations().get(index));
      // What was learned from without a band is served without it, at some loss.
      Need need = band.need() == Need.REQUIRED && lacked[index] ? Need.WANTED : band.need();
      measured.add(new Band(band.commonName(), band.wavelength(), need, normalisation));
    }
    return List.copyOf(measured);
  }

  /** Those of a set's training part that statistics are of: all, or enough of very many. */
  private List<Source> measured(String set) {
    List<Source> sources = part(set, Part.TRAIN);
    return sources.size() <= MOST_MEASURED
        ? sources
        : split.few(sources, (double) MOST_MEASURED / sources.size());
  }

  /** Names of all sets that weights see. */
  List<String> allSets() {
    List<String> names = new ArrayList<>();
    if (config.pretraining() != null) {
      names.addAll(config.pretraining().sets());
    }
    config.finetuning().tasks().forEach(task -> names.add(task.set()));
    return names.stream().distinct().toList();
  }

  private static float[][] clear(Look look) {
    float[][] planes = Windows.planes(look);
    float[][] clear = new float[planes.length][];
    for (int band = 0; band < planes.length; band++) {
      clear[band] = planes[band].clone();
      for (int pixel = 0; pixel < clear[band].length; pixel++) {
        boolean counts = look.quality()[pixel] == Quality.CLEAR;
        clear[band][pixel] = counts ? clear[band][pixel] : Float.NaN;
      }
    }
    return clear;
  }

  /** Samples of a set's training part, every one allowed to be learned from. */
  List<? extends Sample> training(String set) {
    return training(sets.named(set), part(set, Part.TRAIN));
  }

  private <S extends Sample> List<S> training(SampleSet<S> set, List<Source> sources) {
    sources.forEach(source -> TrainingGuard.require(source, config.shipped()));
    if (sources.isEmpty()) {
      throw new TrainingException(
          Reason.NO_SAMPLES, "no place is left for training: make validation and test smaller");
    }
    return Sets.read(set, sources);
  }

  /** Pretrains the encoder, or finds that it is. */
  Weights pretrain() {
    Path done = pretrained.weights(PRETRAINING);
    if (Files.exists(done)) {
      return SafeTensors.read(done);
    }
    RunConfig.Pretraining wanted = config.pretraining();
    if (wanted == null) {
      throw new TrainingException(Reason.CONFIGURATION, "the configuration has no pretraining");
    }
    PretrainingMaterial material = material(wanted);
    Model<MaskedAutoencoder> model =
        Model.of(scope ->
            MaskedAutoencoder.of(
                scope,
                new MaskedEncoder(encoder(scope), wanted.parity()),
                wanted.decoder(),
                material.tasks()));
    Training training =
        new io.landshift.training.pretraining.Pretraining(
                wanted.batch(),
                wanted.ratio(),
                wanted.weighting(),
                wanted.seed(),
                rates(wanted.steps()),
                io.landshift.training.pretraining.Pretraining.PUBLISHED_OPTIMISER)
            .training(model, material.windows())
            .in(config.arithmetic());
    Weights start = Weights.initial(model.parameters(), wanted.seed());
    return train(pretrained, PRETRAINING, training, start, wanted.steps());
  }

  /** Tiles of MMEarth ask other things than scenes do, so they are not mixed. */
  private PretrainingMaterial material(RunConfig.Pretraining wanted) {
    Augmentation cut = new Augmentation(wanted.side(), 1, 0, 0);
    Standardisation scale = scale(bands());
    if (!wanted.sets().contains(MmEarthSet.NAME)) {
      List<Sample> samples = new ArrayList<>();
      wanted.sets().forEach(set -> samples.addAll(training(set)));
      return PretrainingMaterial.selfMade(samples, cut, scale, config.shipped());
    }
    if (wanted.sets().size() > 1) {
      throw new TrainingException(
          Reason.CONFIGURATION,
          "pretraining: %s has tasks of its own, so it is the only set".formatted(MmEarthSet.NAME));
    }
    MmEarthSet set = sets.aligned();
    return PretrainingMaterial.multiModal(
        set,
        part(MmEarthSet.NAME, Part.TRAIN),
        training(set, measured(MmEarthSet.NAME)),
        cut,
        scale,
        config.shipped());
  }

  private static Standardisation scale(List<Band> bands) {
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (Band band : bands) {
      Normalisation normalisation = Objects.requireNonNull(band.normalisation());
      means.add(normalisation.mean());
      deviations.add(normalisation.deviation());
    }
    return new Standardisation(means, deviations);
  }

  /** Fine-tunes all tasks, or finds that they are. */
  Weights finetune() {
    Path done = folder.weights(FINETUNING);
    if (Files.exists(done)) {
      return SafeTensors.read(done);
    }
    RunConfig.Finetuning wanted = config.finetuning();
    Model<SharedNetwork> model = model();
    Training training =
        new Training(
            model,
            new JointObjective(model.network(), wanted.weighting(), learned()),
            batches(model.network()),
            rates(wanted.steps()),
            AdamSettings.DEFAULT,
            LayerDecay.of(model.network().encoder().encoder(), wanted.layerDecay()),
            config.arithmetic());
    return train(
        folder, FINETUNING, training, start(model.parameters(), wanted.start()), wanted.steps());
  }

  /** Names of the tasks that weights are moved for. */
  private Set<String> learned() {
    return config.finetuning().tasks().stream()
        .filter(task -> task.batch() > 0)
        .map(RunConfig.TaskOf::set)
        .collect(Collectors.toSet());
  }

  /** Random weights, with the pretrained encoder where that is wanted. */
  Weights start(List<Parameter> parameters, RunConfig.Start wanted) {
    Map<String, Values> tensors =
        new LinkedHashMap<>(Weights.initial(parameters, config.seed()).tensors());
    if (wanted == RunConfig.Start.PRETRAINED) {
      pretrain()
          .tensors()
          .forEach((name, values) -> {
            if (name.startsWith("encoder.")) {
              tensors.replace(name, values);
            }
          });
    }
    return new Weights(tensors);
  }

  private LabelledBatches batches(SharedNetwork network) {
    RunConfig.Finetuning wanted = config.finetuning();
    List<LabelledBatches.Material> material = new ArrayList<>();
    for (int index = 0; index < tasks.size(); index++) {
      RunConfig.TaskOf task = wanted.tasks().get(index);
      if (task.batch() == 0) {
        continue;
      }
      List<Source> sources = split.few(part(task.set(), Part.TRAIN), wanted.labels());
      material.add(
          new LabelledBatches.Material(
              tasks.get(index),
              training(sets.named(task.set()), sources),
              Augmentation.of(wanted.side()),
              task.batch()));
    }
    return new LabelledBatches(network, bands(), material, wanted.smoothing(), config.seed());
  }

  static WarmUpCosine rates(RunConfig.Steps steps) {
    return new WarmUpCosine(steps.rate(), 0, steps.warmUp(), steps.count());
  }

  /** Trains what is left of a stage, and keeps its weights. */
  Weights train(
      RunFolder into, String stage, Training training, Weights start, RunConfig.Steps steps) {
    Path place = into.stage(stage);
    try (EventFile events = EventFile.in(place, Instant.now().getEpochSecond())) {
      Weights weights =
          training.run(
              start,
              into.checkpoints(stage, steps.checkpoint()),
              new StepReport(out, events, stage, steps.count()));
      SafeTensors.write(into.weights(stage), weights);
      return weights;
    }
  }
}
