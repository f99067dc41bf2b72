package io.landshift.ops.cli;

import io.landshift.ingest.catalog.SceneFailure;
import io.landshift.ingest.catalog.SceneSink;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.Footprints;
import io.landshift.ingest.raster.Outlines;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.ops.cli.report.ReportContent;
import io.landshift.ops.cli.report.ReportContent.AlertOutline;
import io.landshift.ops.cli.report.ReportContent.AlertState;
import io.landshift.ops.cli.report.ReportContent.SceneDate;
import io.landshift.ops.cli.report.ReportContent.TrueColour;
import io.landshift.ops.cli.report.ReportPicture;
import io.landshift.ops.local.DemoRun;
import io.landshift.ops.local.DemoTruth;
import io.landshift.schemas.Alert;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/** What the demo says of itself at the end: how it compares with the ground, and its picture. */
final class DemoReport {
  private static final String SERIES = "romania-forest-s2-l2a.zip";

  /** Pictures are of such scenes: nearly all clear, and in leaf. */
  private static final double CLEAR_SHARE = 0.95;

  private static final int FIRST_MONTH_IN_LEAF = 6;
  private static final int LAST_MONTH_IN_LEAF = 9;

  private final Path data;
  private final Map<String, SceneAvailable> scenes;

  private DemoReport(Path data, Map<String, SceneAvailable> scenes) {
    this.data = data;
    this.scenes = scenes;
  }

  /** Reads what the demo's series says of its scenes. */
  static DemoReport of(Path data) {
    Map<String, SceneAvailable> scenes = new TreeMap<>();
    try (SceneSource source = Sources.of(series(data))) {
      source.read(
          new SceneSink() {
            @Override
            public void scene(SceneAvailable scene) {
              scenes.put(scene.getProductId(), scene);
            }

            @Override
            public void failure(SceneFailure failure) {
              throw new LandshiftException(
                  failure.reason(), "the demo's data is damaged: " + failure.message());
            }
          });
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
            alerts.stream().map(Alert::getDetection).map(this::outline).toList(),
            heard.outcomes().values().stream().map(DemoReport::sceneDate).toList(),
            "Contains modified Copernicus Sentinel data 2015-2021; series from the nrt package"
                + " (European Union, Joint Research Centre, EUPL-1.2)");
    try {
      ImageIO.write(ReportPicture.draw(content), "png", file.toFile());
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static boolean isForPicture(SceneOutcome outcome) {
    int month = date(outcome.getSensingTime()).getMonthValue();
    return share(outcome.getCoverage()) >= CLEAR_SHARE
        && month >= FIRST_MONTH_IN_LEAF
        && month <= LAST_MONTH_IN_LEAF;
  }

  private static double share(Coverage coverage) {
    return coverage.getClear() / (double) Math.max(1, coverage.getPixels());
  }

  private static LocalDate date(Instant sensed) {
    return sensed.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static SceneDate sceneDate(SceneOutcome outcome) {
    return new SceneDate(date(outcome.getSensingTime()), share(outcome.getCoverage()));
  }

  private static int year(SceneOutcome outcome) {
    return date(outcome.getSensingTime()).getYear();
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
    List<BandRequest> bands =
        List.of(
            new BandRequest("red", null, true),
            new BandRequest("green", null, true),
            new BandRequest("blue", null, true));
    try (SceneReader reader =
        SceneReader.open(
            scene, bands, MaskParameters.DEFAULT, RasterRules.anywhere(), new DecodeCounter())) {
      HarmonisedChunk chunk = reader.read(scene.getWindow());
      int pixels = chunk.pixels();
      float[] all = chunk.reflectance();
      return new TrueColour(
          date(outcome.getSensingTime()),
          scene.getWindow().getWidth(),
          scene.getWindow().getHeight(),
          Arrays.copyOfRange(all, 0, pixels),
          Arrays.copyOfRange(all, pixels, 2 * pixels),
          Arrays.copyOfRange(all, 2 * pixels, 3 * pixels));
    }
  }

  private AlertOutline outline(Detection detection) {
    SceneAvailable any = any();
    int width = any.getWindow().getWidth();
    byte[] inside =
        Footprints.rasterise(any.getGrid(), any.getWindow(), List.of(detection.getGeometry()));
    List<Integer> pixels = new ArrayList<>();
    for (int p = 0; p < inside.length; p++) {
      if (inside[p] != 0) {
        pixels.add(p);
      }
    }
    int[] x = pixels.stream().mapToInt(p -> p % width).toArray();
    int[] y = pixels.stream().mapToInt(p -> p / width).toArray();
    List<double[]> rings =
        Outlines.rings(x, y).stream()
            .map(ring -> Arrays.stream(ring).asDoubleStream().toArray())
            .toList();
    return new AlertOutline(
        rings,
        state(detection.getStatus()),
        detection.getFirstDate(),
        detection.getConfirmedDate(),
        detection.getAreaM2());
  }

  private static AlertState state(DetectionStatus status) {
    return switch (status) {
      case CONFIRMED -> AlertState.CONFIRMED;
      case FINISHED -> AlertState.FINISHED;
      case OTHER, PROVISIONAL, RETRACTED -> AlertState.PROVISIONAL;
    };
  }
}
