package io.landshift.detection;

import io.landshift.change.ActivePixels;
import io.landshift.change.ObjectStatus;
import io.landshift.change.PixelRuns;
import io.landshift.change.TrackedObject;
import io.landshift.ingest.raster.Outline;
import io.landshift.ingest.raster.Outlines;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.Grid;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the world is told of an object: its state after the scene that last changed it. */
final class ObjectSnapshot {
  private ObjectSnapshot() {}

  /**
   * The snapshot.
   *
   * @param object as it was after {@code scene}
   * @param scene the scene that last changed it
   */
  static Detection of(
      Grid grid, TrackedObject object, TrackedScene scene, BundleManifest manifest) {
    Outline outline = outline(grid, object.geometry());
    return Detection.newBuilder()
        .setObjectId(object.id())
        .setRevision(object.revision())
        .setGridCode(grid.getCode())
        .setScore(object.score())
        .setStatus(status(object.status()))
        .setGeometry(outline.geometry())
        .setAreaM2(outline.areaM2())
        .setFromClass(className(manifest, object.fromClass()))
        .setToClass(className(manifest, object.toClass()))
        .setMeanScore(hundredths(object.meanScore()))
        .setMaxScore(hundredths(object.maxScore()))
        .setFirstDate(ProductDays.date(object.firstDay()))
        .setLatestDate(ProductDays.date(object.latestDay()))
        .setConfirmedDate(dateOrNull(object.confirmedDay()))
        .setFinishedDate(dateOrNull(object.finishedDay()))
        .setReferenceScenes(scene.looks())
        .setScenes(object.sceneIds())
        .setMergedObjects(List.of())
        .setModelDigest(scene.modelDigest())
        .setTimes(scene.times())
        .build();
  }

  /** Whether two snapshots say the same of the ground; the times of the stages are not part. */
  static boolean sameContent(Detection a, Detection b) {
    return Detection.newBuilder(a).setTimes(b.getTimes()).build().equals(b);
  }

  private static Outline outline(Grid grid, PixelRuns pixels) {
    int[] x = new int[pixels.pixels()];
    int[] y = new int[pixels.pixels()];
    int n = 0;
    for (int run = 0; run < pixels.runs(); run++) {
      for (int column = pixels.start(run); column < pixels.end(run); column++) {
        x[n] = column;
        y[n++] = pixels.row(run);
      }
    }
    return Outlines.toWgs84(grid, x, y);
  }

  private static DetectionStatus status(ObjectStatus status) {
    return switch (status) {
      case PROVISIONAL -> DetectionStatus.PROVISIONAL;
      case CONFIRMED -> DetectionStatus.CONFIRMED;
      case FINISHED -> DetectionStatus.FINISHED;
      case RETRACTED -> DetectionStatus.RETRACTED;
    };
  }

  private static String className(BundleManifest manifest, byte value) {
    if (value == ActivePixels.NO_CLASS) {
      return "";
    }
    List<BundleManifest.LandCoverClass> classes = manifest.classes();
    return classes.get((value & 0xFF) - 1).name();
  }

  private static double hundredths(float score) {
    return Math.round(score * 100.0) / 100.0;
  }

  private static @Nullable LocalDate dateOrNull(int day) {
    return day < 0 ? null : ProductDays.date(day);
  }
}
