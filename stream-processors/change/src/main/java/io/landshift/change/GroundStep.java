package io.landshift.change;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * By how much unchanged ground differs today from its reference, in each band.
 *
 * <p>Haze brightens the blue more than the short-wave infrared, a season or drought moves the red
 * and the near infrared apart. What moves all bands by the same amount, or by the same factor, is
 * how the numbers were made, and not what was seen.
 *
 * <p>Immutable.
 *
 * @param pixels that were compared; 0 where nothing was measured
 * @param bands their names
 * @param difference per band the median of today less reference, reflectance
 * @param reference per band the median of the reference, reflectance
 */
public record GroundStep(
    int pixels, List<String> bands, List<Float> difference, List<Float> reference) {
  /** Nothing was measured. */
  public static final GroundStep UNKNOWN = new GroundStep(0, List.of(), List.of(), List.of());

  /** With fewer bands, haze and season cannot be told from a step. */
  private static final int LEAST_BANDS = 4;

  /** Medians of so many pixels are as good as those of all. */
  private static final int SAMPLE = 1 << 14;

  /**
   * Compares the pixels that may speak for the ground.
   *
   * @param centre the reference's centre, planar {@code [channel * pixels + pixel]}, NaN = unknown
   * @param current quantised features, planar, {@link ReferenceStatistics#INVALID} = not valid
   * @param step feature units per quantum, one per channel
   * @param names one per channel; empty where the channel is no reflectance
   * @param voting per pixel 1 where it is clear and unalerted, else 0
   */
  public static GroundStep measure(
      float[] centre, short[] current, float[] step, List<String> names, byte[] voting) {
    int[] sample = sample(voting);
    List<String> bands = new ArrayList<>();
    List<Float> difference = new ArrayList<>();
    List<Float> reference = new ArrayList<>();
    for (int channel = 0; channel < names.size(); channel++) {
      if (names.get(channel).isEmpty()) {
        continue;
      }
      int start = channel * voting.length;
      float[] differences = new float[sample.length];
      float[] centres = new float[sample.length];
      int n = 0;
      for (int p : sample) {
        float usual = centre[start + p];
        short today = current[start + p];
        if (today != ReferenceStatistics.INVALID && !Float.isNaN(usual)) {
          differences[n] = today * step[channel] - usual;
          centres[n++] = usual;
        }
      }
      if (n >= ChunkCorrection.MINIMUM_PIXELS) {
        bands.add(names.get(channel));
        difference.add(median(differences, n));
        reference.add(median(centres, n));
      }
    }
    return bands.size() < LEAST_BANDS
        ? UNKNOWN
        : new GroundStep(sample.length, bands, difference, reference);
  }

  /**
   * Whether every band differs by the same amount.
   *
   * @param tolerance largest distance of a band's difference from their mean
   */
  public boolean isAdditive(double tolerance) {
    double mean = meanDifference();
    return pixels > 0 && difference.stream().allMatch(d -> Math.abs(d - mean) <= tolerance);
  }

  /** Mean of the bands' differences; 0 where nothing was measured. */
  public double meanDifference() {
    return difference.stream().mapToDouble(Float::doubleValue).average().orElse(0);
  }

  /**
   * Whether every band differs by the same factor.
   *
   * @param share of what the factor makes of a band by which that band may miss it
   */
  public boolean isMultiplicative(double share) {
    double gain = gain();
    for (int band = 0; band < difference.size(); band++) {
      double expected = gain * reference.get(band);
      if (Math.abs(difference.get(band) - expected) > share * Math.abs(expected)) {
        return false;
      }
    }
    return pixels > 0;
  }

  /** The same in those bands only in which the ground usually reflects at least so much. */
  public GroundStep inBandsOfAtLeast(double reflectance) {
    int[] bright =
        IntStream.range(0, bands.size())
            .filter(band -> reference.get(band) >= reflectance)
            .toArray();
    return new GroundStep(
        pixels,
        IntStream.of(bright).mapToObj(bands::get).toList(),
        IntStream.of(bright).mapToObj(difference::get).toList(),
        IntStream.of(bright).mapToObj(reference::get).toList());
  }

  /** The factor less 1 that explains the differences best, by least squares; 0 where unknown. */
  public double gain() {
    double product = 0;
    double square = 0;
    for (int band = 0; band < difference.size(); band++) {
      product += difference.get(band) * (double) reference.get(band);
      square += reference.get(band) * (double) reference.get(band);
    }
    return square == 0 ? 0 : product / square;
  }

  /** Whether another look differs alike: every band by as much, but for {@code tolerance}. */
  public boolean isLike(GroundStep other, double tolerance) {
    if (pixels == 0 || !bands.equals(other.bands)) {
      return false;
    }
    for (int band = 0; band < difference.size(); band++) {
      if (Math.abs(difference.get(band) - other.difference.get(band)) > tolerance) {
        return false;
      }
    }
    return true;
  }

  /** The voting pixels, or as many of them, evenly spread, as are needed. */
  private static int[] sample(byte[] voting) {
    int voters = 0;
    for (byte vote : voting) {
      voters += vote;
    }
    int stride = Math.max(1, (voters + SAMPLE - 1) / SAMPLE);
    int[] sample = new int[(voters + stride - 1) / stride];
    int seen = 0;
    for (int p = 0; p < voting.length; p++) {
      if (voting[p] != 0) {
        if (seen % stride == 0) {
          sample[seen / stride] = p;
        }
        seen++;
      }
    }
    return sample;
  }

  private static float median(float[] numbers, int n) {
    Arrays.sort(numbers, 0, n);
    return (numbers[(n - 1) / 2] + numbers[n / 2]) / 2;
  }
}
