package io.landshift.training.samples;

import io.landshift.ingest.scenes.SceneReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Looks that might have been: the same ground on another day of the season. Simulated, for sets
 * that have too few real dates to show how ground varies while nothing happens to it.
 *
 * <p>Light, haze that fades with wavelength (as the power -1.3 of it: Ångström's exponent of common
 * aerosols), leaves that are more or fewer by stands, slopes that face the sun or not, a fraction
 * of a pixel of displacement, and noise. Where there is no data none comes up; nothing becomes
 * negative; the mask stays. Pure but for the generator.
 *
 * @param light standard deviation of the logarithm of a day's light; of a third of it, of a band's
 * @param haze largest reflectance that air adds to blue
 * @param leaves standard deviation of the share by which leaves are more or fewer
 * @param slopes standard deviation of the logarithm of light from place to place
 * @param displacement standard deviation along each axis, pixels
 * @param noise standard deviation of the logarithm of a pixel
 */
public record Revisits(
    double light, double haze, double leaves, double slopes, double displacement, double noise) {
  /** About what the dates of one season differ by, by eye; no set of labels was asked. */
  public static final Revisits SEASON = new Revisits(0.06, 0.03, 0.25, 0.05, 0.35, 0.02);

  private static final Map<String, Double> WAVELENGTHS =
      Map.of(
          "blue", 0.49, "green", 0.56, "red", 0.665, "nir", 0.842, "nir08", 0.865, "swir16", 1.61,
          "swir22", 2.19);
  private static final double BLUE = 0.49;
  private static final double HAZE_EXPONENT = -1.3;

  /** Vegetation indices of bare ground and of full leaves. */
  private static final double BARE = 0.2;

  private static final double LEAVES = 0.7;

  /** Pixels between the points that a field is interpolated from. */
  private static final int STAND = 12;

  /** How much ground varies, at the least and at the most, in units of a usual season. */
  private static final double CALM = 0.3;

  private static final double RESTLESS = 1.5;

  /** How often a day is out of the ordinary, and by how much more than others. */
  private static final double RARE = 0.3;

  private static final double EXTREME = 3;

  /**
   * A pair as a pipeline that has seen the place for years might have it: several earlier looks.
   * The ground is about as restless on all of them, so that what varied before may vary again; now
   * and then the later day is far out of the ordinary.
   *
   * @param looks how many earlier ones
   */
  public Sample.Changed followed(Sample.Changed pair, int looks, RandomGenerator random) {
    double unrest = unrest(random);
    List<Look> earlier = again(pair.before(), looks, unrest, random);
    double extreme = random.nextDouble() < RARE ? 1 + (EXTREME - 1) * random.nextDouble() : 1;
    Look after = of(pair.after(), extreme * unrest, random);
    return new Sample.Changed(pair.source(), earlier, after, pair.labels());
  }

  /** Several looks at ground on which nothing happens, as restless on all of them. */
  public List<Look> again(Look look, int looks, RandomGenerator random) {
    return again(look, looks, unrest(random), random);
  }

  private List<Look> again(Look look, int looks, double unrest, RandomGenerator random) {
    List<Look> again = new ArrayList<>();
    for (int count = 0; count < looks; count++) {
      again.add(of(look, unrest, random));
    }
    return again;
  }

  private static double unrest(RandomGenerator random) {
    return CALM + (RESTLESS - CALM) * random.nextDouble();
  }

  /**
   * Another look at what a look shows.
   *
   * @param unrest how much of each, about 0..2: 1 as the record says
   */
  public Look of(Look look, double unrest, RandomGenerator random) {
    int width = look.width();
    int height = look.height();
    double east = unrest * displacement * random.nextGaussian();
    double south = unrest * displacement * random.nextGaussian();
    double sun = light * random.nextGaussian();
    double air = haze * random.nextDouble() * random.nextDouble();
    double season = leaves * random.nextGaussian();
    float[] stands = field(width, height, random);
    float[] facing = field(width, height, random);
    double[] vegetation = vegetation(look);
    float[] @Nullable [] planes = new float[look.planes().length][];
    for (int band = 0; band < planes.length; band++) {
      float[] plane = look.planes()[band];
      double own = light / 3 * random.nextGaussian();
      if (plane == null) {
        continue;
      }
      String name = look.bands().get(band);
      double added = unrest * air * Math.pow(wavelength(name) / BLUE, HAZE_EXPONENT);
      // More leaves: brighter where they reflect, darker where they absorb.
      double sign = name.startsWith("nir") ? 1 : -1;
      float[] moved = moved(plane, width, height, east, south);
      for (int pixel = 0; pixel < moved.length; pixel++) {
        double grown = sign * vegetation[pixel] * (0.6 * season + 0.4 * leaves * stands[pixel]);
        double factor = sun + own + slopes * facing[pixel] + noise * random.nextGaussian() + grown;
        // Math.max keeps NaN.
        moved[pixel] =
            (float)
                Math.max(
                    SceneReader.LEAST_REFLECTANCE,
                    moved[pixel] * Math.exp(unrest * factor) + added);
      }
      planes[band] = moved;
    }
    return look.withPlanes(planes);
  }

  private static double wavelength(String band) {
    return WAVELENGTHS.getOrDefault(band, 0.7);
  }

  /** 0 on bare ground and where it cannot be told, 1 under full leaves. */
  private static double[] vegetation(Look look) {
    int red = look.bands().indexOf("red");
    int nir = look.bands().indexOf("nir");
    double[] shares = new double[look.quality().length];
    float[] reds = red < 0 ? null : look.planes()[red];
    float[] nirs = nir < 0 ? null : look.planes()[nir];
    for (int pixel = 0; reds != null && nirs != null && pixel < shares.length; pixel++) {
      double index = (nirs[pixel] - reds[pixel]) / (nirs[pixel] + reds[pixel]);
      double share = (index - BARE) / (LEAVES - BARE);
      shares[pixel] = share > 0 ? Math.min(1, share) : 0;
    }
    return shares;
  }

  /** Normal numbers some way apart, and what lies between them. */
  private static float[] field(int width, int height, RandomGenerator random) {
    int columns = width / STAND + 2;
    int rows = height / STAND + 2;
    float[] points = new float[columns * rows];
    for (int point = 0; point < points.length; point++) {
      points[point] = (float) random.nextGaussian();
    }
    float[] field = new float[width * height];
    for (int pixel = 0; pixel < field.length; pixel++) {
      int row = pixel / width;
      int column = pixel % width;
      field[pixel] = between(points, columns, (double) row / STAND, (double) column / STAND);
    }
    return field;
  }

  /**
   * The values some pixels further; the old ones where that has no data or is beyond the border.
   */
  private static float[] moved(float[] plane, int width, int height, double east, double south) {
    float[] moved = plane.clone();
    for (int pixel = 0; pixel < moved.length; pixel++) {
      int fromRow = pixel / width;
      int fromColumn = pixel % width;
      double row = fromRow + south;
      double column = fromColumn + east;
      if (!Float.isNaN(plane[pixel])
          && row >= 0
          && column >= 0
          && row < height - 1
          && column < width - 1) {
        float found = between(plane, width, row, column);
        moved[pixel] = Float.isNaN(found) ? plane[pixel] : found;
      }
    }
    return moved;
  }

  private static float between(float[] values, int columns, double row, double column) {
    int upperRow = (int) row;
    int leftColumn = (int) column;
    int at = upperRow * columns + leftColumn;
    double down = row - upperRow;
    double right = column - leftColumn;
    double upper = values[at] * (1 - right) + values[at + 1] * right;
    double lower = values[at + columns] * (1 - right) + values[at + columns + 1] * right;
    return (float) (upper * (1 - down) + lower * down);
  }
}
