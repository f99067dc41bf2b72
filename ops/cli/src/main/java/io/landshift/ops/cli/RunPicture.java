package io.landshift.ops.cli;

import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.Footprints;
import io.landshift.ingest.raster.Outlines;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.ops.cli.report.ReportContent.AlertOutline;
import io.landshift.ops.cli.report.ReportContent.AlertState;
import io.landshift.ops.cli.report.ReportContent.SceneDate;
import io.landshift.ops.cli.report.ReportContent.TrueColour;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Brings the scenes and objects of one grid into a picture: all of the grid, in pixels that are as
 * coarse as a picture can show.
 *
 * @param grid of the picture's pixels
 */
record RunPicture(Grid grid) {
  private static final int MOST_ACROSS = 1200;

  /** What share of the clearest scene's clear share is nearly as clear. */
  private static final double NEARLY = 0.9;

  /** So far apart in the year the land looks alike. */
  private static final int SAME_SEASON_DAYS = 45;

  private static final int DAYS_OF_YEAR = 365;

  /** The scenes that tell most of a run. */
  record Span(SceneOutcome before, SceneOutcome after) {}

  static RunPicture of(Grid grid) {
    int across = Math.max(grid.getWidth(), grid.getHeight());
    int step = Math.ceilDiv(across, MOST_ACROSS);
    Grid coarse =
        Grid.newBuilder(grid)
            .setPixelSize(grid.getPixelSize() * step)
            .setWidth(Math.ceilDiv(grid.getWidth(), step))
            .setHeight(Math.ceilDiv(grid.getHeight(), step))
            .build();
    return new RunPicture(coarse);
  }

  /**
   * Two scenes of one season, as far apart in time as there are, among those that are nearly as
   * clear as the clearest (or among all, where it alone is); of no season in common, the first and
   * the last; none where fewer than two were processed.
   *
   * @param outcomes in any order
   */
  static Optional<Span> span(List<SceneOutcome> outcomes) {
    List<SceneOutcome> processed =
        outcomes.stream()
            .filter(outcome -> !outcome.getProducts().isEmpty())
            .sorted(Comparator.comparing(SceneOutcome::getSensingTime))
            .toList();
    if (processed.size() < 2) {
      return Optional.empty();
    }
    double clearest = processed.stream().mapToDouble(RunPicture::clearShare).max().orElseThrow();
    List<SceneOutcome> clear =
        processed.stream().filter(outcome -> clearShare(outcome) >= NEARLY * clearest).toList();
    return Optional.of(farthestApart(clear.size() < 2 ? processed : clear));
  }

  private static Span farthestApart(List<SceneOutcome> scenes) {
    return scenes.stream()
        .flatMap(before ->
            scenes.stream()
                .filter(after -> days(before, after) > 0 && ofOneSeason(before, after))
                .map(after -> new Span(before, after)))
        .max(Comparator.comparingLong(span -> days(span.before(), span.after())))
        .orElse(new Span(scenes.getFirst(), scenes.getLast()));
  }

  private static long days(SceneOutcome from, SceneOutcome to) {
    return date(to.getSensingTime()).toEpochDay() - date(from.getSensingTime()).toEpochDay();
  }

  private static boolean ofOneSeason(SceneOutcome before, SceneOutcome after) {
    int apart =
        Math.abs(
            date(before.getSensingTime()).getDayOfYear()
                - date(after.getSensingTime()).getDayOfYear());
    return Math.min(apart, DAYS_OF_YEAR - apart) <= SAME_SEASON_DAYS;
  }

  /** Share of a scene's ground that was seen clearly, 0..1. */
  static double clearShare(SceneOutcome outcome) {
    Coverage coverage = outcome.getCoverage();
    return coverage.getClear() / (double) Math.max(1, coverage.getPixels());
  }

  static LocalDate date(Instant sensed) {
    return sensed.atZone(ZoneOffset.UTC).toLocalDate();
  }

  static SceneDate sceneDate(SceneOutcome outcome) {
    return new SceneDate(date(outcome.getSensingTime()), clearShare(outcome));
  }

  /**
   * Reads a scene once more, for the eye.
   *
   * @throws io.landshift.schemas.LandshiftException where it has no red, green and blue
   */
  TrueColour trueColour(SceneAvailable scene) {
    List<BandRequest> bands =
        List.of(
            new BandRequest("red", null, true),
            new BandRequest("green", null, true),
            new BandRequest("blue", null, true));
    SceneAvailable placed =
        SceneAvailable.newBuilder(scene).setGrid(grid).setWindow(window()).build();
    try (SceneReader reader =
        SceneReader.open(
            placed, bands, MaskParameters.DEFAULT, RasterRules.anywhere(), new DecodeCounter())) {
      HarmonisedChunk chunk = reader.read(window());
      return new TrueColour(
          date(scene.getSensingTime()),
          grid.getWidth(),
          grid.getHeight(),
          chunk.band(0),
          chunk.band(1),
          chunk.band(2));
    }
  }

  /** Where an object lies in the picture. */
  AlertOutline outline(Detection detection) {
    byte[] inside = Footprints.rasterise(grid, window(), List.of(detection.getGeometry()));
    List<Integer> pixels = new ArrayList<>();
    for (int p = 0; p < inside.length; p++) {
      if (inside[p] != 0) {
        pixels.add(p);
      }
    }
    int[] x = pixels.stream().mapToInt(p -> p % grid.getWidth()).toArray();
    int[] y = pixels.stream().mapToInt(p -> p / grid.getWidth()).toArray();
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

  private PixelWindow window() {
    return new PixelWindow(0, 0, grid.getWidth(), grid.getHeight());
  }
}
