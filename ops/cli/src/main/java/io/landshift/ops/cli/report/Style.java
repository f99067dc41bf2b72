package io.landshift.ops.cli.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;

/** Colours, fonts and the ways to set text, the same for the whole picture. */
final class Style {
  static final Color PAPER = new Color(0xFBFBF9);
  static final Color INK = new Color(0x1B2430);
  static final Color MUTED = new Color(0x66717F);
  static final Color FAINT = new Color(0xE6E9EC);

  /** Java's own name for whatever sans serif the machine has. */
  private static final String FAMILY = Font.SANS_SERIF;

  static final Font TITLE = new Font(FAMILY, Font.BOLD, 34);
  static final Font SUBTITLE = new Font(FAMILY, Font.PLAIN, 18);
  static final Font HEADING = new Font(FAMILY, Font.BOLD, 19);
  static final Font TEXT = new Font(FAMILY, Font.PLAIN, 15);
  static final Font SMALL = new Font(FAMILY, Font.PLAIN, 13);
  static final Font BADGE = new Font(FAMILY, Font.BOLD, 11);

  private Style() {}

  static void smooth(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
  }

  /** Sets text with its left end on the base line at x, y; returns its width. */
  static double text(Graphics2D g, Font font, Color colour, String text, double x, double y) {
    g.setFont(font);
    g.setColor(colour);
    g.drawString(text, (float) x, (float) y);
    return width(g, font, text);
  }

  /** Sets text with its right end at x. */
  static void textBefore(Graphics2D g, Font font, Color colour, String text, double x, double y) {
    text(g, font, colour, text, x - width(g, font, text), y);
  }

  /** Sets text centred on x and on y. */
  static void textAround(Graphics2D g, Font font, Color colour, String text, double x, double y) {
    FontMetrics metrics = g.getFontMetrics(font);
    double base = y + (metrics.getAscent() - metrics.getDescent()) / 2.0;
    text(g, font, colour, text, x - width(g, font, text) / 2, base);
  }

  static double width(Graphics2D g, Font font, String text) {
    return font.getStringBounds(text, g.getFontRenderContext()).getWidth();
  }

  static Color withOpacity(Color colour, double opacity) {
    return new Color(
        colour.getRed(), colour.getGreen(), colour.getBlue(), (int) Math.round(255 * opacity));
  }
}
