package io.landshift.ops.cli.report;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the picture of a run shows. Immutable as long as nobody writes into the planes.
 *
 * @param title what the picture is of
 * @param subtitle where it is and what was found, one line; may be empty
 * @param before the land at the beginning
 * @param after the land at the end, of the same pixels
 * @param pixelSize ground size of a pixel in metres; 0 where unknown, then no scale is drawn
 * @param alerts in any order
 * @param scenes sensing dates of all scenes, in any order; they span the timeline
 * @param attribution to whom the data belongs
 */
public record ReportContent(
    String title,
    String subtitle,
    TrueColour before,
    TrueColour after,
    double pixelSize,
    List<AlertOutline> alerts,
    List<SceneDate> scenes,
    String attribution) {

  public ReportContent {
    alerts = List.copyOf(alerts);
    scenes = List.copyOf(scenes);
    if (before.width() != after.width() || before.height() != after.height()) {
      throw new IllegalArgumentException(
          "before and after must show the same pixels: %d x %d and %d x %d"
              .formatted(before.width(), before.height(), after.width(), after.height()));
    }
    if (scenes.isEmpty()) {
      throw new IllegalArgumentException("a report needs the date of a scene");
    }
  }

  /**
   * A scene in true colour.
   *
   * @param date sensing date, UTC
   * @param width columns
   * @param height rows
   * @param red reflectance, row by row; NaN where not seen
   * @param green as red
   * @param blue as red
   */
  public record TrueColour(
      LocalDate date, int width, int height, float[] red, float[] green, float[] blue) {
    public TrueColour {
      int pixels = Math.multiplyExact(width, height);
      if (width < 1 || height < 1) {
        throw new IllegalArgumentException("an image has pixels: " + width + " x " + height);
      }
      if (red.length != pixels || green.length != pixels || blue.length != pixels) {
        throw new IllegalArgumentException("a plane needs width x height = " + pixels + " values");
      }
    }
  }

  /**
   * A scene on the timeline.
   *
   * @param date sensing date, UTC
   * @param clearShare share of the ground that was seen clearly, 0..1
   */
  public record SceneDate(LocalDate date, double clearShare) {}

  /** How far an alert got. */
  public enum AlertState {
    /** Seen more than once, not yet confirmed. */
    PROVISIONAL,
    CONFIRMED,
    /** Was confirmed; the ground is no longer seen as disturbed. */
    FINISHED
  }

  /**
   * An alert and where it lies.
   *
   * @param rings closed rings in pixels of the images, x to the right and y down from the upper
   *     left corner of the first pixel, as x0, y0, x1, y1, ...; a ring inside another is a hole
   * @param firstDate when the change was first seen
   * @param confirmedDate when it was confirmed; null where it was not
   * @param areaM2 square metres
   */
  public record AlertOutline(
      List<double[]> rings,
      AlertState state,
      LocalDate firstDate,
      @Nullable LocalDate confirmedDate,
      double areaM2) {
    public AlertOutline {
      rings = List.copyOf(rings);
      if (state != AlertState.PROVISIONAL && confirmedDate == null) {
        throw new IllegalArgumentException(
            "an alert that is " + state + " was confirmed on a date");
      }
    }
  }
}
