package io.landshift.ops.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.raster.Footprints;
import io.landshift.schemas.Alert;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is known of the demo's ground, drawn by hand from summer images; judges its alerts. */
public final class DemoTruth {
  private final List<String> patches;
  private final List<String> stable;

  private DemoTruth(List<String> patches, List<String> stable) {
    this.patches = patches;
    this.stable = stable;
  }

  /**
   * How alerts that were ever confirmed compare with the ground.
   *
   * @param patches clear-cuts that were drawn
   * @param patchesAlerted of these, overlapped by such an alert
   * @param stablePixels of forest that nothing touched
   * @param stablePixelsAlerted of these, covered by such alerts
   */
  public record Judgement(
      int everConfirmed,
      int patches,
      int patchesAlerted,
      int stablePixels,
      int stablePixelsAlerted) {}

  /** Reads {@code reference-patches.geojson} and {@code stable.geojson} of a folder. */
  public static DemoTruth read(Path folder) {
    return new DemoTruth(
        geometries(folder.resolve("reference-patches.geojson")),
        geometries(folder.resolve("stable.geojson")));
  }

  private static List<String> geometries(Path file) {
    try {
      List<String> geometries = new ArrayList<>();
      for (JsonNode feature :
          new ObjectMapper().readTree(Files.readAllBytes(file)).get("features")) {
        geometries.add(feature.get("geometry").toString());
      }
      return geometries;
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING, file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Judges alerts on the pixels of a scene. */
  public Judgement judge(List<Alert> alerts, Grid grid, PixelWindow window) {
    List<String> confirmed =
        alerts.stream()
            .map(Alert::getDetection)
            .filter(detection -> detection.getConfirmedDate() != null)
            .map(detection -> detection.getGeometry())
            .toList();
    byte[] alerted =
        confirmed.isEmpty()
            ? new byte[window.getWidth() * window.getHeight()]
            : Footprints.rasterise(grid, window, confirmed);
    int found = 0;
    for (String patch : patches) {
      found += common(Footprints.rasterise(grid, window, List.of(patch)), alerted) > 0 ? 1 : 0;
    }
    byte[] quiet = Footprints.rasterise(grid, window, stable);
    return new Judgement(
        confirmed.size(), patches.size(), found, common(quiet, quiet), common(quiet, alerted));
  }

  private static int common(byte[] a, byte[] b) {
    int count = 0;
    for (int p = 0; p < a.length; p++) {
      count += a[p] & b[p];
    }
    return count;
  }
}
