package io.landshift.ops.cli;

import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ingest.scenes.LocalGrid;
import io.landshift.ops.cli.report.ReportContent;
import io.landshift.ops.cli.report.ReportContent.TrueColour;
import io.landshift.ops.cli.report.ReportPicture;
import io.landshift.ops.local.DemoRun;
import io.landshift.ops.local.DemoTruth;
import io.landshift.schemas.Alert;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the demo says of itself at the end: how it compares with the ground, and its picture. */
final class DemoReport {
  private static final String SERIES = "romania-forest-s2-l2a.zip";

  /** Pictures are of such scenes: nearly all clear, and in leaf. */
  private static final double CLEAR_SHARE = 0.95;

  private static final int FIRST_MONTH_IN_LEAF = 6;
  private static final int LAST_MONTH_IN_LEAF = 9;

  private final Path data;
  private final Map<String, SceneAvailable> scenes;
  private final RunPicture picture;

  private DemoReport(Path data, Map<String, SceneAvailable> scenes) {
    this.data = data;
    this.scenes = scenes;
    this.picture = RunPicture.of(LocalGrid.ofFirst(List.copyOf(scenes.values())));
  }

  /** Reads what the demo's series says of its scenes. */
  static DemoReport of(Path data) {
    Map<String, SceneAvailable> scenes = new TreeMap<>();
    try (SceneSource source = Sources.of(series(data))) {
      source
          .scenes(failure -> {
            throw new LandshiftException(
                failure.reason(), "the demo's data is damaged: " + failure.message());
          })
          .forEach(scene -> scenes.put(scene.getProductId(), scene));
    }
    return new DemoReport(data, scenes);
  }

  static Path series(Path data) {
    return data.resolve(SERIES);
  }

  DemoTruth.Judgement judge(List<Alert> alerts) {
    SceneAvailable any = any();
    return DemoTruth.read(data).judge(alerts, any.getGrid(), any.getWindow());
  }

  private SceneAvailable any() {
    return scenes.values().iterator().next();
  }

  /** Writes the picture. */
  void draw(DemoRun.Heard heard, List<Alert> alerts, DemoTruth.Judgement judgement, Path file) {
    List<SceneOutcome> clear =
        heard.outcomes().values().stream()
            .filter(DemoReport::isForPicture)
            .sorted(Comparator.comparing(SceneOutcome::getSensingTime))
            .toList();
    if (clear.isEmpty()) {
      throw new LandshiftException(
          FailureReason.ALL_CLOUD, "no summer scene of the demo is clear: no picture");
    }
    ReportContent content =
        new ReportContent(
            "Forest clear-cuts, Southern Carpathians, Romania",
            "1 km\u00b2, %d Sentinel-2 scenes: %d confirmed alerts, on %d of %d clear-cuts of reference"
                .formatted(
                    heard.outcomes().size(),
                    judgement.everConfirmed(),
                    judgement.patchesAlerted(),
                    judgement.patches()),
            clearest(clear, year(clear.getFirst())),
            clearest(clear, year(clear.getLast())),
            any().getGrid().getPixelSize(),
            alerts.stream().map(Alert::getDetection).map(picture::outline).toList(),
            heard.outcomes().values().stream().map(RunPicture::sceneDate).toList(),
            "Contains modified Copernicus Sentinel data 2015-2021; series from the nrt package"
                + " (European Union, Joint Research Centre, EUPL-1.2)");
    ReportPicture.write(content, file);
  }

  private static boolean isForPicture(SceneOutcome outcome) {
    int month = RunPicture.date(outcome.getSensingTime()).getMonthValue();
    return RunPicture.clearShare(outcome) >= CLEAR_SHARE
        && month >= FIRST_MONTH_IN_LEAF
        && month <= LAST_MONTH_IN_LEAF;
  }

  private static int year(SceneOutcome outcome) {
    return RunPicture.date(outcome.getSensingTime()).getYear();
  }

  /** Of a year's scenes the one with the least light in blue, which is where haze shows. */
  private TrueColour clearest(List<SceneOutcome> clear, int year) {
    return clear.stream()
        .filter(outcome -> year(outcome) == year)
        .map(this::trueColour)
        .min(Comparator.comparingDouble(DemoReport::meanBlue))
        .orElseThrow();
  }

  private static double meanBlue(TrueColour scene) {
    double sum = 0;
    int seen = 0;
    for (float blue : scene.blue()) {
      if (!Float.isNaN(blue)) {
        sum += blue;
        seen++;
      }
    }
    return sum / Math.max(1, seen);
  }

  private TrueColour trueColour(SceneOutcome outcome) {
    SceneAvailable scene = scenes.get(outcome.getProductId());
    if (scene == null) {
      throw new IllegalStateException(outcome.getProductId() + " is not of the demo's series");
    }
    return picture.trueColour(scene);
  }
}
