package io.landshift.detection;

import io.landshift.model.bundle.Bundles;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;

/** Announced scenes and plans without rasters, for tests of what comes after the reading. */
final class Scenes {
  static final Grid GRID =
      new Grid("MGRS-33TWL", "EPSG:32633", 499_980.0, 5_100_000.0, 10.0, 10_980, 10_980);

  private Scenes() {}

  static SceneAvailable scene(LocalDate date, PixelWindow window) {
    Instant sensed = date.atTime(LocalTime.of(10, 0)).toInstant(ZoneOffset.UTC);
    return SceneAvailable.newBuilder()
        .setGrid(GRID)
        .setWindow(window)
        .setSensor("sentinel-2-msi")
        .setProductId("S2A-" + date)
        .setSensingTime(sensed)
        .setBands(List.of())
        .setAnnouncedAt(sensed.plusSeconds(3600))
        .build();
  }

  static ScenePlan plan(SceneAvailable scene, int chunkSize) {
    return new ScenePlan(
        scene,
        chunkSize,
        Bundles.spectralBaseline().digest(),
        Models.SPECTRAL_BASELINE,
        scene.getAnnouncedAt());
  }

  static ScenePlan plan(PixelWindow window, int chunkSize) {
    return plan(scene(LocalDate.of(2021, 7, 1), window), chunkSize);
  }
}
