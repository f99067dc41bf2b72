package io.landshift.ops.cli.report;

import io.landshift.ops.cli.report.ReportContent.AlertState;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** One image with its caption. */
record MapPanel(double x, double y, double width, double height) {
  static final double BADGE = 17;
  private static final float[] DASHES = {5, 4};

  /** Where a badge may lie, seen from its outline; the best place first. */
  private static final double[][] DIRECTIONS = {
    {0.8, -0.8}, {-0.8, -0.8}, {0.8, 0.8}, {-0.8, 0.8}, {0, -1}, {0, 1}, {1, 0}, {-1, 0}
  };

  void caption(Graphics2D g, String heading, String detail) {
    double end = x + Style.text(g, Style.HEADING, Style.INK, heading, x, y - 12);
    Style.text(g, Style.TEXT, Style.MUTED, detail, end + 10, y - 12);
  }

  void image(Graphics2D g, BufferedImage image) {
    Shape clip = g.getClip();
    g.clip(new Rectangle2D.Double(x, y, width, height));
    g.drawImage(image, fromPixels(image), null);
    g.setClip(clip);
  }

  /** A grey and dark copy, on which colours stand out. */
  static BufferedImage subdued(BufferedImage image) {
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < image.getHeight(); row++) {
      for (int column = 0; column < image.getWidth(); column++) {
        Color colour = new Color(image.getRGB(column, row));
        double grey =
            0.299 * colour.getRed() + 0.587 * colour.getGreen() + 0.114 * colour.getBlue();
        int red = subdued(colour.getRed(), grey);
        int green = subdued(colour.getGreen(), grey);
        int blue = subdued(colour.getBlue(), grey);
        copy.setRGB(column, row, red << 16 | green << 8 | blue);
      }
    }
    return copy;
  }

  private static int subdued(int channel, double grey) {
    return (int) Math.round((0.2 * channel + 0.8 * grey) * 0.58);
  }

  void alerts(Graphics2D g, BufferedImage image, List<AlertMark> marks) {
    Shape clip = g.getClip();
    g.clip(new Rectangle2D.Double(x, y, width, height));
    AffineTransform fromPixels = fromPixels(image);
    for (AlertMark mark : marks) {
      alert(g, mark, mark.path(fromPixels));
    }
    g.setClip(clip);
    if (Timeline.isLabelled(marks.size())) {
      badges(g, marks, fromPixels);
    }
  }

  private static void alert(Graphics2D g, AlertMark mark, Path2D path) {
    boolean provisional = mark.alert().state() == AlertState.PROVISIONAL;
    if (!provisional) {
      double opacity = mark.alert().state() == AlertState.CONFIRMED ? 0.6 : 0.35;
      g.setColor(Style.withOpacity(mark.colour(), opacity));
      g.fill(path);
    }
    g.setColor(mark.colour());
    g.setStroke(
        provisional
            ? new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES, 0)
            : new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(path);
  }

  /** Numbers beside the outlines, at the first free place around each. */
  private void badges(Graphics2D g, List<AlertMark> marks, AffineTransform fromPixels) {
    List<Rectangle2D> taken = new ArrayList<>();
    for (AlertMark mark : marks) {
      Rectangle2D place = place(mark.path(fromPixels), taken);
      taken.add(place);
      badge(g, mark, BADGE, place.getCenterX(), place.getCenterY());
    }
  }

  private Rectangle2D place(Path2D outline, List<Rectangle2D> taken) {
    Rectangle2D panel = new Rectangle2D.Double(x + 2, y + 2, width - 4, height - 4);
    for (double[] direction : DIRECTIONS) {
      double[] corner = farthest(outline, direction);
      Rectangle2D place =
          around(
              corner[0] + direction[0] * (BADGE / 2 + 2),
              corner[1] + direction[1] * (BADGE / 2 + 2));
      if (panel.contains(place) && taken.stream().noneMatch(place::intersects)) {
        return place;
      }
    }
    return around(outline.getBounds2D().getCenterX(), outline.getBounds2D().getCenterY());
  }

  /** The corner of the outline that lies farthest in a direction. */
  private static double[] farthest(Path2D outline, double[] direction) {
    double[] best = {outline.getBounds2D().getCenterX(), outline.getBounds2D().getCenterY()};
    double farthest = Double.NEGATIVE_INFINITY;
    double[] corner = new double[6];
    for (PathIterator i = outline.getPathIterator(null); !i.isDone(); i.next()) {
      if (i.currentSegment(corner) != PathIterator.SEG_CLOSE) {
        double along = corner[0] * direction[0] + corner[1] * direction[1];
        if (along > farthest) {
          farthest = along;
          best = new double[] {corner[0], corner[1]};
        }
      }
    }
    return best;
  }

  private static Rectangle2D around(double centreX, double centreY) {
    return new Rectangle2D.Double(centreX - BADGE / 2, centreY - BADGE / 2, BADGE, BADGE);
  }

  static void badge(Graphics2D g, AlertMark mark, double diameter, double centreX, double centreY) {
    g.setColor(mark.colour());
    g.fill(
        new Ellipse2D.Double(centreX - diameter / 2, centreY - diameter / 2, diameter, diameter));
    Style.textAround(g, Style.BADGE, Style.INK, Integer.toString(mark.number()), centreX, centreY);
  }

  /** A bar of a round length, at most a third of the image's width. */
  void scale(Graphics2D g, BufferedImage image, double pixelSize) {
    double metresAcross = image.getWidth() * pixelSize;
    double magnitude = Math.pow(10, Math.floor(Math.log10(metresAcross / 3)));
    double times = metresAcross / 3 / magnitude;
    double metres = magnitude * (times >= 5 ? 5 : times >= 2 ? 2 : 1);
    double length = metres / metresAcross * width;
    double left = x + 16;
    double bottom = y + height - 16;
    String label = metres >= 1000 ? Math.round(metres / 1000) + " km" : Math.round(metres) + " m";
    g.setColor(Style.withOpacity(Style.INK, 0.6));
    g.fill(new Rectangle2D.Double(left - 8, bottom - 28, length + 16, 36));
    g.setColor(Color.WHITE);
    g.fill(new Rectangle2D.Double(left, bottom - 4, length, 4));
    Style.text(g, Style.SMALL, Color.WHITE, label, left, bottom - 11);
  }

  private AffineTransform fromPixels(BufferedImage image) {
    AffineTransform transform = AffineTransform.getTranslateInstance(x, y);
    transform.scale(width / image.getWidth(), height / image.getHeight());
    return transform;
  }
}
