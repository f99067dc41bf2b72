package io.landshift.ops.cli.report;

import java.awt.Color;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * A colour for each date of a span, from cold for early to hot for late; bright enough for a dark
 * image. Pure.
 */
record DateColours(LocalDate first, LocalDate last) {
  private static final int[][] ANCHORS = {
    {0x38, 0xBD, 0xF8},
    {0x2D, 0xD4, 0xA7},
    {0xFD, 0xE0, 0x47},
    {0xFB, 0x92, 0x3C},
    {0xF4, 0x3F, 0x5E}
  };

  Color of(LocalDate date) {
    return at(share(date));
  }

  /** Place of a date in the span, 0..1. */
  double share(LocalDate date) {
    double days = Math.max(1, ChronoUnit.DAYS.between(first, last));
    return Math.clamp(ChronoUnit.DAYS.between(first, date) / days, 0.0, 1.0);
  }

  static Color at(double share) {
    double position = share * (ANCHORS.length - 1);
    int below = Math.min((int) position, ANCHORS.length - 2);
    double part = position - below;
    int[] channels = new int[3];
    for (int i = 0; i < 3; i++) {
      channels[i] = (int) Math.round(ANCHORS[below][i] * (1 - part) + ANCHORS[below + 1][i] * part);
    }
    return new Color(channels[0], channels[1], channels[2]);
  }
}
