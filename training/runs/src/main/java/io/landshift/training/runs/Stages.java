package io.landshift.training.runs;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.training.networks.Weights;
import io.landshift.training.samples.Part;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.SampleSet;
import io.landshift.training.samples.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What comes after the weights: bundle, measures, report. */
record Stages(TrainingRun run, PrintWriter out) {
  private static final String BUNDLE = "bundle";
  private static final String REPORT = "report.md";

  /** Fine-tunes where that is not done, and writes the bundle, calibrated on validation places. */
  Path export() throws IOException {
    Path place = run.folder().path().resolve(BUNDLE);
    if (Files.exists(place.resolve(Bundle.MANIFEST))) {
      return place;
    }
    Weights weights = run.finetune();
    List<Band> bands = run.bands();
    LearnedBundle learned = new LearnedBundle(run.config(), run.model(), weights, bands);
    Bundle raw =
        Bundle.of(learned.files(LearnedBundle.Scale.NONE, Map.of()), null, BundleLimits.DEFAULT);
    ChangeEvaluation found = evaluation(raw);
    LearnedBundle.Scale scale = scale(raw);
    String measures = ModelCard.measures(found, segmentation(raw));
    String card = ModelCard.text(run, measures, learned);
    BundleWriter.write(
        learned.files(scale, Map.of("MODEL_CARD.md", card.getBytes(StandardCharsets.UTF_8))),
        place);
    Files.writeString(run.folder().path().resolve(REPORT), measures);
    out.printf("%s%nbundle: %s%n", measures, place);
    return place;
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
      sets.add("%d places of %s%s".formatted(sources.size(), set, seen));
    }
    return StableGround.scale(raw, samples, "pixels of " + String.join(" and ", sets));
  }

  /** Measures the bundle on the places that it has not seen. */
  ChangeEvaluation evaluate() throws IOException {
    Bundle bundle = Bundle.load(export());
    ChangeEvaluation found = evaluation(bundle);
    out.println(ModelCard.measures(found, segmentation(bundle)));
    return found;
  }

  /** Measures a bundle on the validation places. */
  ChangeEvaluation evaluation(Bundle bundle) {
    String set = run.config().bundle().measuredOn();
    SampleSet<?> samples = run.sets().named(set);
    List<Source> sources =
        run.allSets().contains(set) ? run.part(set, Part.VALIDATION) : samples.sources();
    return ChangeEvaluation.of(bundle, samples, sources);
  }

  private SegmentationEvaluation segmentation(Bundle bundle) {
    String set = run.config().bundle().segmentation();
    return SegmentationEvaluation.of(
        bundle, run.sets().named(set), run.part(set, Part.TRAIN), run.part(set, Part.VALIDATION));
  }
}
