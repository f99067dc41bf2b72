package io.landshift.ops.cli.report;

import io.landshift.ops.cli.report.ReportContent.AlertOutline;
import io.landshift.ops.cli.report.ReportContent.AlertState;
import io.landshift.ops.cli.report.ReportContent.SceneDate;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.LinearGradientPaint;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * The alerts in time: a row for each, from the day it was first seen to the day it was confirmed;
 * below them the scenes.
 */
final class Timeline {
  private static final double MOST_ROW = 24;
  private static final double MOST_ROWS = 760;
  private static final double SCENES = 46;
  private static final double AXIS = 34;
  private static final double LABELLED_ROW = 12;
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

  private final double x;
  private final double y;
  private final double width;
  private final DateColours colours;
  private final List<AlertMark> marks;
  private final double row;

  Timeline(double x, double y, double width, DateColours colours, List<AlertMark> marks) {
    this.x = x;
    this.y = y;
    this.width = width;
    this.colours = colours;
    this.marks = marks;
    this.row = row(marks.size());
  }

  /** Two dates have no time to show. */
  static boolean isOf(ReportContent content) {
    return content.scenes().size() > 2;
  }

  static double height(int alerts) {
    return row(alerts) * alerts + 14 + SCENES + AXIS;
  }

  /** Whether each alert has its number and its words; the map then has the numbers, too. */
  static boolean isLabelled(int alerts) {
    return row(alerts) >= LABELLED_ROW;
  }

  private static double row(int alerts) {
    return Math.min(MOST_ROW, MOST_ROWS / Math.max(1, alerts));
  }

  void draw(Graphics2D g, List<SceneDate> scenes) {
    double base = y + row * marks.size() + 14;
    years(g, base);
    for (int i = 0; i < marks.size(); i++) {
      alert(g, marks.get(i), y + (i + 0.5) * row);
    }
    scenes(g, scenes, base);
    axis(g, base + SCENES);
  }

  private void years(Graphics2D g, double base) {
    g.setStroke(new BasicStroke(1f));
    for (int year = colours.first().getYear() + 1; year <= colours.last().getYear(); year++) {
      double at = at(LocalDate.of(year, 1, 1));
      g.setColor(Style.FAINT);
      g.draw(new Line2D.Double(at, y - 4, at, base + SCENES));
    }
  }

  private void alert(Graphics2D g, AlertMark mark, double middle) {
    AlertOutline alert = mark.alert();
    LocalDate confirmed = alert.confirmedDate();
    double first = at(alert.firstDate());
    double last = confirmed == null ? first : at(confirmed);
    double radius = Math.min(6, row / 2);
    g.setStroke(
        new BasicStroke((float) Math.min(4, row), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setColor(mark.colour());
    g.draw(new Line2D.Double(first, middle, last, middle));
    dot(g, mark, first, middle, radius * 0.75, false);
    if (confirmed != null) {
      dot(g, mark, last, middle, radius, true);
    }
    if (isLabelled(marks.size())) {
      label(g, mark, first, last, middle);
    }
  }

  private static void dot(
      Graphics2D g, AlertMark mark, double x, double y, double radius, boolean filled) {
    Ellipse2D dot = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    g.setColor(filled ? mark.colour() : Style.PAPER);
    g.fill(dot);
    g.setColor(filled ? Style.INK : mark.colour());
    g.setStroke(new BasicStroke(filled ? 1.2f : 2f));
    g.draw(dot);
  }

  /** Number to the left, words to the right, or both to the left near the end of the axis. */
  private void label(Graphics2D g, AlertMark mark, double first, double last, double middle) {
    String words = words(mark.alert());
    double room = Style.width(g, Style.SMALL, words) + 14;
    MapPanel.badge(g, mark, Math.min(MapPanel.BADGE, row - 0.5), first - 20, middle);
    if (last + room < x + width) {
      Style.text(g, Style.SMALL, Style.MUTED, words, last + 12, middle + 4.5);
    } else {
      Style.textBefore(g, Style.SMALL, Style.MUTED, words, first - 36, middle + 4.5);
    }
  }

  private static String words(AlertOutline alert) {
    String area = String.format(Locale.ROOT, "%.2f ha", alert.areaM2() / 10_000);
    LocalDate confirmed = alert.confirmedDate();
    if (confirmed == null) {
      return area + ", seen " + MONTH.format(alert.firstDate()) + ", not confirmed";
    }
    long days = ChronoUnit.DAYS.between(alert.firstDate(), confirmed);
    String end = alert.state() == AlertState.FINISHED ? ", finished" : "";
    return "%s, confirmed %s after %d days%s".formatted(area, MONTH.format(confirmed), days, end);
  }

  /** Each scene a stroke, the longer the more of the ground it saw. */
  private void scenes(Graphics2D g, List<SceneDate> scenes, double base) {
    g.setStroke(new BasicStroke(1.4f));
    double room = SCENES - 12;
    for (SceneDate scene : scenes) {
      double at = at(scene.date());
      double clear = Math.clamp(scene.clearShare(), 0.0, 1.0);
      g.setColor(Style.withOpacity(Style.INK, 0.22 + 0.48 * clear));
      g.draw(
          new Line2D.Double(at, base + SCENES - 6, at, base + SCENES - 6 - 3 - (room - 3) * clear));
    }
  }

  private void axis(Graphics2D g, double base) {
    float[] stops = {0f, 0.25f, 0.5f, 0.75f, 1f};
    Color[] anchors = new Color[stops.length];
    for (int i = 0; i < stops.length; i++) {
      anchors[i] = DateColours.at(stops[i]);
    }
    g.setPaint(new LinearGradientPaint((float) x, 0f, (float) (x + width), 0f, stops, anchors));
    g.fill(new Rectangle2D.Double(x, base - 5, width, 6));
    for (int year = colours.first().getYear(); year <= colours.last().getYear(); year++) {
      LocalDate start = LocalDate.of(year, 1, 1);
      LocalDate from = start.isBefore(colours.first()) ? colours.first() : start;
      LocalDate next = start.plusYears(1);
      LocalDate to = next.isAfter(colours.last()) ? colours.last() : next;
      if (at(to) - at(from) > 50) {
        Style.textAround(
            g, Style.TEXT, Style.MUTED, Integer.toString(year), (at(from) + at(to)) / 2, base + 16);
      }
    }
  }

  private double at(LocalDate date) {
    return x + colours.share(date) * width;
  }
}
