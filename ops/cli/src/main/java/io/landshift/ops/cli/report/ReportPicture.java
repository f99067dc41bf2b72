package io.landshift.ops.cli.report;

import io.landshift.ops.cli.report.ReportContent.AlertState;
import io.landshift.ops.cli.report.ReportContent.SceneDate;
import io.landshift.ops.cli.report.ReportContent.TrueColour;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Draws the picture of a run: before, after, the alerts coloured by date, and when each was first
 * seen and confirmed. Needs no display. Equal content on the same machine gives equal pixels; the
 * letters are those of the machine's fonts. Thread-safe.
 */
public final class ReportPicture {
  private static final int WIDTH = 1840;
  private static final int MARGIN = 48;
  private static final int GAP = 26;
  private static final double PANEL = (WIDTH - 2.0 * MARGIN - 2 * GAP) / 3;
  private static final double TALLEST = 760;
  private static final double PANELS_TOP = 176;
  private static final double BELOW_PANELS = 84;
  private static final double FOOTER = 62;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

  private ReportPicture() {}

  /**
   * Draws and writes a PNG; an earlier file is replaced as a whole.
   *
   * @throws LandshiftException STORAGE_UNAVAILABLE where the file cannot be written
   */
  public static void write(ReportContent content, Path file) {
    BufferedImage picture = draw(content);
    Path absolute = file.toAbsolutePath();
    Path partial = absolute.resolveSibling("." + absolute.getFileName() + ".part");
    try {
      ImageIO.write(picture, "png", partial.toFile());
      Files.move(partial, absolute, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE,
          "the picture cannot be written to " + absolute + ": make its folder writable",
          e);
    }
  }

  /** The picture, 1840 pixels wide and as high as the images and the number of alerts ask for. */
  public static BufferedImage draw(ReportContent content) {
    double height = panelHeight(content.before());
    double timelineTop = PANELS_TOP + height + BELOW_PANELS;
    double timeline = Timeline.isOf(content) ? Timeline.height(content.alerts().size()) : 0;
    double bottom = timelineTop + timeline + FOOTER;
    BufferedImage picture =
        new BufferedImage(WIDTH, (int) Math.ceil(bottom), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    try {
      Style.smooth(g);
      g.setColor(Style.PAPER);
      g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
      DateColours colours = span(content);
      List<AlertMark> marks = AlertMark.of(content.alerts(), colours);
      head(g, content);
      panels(g, content, marks, height);
      if (timeline > 0) {
        legend(g, marks, PANELS_TOP + height + 44);
        new Timeline(MARGIN, timelineTop, WIDTH - 2.0 * MARGIN, colours, marks)
            .draw(g, content.scenes());
      }
      Style.text(
          g, Style.SMALL, Style.MUTED, content.attribution(), MARGIN, picture.getHeight() - 26.0);
      Style.textBefore(
          g, Style.SMALL, Style.MUTED, "Landshift", WIDTH - MARGIN, picture.getHeight() - 26.0);
    } finally {
      g.dispose();
    }
    return picture;
  }

  private static void head(Graphics2D g, ReportContent content) {
    Style.text(g, Style.TITLE, Style.INK, content.title(), MARGIN, 72);
    Style.text(g, Style.SUBTITLE, Style.MUTED, content.subtitle(), MARGIN, 106);
  }

  private static void panels(
      Graphics2D g, ReportContent content, List<AlertMark> marks, double height) {
    Stretch stretch = Stretch.of(content.before(), content.after());
    BufferedImage before = stretch.image(content.before());
    BufferedImage after = stretch.image(content.after());
    double width = panelWidth(content.before());
    double left = MARGIN + (PANEL - width) / 2;

    MapPanel first = new MapPanel(left, PANELS_TOP, width, height);
    first.caption(g, "Before", DATE.format(content.before().date()));
    first.image(g, before);
    if (content.pixelSize() > 0) {
      first.scale(g, before, content.pixelSize());
    }
    MapPanel second = new MapPanel(left + PANEL + GAP, PANELS_TOP, width, height);
    second.caption(g, "After", DATE.format(content.after().date()));
    second.image(g, after);
    MapPanel third = new MapPanel(left + 2 * (PANEL + GAP), PANELS_TOP, width, height);
    third.caption(g, "Alerts", "coloured by date");
    third.image(g, MapPanel.subdued(after));
    third.alerts(g, after, marks);
  }

  /** How the signs of the map and of the timeline are to be read; only those that occur. */
  private static void legend(Graphics2D g, List<AlertMark> marks, double y) {
    double x = MARGIN;
    x += Style.text(g, Style.HEADING, Style.INK, "Timeline", x, y) + 28;
    Color sign = new Color(0xFB923C);
    x = circle(g, sign, false, "first seen", x, y);
    x = circle(g, sign, true, "confirmed", x, y);
    for (AlertState state : AlertState.values()) {
      if (marks.stream().anyMatch(mark -> mark.alert().state() == state)) {
        x = square(g, sign, state, x, y);
      }
    }
    g.setColor(Style.withOpacity(Style.INK, 0.6));
    g.setStroke(new BasicStroke(1.4f));
    g.draw(new Line2D.Double(x, y + 1, x, y - 12));
    g.draw(new Line2D.Double(x + 5, y + 1, x + 5, y - 5));
    g.draw(new Line2D.Double(x + 10, y + 1, x + 10, y - 9));
    Style.text(g, Style.TEXT, Style.MUTED, "scenes, longer where clearer", x + 20, y);
  }

  private static double circle(
      Graphics2D g, Color colour, boolean filled, String words, double x, double y) {
    Ellipse2D dot = new Ellipse2D.Double(x, y - 11, 12, 12);
    g.setColor(filled ? colour : Style.PAPER);
    g.fill(dot);
    g.setColor(filled ? Style.INK : colour);
    g.setStroke(new BasicStroke(filled ? 1.2f : 2f));
    g.draw(dot);
    return x + 20 + Style.text(g, Style.TEXT, Style.MUTED, words, x + 20, y) + 28;
  }

  private static double square(Graphics2D g, Color colour, AlertState state, double x, double y) {
    Rectangle2D box = new Rectangle2D.Double(x, y - 11, 16, 12);
    if (state != AlertState.PROVISIONAL) {
      g.setColor(Style.withOpacity(colour, state == AlertState.CONFIRMED ? 0.75 : 0.3));
      g.fill(box);
    }
    g.setColor(colour);
    g.setStroke(
        state == AlertState.PROVISIONAL
            ? new BasicStroke(
                1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {4, 3}, 0)
            : new BasicStroke(2f));
    g.draw(box);
    String words =
        switch (state) {
          case PROVISIONAL -> "alert not confirmed yet";
          case CONFIRMED -> "alert standing at the end";
          case FINISHED -> "alert finished, the ground recovers";
        };
    return x + 24 + Style.text(g, Style.TEXT, Style.MUTED, words, x + 24, y) + 28;
  }

  /** From the first scene or alert to the last. */
  private static DateColours span(ReportContent content) {
    LocalDate first =
        content.scenes().stream().map(SceneDate::date).min(Comparator.naturalOrder()).orElseThrow();
    LocalDate last =
        content.scenes().stream().map(SceneDate::date).max(Comparator.naturalOrder()).orElseThrow();
    return new DateColours(first, last);
  }

  private static double panelHeight(TrueColour image) {
    return Math.min(TALLEST, PANEL * image.height() / image.width());
  }

  private static double panelWidth(TrueColour image) {
    return panelHeight(image) * image.width() / image.height();
  }
}
