package io.landshift.training.runs;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.training.evaluation.BestF1;
import io.landshift.training.evaluation.Bootstrap;
import io.landshift.training.evaluation.Comparators;
import io.landshift.training.evaluation.Confusion;
import io.landshift.training.evaluation.Interval;
import io.landshift.training.evaluation.Metric;
import io.landshift.training.evaluation.RankedScores;
import io.landshift.training.finetuning.LayerDecay;
import io.landshift.training.finetuning.SiameseBatches;
import io.landshift.training.finetuning.SiameseObjective;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.SafeTensors;
import io.landshift.training.networks.SiameseChange;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.pretraining.Windows;
import io.landshift.training.samples.Augmentation;
import io.landshift.training.samples.Labels;
import io.landshift.training.samples.Lattice;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.ModelBands;
import io.landshift.training.samples.Part;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.SampleSet;
import io.landshift.training.samples.Source;
import io.landshift.training.torch.AdamSettings;
import io.landshift.training.torch.Torch;
import io.landshift.training.torch.TorchParameters;
import io.landshift.training.torch.Training;
import io.landshift.training.torch.TrainingException;
import io.landshift.training.torch.TrainingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Change learned and measured as MTP compares encoders (arXiv 2403.13430): one encoder sees both
 * dates, a U-Net sees by how much each level differs, and what counts are the pixels that are
 * called changed on places that were not learned from. Reduced, and to be called so: the encoder is
 * a ConvNeXt V2, the steps are few. No bundle comes of it.
 */
record SiameseRun(TrainingRun run, RunConfig.Siamese wanted, RunFolder folder) {
  private static final String STAGE = "siamese";
  private static final Bootstrap BOOTSTRAP = new Bootstrap(400, 0.95, 1);

  /** Scores of the same pixels. */
  private record Found(RankedScores learned, RankedScores vectors, int places) {}

  /** Learns where that is not done, measures, and writes the report. */
  String report() throws IOException {
    Model<SiameseChange> model = Model.of(scope -> SiameseChange.of(scope, run.encoder(scope)));
    String report = text(measure(model, learn(model)));
    Files.writeString(folder.path().resolve("report.md"), report);
    return report;
  }

  private Weights learn(Model<SiameseChange> model) {
    Path done = folder.weights(STAGE);
    if (Files.exists(done)) {
      return SafeTensors.read(done);
    }
    List<Sample.Changed> pairs = run.training(wanted.set()).stream().map(this::pair).toList();
    Training training =
        new Training(
            model,
            new SiameseObjective(model.network()),
            new SiameseBatches(
                run.bands(),
                pairs,
                Augmentation.of(wanted.side()),
                wanted.batch(),
                run.config().seed()),
            TrainingRun.rates(wanted.steps()),
            AdamSettings.DEFAULT,
            LayerDecay.of(model.network().encoder(), wanted.layerDecay()),
            run.config().arithmetic());
    return run.train(
        folder, STAGE, training, run.start(model.parameters(), wanted.start()), wanted.steps());
  }

  private Sample.Changed pair(Sample sample) {
    if (sample instanceof Sample.Changed changed) {
      return changed;
    }
    throw new TrainingException(
        Reason.CONFIGURATION, "siamese: " + sample.source().set() + " has no labels of change");
  }

  private Found measure(Model<SiameseChange> model, Weights weights) {
    SampleSet<?> set = run.sets().named(wanted.measuredOn());
    boolean same = wanted.measuredOn().equals(wanted.set());
    List<Source> sources = same ? run.part(wanted.measuredOn(), Part.VALIDATION) : set.sources();
    List<String> places = sources.stream().map(Source::globalPlace).distinct().toList();
    if (places.isEmpty()) {
      throw new TrainingException(
          Reason.NO_SAMPLES, "no place is left to measure on: make validation larger");
    }
    RankedScores.Collector learned = new RankedScores.Collector(1 << 16);
    RankedScores.Collector vectors = new RankedScores.Collector(1 << 16);
    try (TorchParameters parameters = new TorchParameters(model.parameters(), weights)) {
      for (Source source : sources) {
        Sample.Changed pair = whole(pair(read(set, source)));
        float[] scores = scores(model.network(), parameters, pair);
        float[] lengths =
            Comparators.changeVectorLength(
                Windows.planes(pair.before()), Windows.planes(pair.after()));
        int place = places.indexOf(source.globalPlace());
        for (int pixel = 0; pixel < scores.length; pixel++) {
          if (counts(pair, pixel) && !Float.isNaN(lengths[pixel])) {
            boolean changed = pair.labels().codes()[pixel] == 1;
            learned.add(scores[pixel], changed, place);
            vectors.add(lengths[pixel], changed, place);
          }
        }
      }
    }
    return new Found(learned.rank(), vectors.rank(), places.size());
  }

  private static <S extends Sample> Sample read(SampleSet<S> set, Source source) {
    return set.read(source);
  }

  /** With columns and rows without data up to whole patches, which the encoder wants. */
  private Sample.Changed whole(Sample.Changed pair) {
    int patch = run.config().encoder().patch();
    int columns = Math.ceilDiv(pair.width(), patch) * patch;
    int rows = Math.ceilDiv(pair.height(), patch) * patch;
    return (Sample.Changed)
        Lattice.crop(pair.width(), pair.height(), 0, 0, columns, rows).apply(pair);
  }

  /** The chance of change, 0..1, of each pixel. */
  private float[] scores(SiameseChange network, TorchParameters parameters, Sample.Changed pair) {
    List<Values> inputs = List.of(image(pair.before()), image(pair.after()));
    float[] logits = Torch.run(network, parameters, inputs).getFirst().values();
    float[] scores = new float[logits.length / SiameseChange.CLASSES];
    for (int pixel = 0; pixel < scores.length; pixel++) {
      scores[pixel] = (float) (1 / (1 + Math.exp(logits[pixel] - logits[scores.length + pixel])));
    }
    return scores;
  }

  private Values image(Look look) {
    List<Band> bands = run.bands();
    return new Values(
        List.of(1, bands.size(), look.height(), look.width()), ModelBands.tensor(bands, look));
  }

  private static boolean counts(Sample.Changed pair, int pixel) {
    return pair.labels().codes()[pixel] != Labels.UNKNOWN
        && pair.before().quality()[pixel] == Quality.CLEAR
        && pair.after().quality()[pixel] == Quality.CLEAR;
  }

  private String text(Found found) {
    RunConfig config = run.config();
    return """
    # Change by a siamese head

    MTP-style, reduced: %s, learned from %s (%d steps, %s start, seed %d), measured on %,d pixels of %d \
    places of %s that it did not learn from. Changed is what has a chance of half or more; for the change \
    vector what is above the threshold that is best on these very pixels, an upper bound. AUC with 95 %% \
    intervals over places.

    | | F1 | IoU | precision | recall | AUC |
    |---|---|---|---|---|---|
    %s%s\
    """
        .formatted(
            config.name(),
            wanted.set(),
            wanted.steps().count(),
            wanted.start().name().toLowerCase(Locale.ROOT),
            config.seed(),
            found.learned().size(),
            found.places(),
            wanted.measuredOn(),
            line("siamese", found.learned(), 0.5),
            line("CVA", found.vectors(), BestF1.of(found.vectors()).threshold()));
  }

  private static String line(String name, RankedScores scores, double threshold) {
    Confusion confusion = Confusion.of(scores, threshold);
    Interval interval = BOOTSTRAP.interval(scores, Metric.ROC_AUC);
    return String.format(
        Locale.ROOT,
        "| %s | %.3f | %.3f | %.3f | %.3f | %.3f (%.3f .. %.3f) |%n",
        name,
        confusion.f1(),
        confusion.iou(),
        confusion.precision(),
        confusion.recall(),
        Metric.ROC_AUC.of(scores),
        interval.low(),
        interval.high());
  }
}
