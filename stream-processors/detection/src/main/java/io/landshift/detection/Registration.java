package io.landshift.detection;

import io.landshift.change.PhaseCorrelation;
import io.landshift.change.Reference;
import io.landshift.change.ReferenceParameters;
import io.landshift.change.ReferenceStatistics;
import io.landshift.change.Resampler;
import io.landshift.change.Shift;
import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.schemas.PixelWindow;
import java.util.Arrays;

/**
 * A look of a chunk, and how far it lies from earlier ones.
 *
 * @param features {@code [channel][row][column]} quanta
 * @param quality one {@link Quality} code a pixel
 * @param shift by which the look was found to lie off; {@link Shift#UNKNOWN} where nobody measured
 */
record Registration(short[] features, byte[] quality, PixelWindow window, Shift shift) {
  /**
   * Looks that register one of whose season there is no earlier year: the last ones, of any season.
   */
  static final ReferenceParameters RECENT = new ReferenceParameters(183, 1, 36_600, 1, 8);

  /** The bundle's feature that shows most texture and least of the season. */
  private static final String FEATURE = "nir";

  /** A look where its own product puts it. */
  static Registration unmeasured(short[] features, byte[] quality, PixelWindow window) {
    return new Registration(features, quality, window, Shift.UNKNOWN);
  }

  /**
   * The same look with its shift from a reference, as far as both are known.
   *
   * @param plane where the reference has the {@link #feature}
   * @param minLooks that a pixel of the reference must have
   */
  Registration measured(Reference reference, int plane, int minLooks, BundleManifest manifest) {
    int channel = feature(manifest);
    int pixels = quality.length;
    int start = channel * pixels;
    float step = (float) manifest.features().get(channel).step();
    float[] today = new float[pixels];
    boolean[] valid = new boolean[pixels];
    for (int p = 0; p < pixels; p++) {
      short value = features[start + p];
      today[p] = value * step;
      valid[p] =
          value != ReferenceStatistics.INVALID
              && quality[p] == Quality.CLEAR
              && (reference.looks()[p] & 0xFF) >= minLooks;
    }
    float[] centre = Arrays.copyOfRange(reference.centre(), plane * pixels, (plane + 1) * pixels);
    Shift found =
        PhaseCorrelation.shift(today, centre, valid, window.getWidth(), window.getHeight());
    return new Registration(features, quality, window, found);
  }

  /** The place of the stored feature that looks are registered by; negative where there is none. */
  static int feature(BundleManifest manifest) {
    for (int c = 0; c < manifest.encodedFeatures(); c++) {
      if (manifest.features().get(c).name().equals(FEATURE)) {
        return c;
      }
    }
    return -1;
  }

  /** The look where earlier ones lie; what would come from outside the window is not known. */
  Registration movedBack() {
    int width = window.getWidth();
    int height = window.getHeight();
    int channels = features.length / quality.length;
    return new Registration(
        Resampler.features(features, channels, width, height, ReferenceStatistics.INVALID, shift),
        Resampler.codes(quality, width, height, Quality.NODATA, shift),
        window,
        shift);
  }
}
