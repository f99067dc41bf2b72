package io.landshift.ingest.scenes;

import io.landshift.schemas.Backscatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Radar backscatter (gamma0, terrain corrected) in decibels, whichever way the product writes it.
 * Pure functions.
 *
 * <p>Decibels = 10 * log10(power), clipped to {@link #LEAST} .. {@link #MOST}: far below what the
 * noise of Sentinel-1 lets it measure (about -22 dB) and above all but a few corner reflectors, so
 * that what noise subtraction leaves in shadow and on calm water does not run off to minus
 * infinity.
 *
 * <p>Power of 0 or less is no data: fringes of a swath were filled with 0 until 2018, and noise
 * subtraction leaves some of it. So are decibels below {@link #NO_MEASUREMENT}, which is how
 * undeclared nodata numbers look. Noise with small positive power at the border of old products
 * stays: taking it off is the terrain correction's part.
 */
final class Gamma0 {
  /** The smallest value that is given, decibels. */
  static final float LEAST = -50;

  /** The largest value that is given, decibels. */
  static final float MOST = 20;

  /** Decibels below this were not measured. */
  static final float NO_MEASUREMENT = -90;

  /** Decibels of ground are nearly all below 0; more than this share of a power is never. */
  private static final double MOST_NEGATIVE = 0.5;

  /** Power is never below 0; less than this share of the decibels of a city is. */
  private static final double LEAST_NEGATIVE = 0.1;

  private static final int LEAST_NUMBERS = 100;

  private Gamma0() {}

  /**
   * Turns values into decibels in their place; NaN where there is no data.
   *
   * @param values as the product writes them, scaled
   */
  static void toDecibels(float[] values, Backscatter written) {
    for (int i = 0; i < values.length; i++) {
      double decibels = written == Backscatter.POWER ? 10 * Math.log10(values[i]) : values[i];
      // Of a negative number log10 is NaN, of 0 minus infinity: both are no data.
      values[i] =
          decibels > NO_MEASUREMENT && decibels < Double.POSITIVE_INFINITY
              ? (float) Math.clamp(decibels, LEAST, MOST)
              : Float.NaN;
    }
  }

  /**
   * What contradicts that values are written as stated; empty where they fit or are too few to
   * tell. Decibels called power are found, and power called decibels.
   *
   * @param values as the product writes them, scaled
   */
  static Optional<String> contradiction(float[] values, Backscatter written) {
    int numbers = 0;
    int negative = 0;
    for (float value : values) {
      numbers += Float.isNaN(value) || value == 0 ? 0 : 1;
      negative += value < 0 ? 1 : 0;
    }
    if (numbers < LEAST_NUMBERS) {
      return Optional.empty();
    }
    double share = (double) negative / numbers;
    if (written == Backscatter.POWER && share > MOST_NEGATIVE) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "is stated as linear power, but %.0f %% of its numbers are negative: state the unit \"dB\" if they are decibels, or the nodata number if they are none",
              100 * share));
    }
    if (written == Backscatter.DECIBELS && share < LEAST_NEGATIVE) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "is stated in decibels, but only %.0f %% of its numbers are negative: state the unit \"power\" if they are linear",
              100 * share));
    }
    return Optional.empty();
  }
}
