package io.landshift.ops.cli.report;

import io.landshift.ops.cli.report.ReportContent.AlertOutline;
import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An alert with the number and the colour that it has in the map and on the timeline.
 *
 * @param number from 1, in the order of first dates
 */
record AlertMark(int number, AlertOutline alert, Color colour) {
  private static final Comparator<AlertOutline> ORDER =
      Comparator.comparing(AlertOutline::firstDate)
          .thenComparing(Comparator.comparingDouble(AlertOutline::areaM2).reversed())
          .thenComparingDouble(alert -> bounds(alert).getMinY())
          .thenComparingDouble(alert -> bounds(alert).getMinX());

  static List<AlertMark> of(List<AlertOutline> alerts, DateColours colours) {
    List<AlertOutline> ordered = alerts.stream().sorted(ORDER).toList();
    return IntStream.range(0, ordered.size())
        .mapToObj(i -> new AlertMark(i + 1, ordered.get(i), colours.of(date(ordered.get(i)))))
        .toList();
  }

  /** The date that colours an alert: when it became certain, or else when it was first seen. */
  private static LocalDate date(AlertOutline alert) {
    LocalDate confirmed = alert.confirmedDate();
    return confirmed == null ? alert.firstDate() : confirmed;
  }

  /** The outline in the picture; holes are left open by the even-odd rule. */
  Path2D path(AffineTransform pixelsToPicture) {
    Path2D path = path(alert);
    path.transform(pixelsToPicture);
    return path;
  }

  private static Path2D path(AlertOutline alert) {
    Path2D.Double path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    for (double[] ring : alert.rings()) {
      for (int i = 0; i + 1 < ring.length; i += 2) {
        if (i == 0) {
          path.moveTo(ring[i], ring[i + 1]);
        } else {
          path.lineTo(ring[i], ring[i + 1]);
        }
      }
      if (ring.length > 2) {
        path.closePath();
      }
    }
    return path;
  }

  private static Rectangle2D bounds(AlertOutline alert) {
    return path(alert).getBounds2D();
  }
}
