package io.landshift.training.runs;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.training.finetuning.SharedNetwork;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Weights;
import io.landshift.training.samples.Part;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.SampleSet;
import io.landshift.training.samples.SeriesSet;
import io.landshift.training.samples.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What comes after the weights: bundle, measures, report. */
record Stages(TrainingRun run, PrintWriter out) {
  private static final String BUNDLE = "bundle";
  private static final String REPORT = "report.md";
  private static final String EVALUATION = "evaluation.md";
  private static final int CALIBRATION_PAIRS = 16;
  private static final int CALIBRATION_LOOKS = 8;

  /** The bundle, and beside it those in fewer bits that lose little. */
  Path export() throws IOException {
    return export(Precision.FEWER_BITS);
  }

  /**
   * Fine-tunes where that is not done, and writes the bundle, calibrated on validation places.
   *
   * @param fewerBits in which it is written, too, where little is lost
   * @return where the bundle in fp32 lies
   */
  Path export(List<Precision> fewerBits) throws IOException {
    Path place = place(Precision.FP32);
    if (Files.exists(place.resolve(Bundle.MANIFEST))) {
      return place;
    }
    Weights weights = run.finetune();
    LearnedBundle learned = new LearnedBundle(run.config(), run.model(), weights, run.bands());
    LearnedBundle.Scale scale = scale(bundle(learned, LearnedBundle.Scale.NONE));
    Bundle bundle = bundle(learned, scale);
    ChangeEvaluation found = evaluation(bundle);
    String measures = ModelCard.measures(found, segmentation(bundle));
    List<Precisions.Tried> tried = List.of();
    if (!fewerBits.isEmpty()) {
      Precisions precisions = new Precisions(learned, scale, found, this::evaluation);
      tried = precisions.of(fewerBits, windows(learned, bundle));
      measures +=
          ModelCard.precisions(precisions.unchanged(), tried, run.config().bundle().margin());
    }
    String text = ModelCard.text(run, measures, learned);
    Map<String, byte[]> card = Map.of("MODEL_CARD.md", text.getBytes(StandardCharsets.UTF_8));
    for (Precisions.Tried each : tried) {
      if (each.refused() == null) {
        BundleWriter.write(
            learned.files(each.precision(), scale, each.graphs(), card), place(each.precision()));
      }
    }
    Files.writeString(run.folder().path().resolve(REPORT), measures);
    // Last: where it lies, all that is to lie beside it does.
    BundleWriter.write(learned.files(scale, card), place);
    out.printf("%s%nbundle: %s%n", measures, place);
    return place;
  }

  private Path place(Precision precision) {
    return run.folder().path().resolve(BUNDLE + precision.suffix());
  }

  private static Bundle bundle(LearnedBundle learned, LearnedBundle.Scale scale) {
    return Bundle.of(learned.files(scale, Map.of()), null, BundleLimits.DEFAULT);
  }

  /** Pairs, and looks with other classes, of training places. */
  private CalibrationWindows windows(LearnedBundle learned, Bundle bundle) {
    RunConfig.Served served = run.config().bundle();
    RandomGenerator random = new SplittableRandom(run.config().seed());
    List<Sample> samples = new ArrayList<>();
    samples.addAll(drawn(served.change(), CALIBRATION_PAIRS, random));
    samples.addAll(drawn(served.segmentation(), CALIBRATION_LOOKS, random));
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      return CalibrationWindows.of(learned, session, samples, random);
    }
  }

  private List<? extends Sample> drawn(String set, int count, RandomGenerator random) {
    List<Source> sources = new ArrayList<>(run.part(set, Part.TRAIN));
    Collections.shuffle(sources, random);
    return Sets.read(run.sets().named(set), sources.subList(0, Math.min(count, sources.size())));
  }

  /**
   * The score's scale, found on stable ground: that which no weight has seen, where there is any.
   */
  private LearnedBundle.Scale scale(Bundle raw) {
    List<Sample> samples = new ArrayList<>();
    List<String> sets = new ArrayList<>();
    for (String set : run.config().bundle().calibratedOn()) {
      boolean held = !run.part(set, Part.VALIDATION).isEmpty();
      List<Source> sources =
          held ? run.part(set, Part.VALIDATION) : run.sets().named(set).sources();
      samples.addAll(Sets.read(run.sets().named(set), sources));
      String seen = run.allSets().contains(set) && !held ? " (seen in training)" : "";
      sets.add("%d places of %s%s".formatted(Source.places(sources), set, seen));
    }
    return StableGround.scale(raw, samples, "pixels of " + String.join(" and ", sets));
  }

  /**
   * Measures the bundle on the places that it has not seen, all that lie beside it on pairs of
   * dates between which nothing happened, and what they cost; writes what it found.
   */
  ChangeEvaluation evaluate() throws IOException {
    Bundle bundle = Bundle.load(export());
    ChangeEvaluation found = evaluation(bundle);
    StringBuilder text = new StringBuilder(ModelCard.measures(found, segmentation(bundle)));
    Map<String, Bundle> all = all();
    for (String set : run.config().seasonPairs()) {
      text.append(EvaluationTables.seasons(seasons(set, all)));
    }
    Map<String, Cost> costs = new LinkedHashMap<>();
    all.forEach((name, each) -> costs.put(name, Cost.of(each)));
    text.append(EvaluationTables.costs(costs, learnedValues()));
    Files.writeString(run.folder().path().resolve(EVALUATION), text);
    out.println(text);
    return found;
  }

  /** The bundles that were written, by their folders, and spectral-baseline. */
  private Map<String, Bundle> all() {
    Map<String, Bundle> all = new LinkedHashMap<>();
    for (Precision precision : Precision.values()) {
      Path place = place(precision);
      if (Files.exists(place.resolve(Bundle.MANIFEST))) {
        all.put(BUNDLE + precision.suffix(), Bundle.load(place));
      }
    }
    all.put(ChangeEvaluation.BASELINE, Bundles.spectralBaseline());
    return all;
  }

  private SeasonPairs seasons(String set, Map<String, Bundle> bundles) {
    SeriesSet series = run.sets().series(set);
    String ground =
        Sets.isDrawn(set)
            ? "ground of " + set + " that was drawn as stable"
            : "all of " + set + ", of which nothing is known to have happened";
    return SeasonPairs.of(
        bundles,
        series.read(series.sources().getFirst()),
        run.sets().stable(set, series.grid()),
        series.grid().getPixelSize(),
        ground);
  }

  private Map<GraphRole, Long> learnedValues() {
    Model<SharedNetwork> model = run.model();
    String classes = "segmentation." + run.config().bundle().segmentation() + ".";
    return Map.of(
        GraphRole.ENCODER, count(model, "encoder.") + count(model, "projection."),
        GraphRole.SEGMENTATION, count(model, classes),
        GraphRole.CHANGE, ScoreWeights.served(model.network()).size());
  }

  private static long count(Model<?> model, String prefix) {
    return model.parameters().stream()
        .filter(parameter -> parameter.name().startsWith(prefix))
        .mapToLong(Parameter::count)
        .sum();
  }

  /** Measures a bundle on the validation places. */
  ChangeEvaluation evaluation(Bundle bundle) {
    String set = run.config().bundle().measuredOn();
    SampleSet<?> samples = run.sets().named(set);
    List<Source> sources =
        run.allSets().contains(set) ? run.part(set, Part.VALIDATION) : samples.sources();
    return ChangeEvaluation.of(bundle, samples, sources);
  }

  /** Measures a bundle's classes on the validation places. */
  SegmentationEvaluation segmentation(Bundle bundle) {
    String set = run.config().bundle().segmentation();
    return SegmentationEvaluation.of(
        bundle, run.sets().named(set), run.part(set, Part.TRAIN), run.part(set, Part.VALIDATION));
  }
}
