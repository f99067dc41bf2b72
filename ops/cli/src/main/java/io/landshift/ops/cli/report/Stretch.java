package io.landshift.ops.cli.report;

import io.landshift.ops.cli.report.ReportContent.TrueColour;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Turns reflectance into colours. What is dark in an image is taken off band by band (the haze, as
 * Chavez 1988 does); what remains is stretched alike in all bands and in both images, so that
 * colours stay true and the two can be compared. Pure.
 *
 * @param width reflectance above the darkest that is shown as full brightness
 */
record Stretch(float width) {
  private static final double DARKEST = 0.01;
  private static final double BRIGHTEST = 0.985;
  private static final float HEADROOM = 1.8f;
  private static final float NARROWEST = 1e-6f;

  /** Lifts what is dark a little, as forest is. */
  private static final double GAMMA = 1 / 1.3;

  private static final int UNSEEN = 0xD5D8DC;

  /**
   * The stretch for two images.
   *
   * <p>Its width is the median of the bands' ranges, the lower one: a cloudy image, in which all
   * three are wide, does not turn the other black.
   */
  static Stretch of(TrueColour one, TrueColour other) {
    double[] widths =
        Stream.of(one.red(), one.green(), one.blue(), other.red(), other.green(), other.blue())
            .map(Stretch::seen)
            .filter(seen -> seen.length > 0)
            .mapToDouble(seen -> at(seen, BRIGHTEST) - at(seen, DARKEST))
            .sorted()
            .toArray();
    if (widths.length == 0) {
      return new Stretch(1);
    }
    return new Stretch(Math.max(NARROWEST, HEADROOM * (float) widths[(widths.length - 1) / 2]));
  }

  BufferedImage image(TrueColour scene) {
    float red = dark(scene.red());
    float green = dark(scene.green());
    float blue = dark(scene.blue());
    BufferedImage image =
        new BufferedImage(scene.width(), scene.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < scene.red().length; i++) {
      float r = scene.red()[i];
      float g = scene.green()[i];
      float b = scene.blue()[i];
      boolean unseen = Float.isNaN(r) || Float.isNaN(g) || Float.isNaN(b);
      int colour = unseen ? UNSEEN : level(r - red) << 16 | level(g - green) << 8 | level(b - blue);
      image.setRGB(i % scene.width(), i / scene.width(), colour);
    }
    return image;
  }

  private int level(float aboveDark) {
    double share = Math.clamp(aboveDark / (double) width, 0.0, 1.0);
    return (int) Math.round(255 * Math.pow(share, GAMMA));
  }

  private static float dark(float[] plane) {
    float[] seen = seen(plane);
    return seen.length == 0 ? 0 : at(seen, DARKEST);
  }

  /** The values in rising order, without NaN. */
  private static float[] seen(float[] plane) {
    float[] values = plane.clone();
    // NaN is sorted to the end.
    Arrays.sort(values);
    int seen = values.length;
    while (seen > 0 && Float.isNaN(values[seen - 1])) {
      seen--;
    }
    return Arrays.copyOf(values, seen);
  }

  private static float at(float[] sorted, double share) {
    return sorted[(int) (share * (sorted.length - 1))];
  }
}
