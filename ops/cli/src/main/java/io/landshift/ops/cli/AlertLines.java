package io.landshift.ops.cli;

import io.landshift.schemas.Alert;
import io.landshift.schemas.Detection;
import java.util.Locale;

/** Alerts as lines for people. */
final class AlertLines {
  private AlertLines() {}

  static String line(Alert alert) {
    Detection detection = alert.getDetection();
    String change =
        detection.getFromClass().isEmpty()
            ? detection.getScore()
            : detection.getScore()
                + ", "
                + detection.getFromClass()
                + " -> "
                + (detection.getToClass().isEmpty() ? "?" : detection.getToClass());
    return String.format(
        Locale.ROOT,
        "%s  %-9s  %s  rev %-2d  %5.2f ha  score %4.1f  since %s  %s",
        detection.getLatestDate(),
        alert.getEvent().name().toLowerCase(Locale.ROOT),
        alert.getAlertId(),
        alert.getRevision(),
        detection.getAreaM2() / 10_000,
        detection.getMaxScore(),
        detection.getFirstDate(),
        change);
  }
}
