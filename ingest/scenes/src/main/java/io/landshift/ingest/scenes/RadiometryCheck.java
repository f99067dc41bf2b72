package io.landshift.ingest.scenes;

import io.landshift.schemas.BandAsset;
import io.landshift.schemas.SceneAvailable;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether the offset that a Sentinel-2 product states fits its own pixels. Pure functions.
 *
 * <p>What is stated is reconciled where the product is read ({@link BandReading}); statements are
 * wrong often enough (offset forgotten: all reflectances too high by 0.1; subtracted twice: too low
 * by 0.1) to be tested:
 *
 * <ul>
 *   <li>Vegetation is dark in the visible. Where even its darkest tenth is at least {@link
 *       #BRIGHTEST_DARK} in blue, green and red, an offset was not taken off. Thin cloud brightens
 *       the visible alike, but not the short-wave infrared: that must be as bright as an offset
 *       makes it, and more so where clouds are about.
 *   <li>Vegetation is not black. Where more than {@link #MOST_BLACK} of it has no blue and no red
 *       at all, an offset was taken off twice. At the top of the atmosphere (L1C) blue is bright by
 *       scattering: there it is below {@link #DARKEST_SKY} only if an offset was taken off twice.
 * </ul>
 *
 * <p>Where too little vegetation is seen (desert, water, snow, cloud) nothing is said. The limits
 * lie between what 479 real scenes show with their right offset and with wrong ones: see {@code
 * RadiometryCheckIT}.
 */
public final class RadiometryCheck {
  static final double BRIGHTEST_DARK = 0.09;
  static final double MOST_BLACK = 0.15;
  static final double DARKEST_SKY = 0.03;

  private static final double DARK_SHORT_WAVE = 0.145;
  private static final double DARK_SHORT_WAVE_IN_CLOUD = 0.165;
  private static final double CLOUDLESS = 0.7;
  private static final double LEAST_USABLE = 0.2;
  private static final int LEAST_VEGETATION = 100;
  private static final double LEAST_VEGETATION_SHARE = 0.02;

  private RadiometryCheck() {}

  /**
   * A contradiction between what a product states and its pixels.
   *
   * @param tooHigh whether the reflectances are too high by an offset, and not too low
   * @param message what is wrong and what to do, for a person
   * @param evidence what was measured and what was expected, by name
   */
  public record Contradiction(boolean tooHigh, String message, Map<String, String> evidence) {}

  /** The contradiction that the pixels show; empty where they fit or do not say enough. */
  public static Optional<Contradiction> of(SceneAvailable scene, PixelEvidence pixels) {
    if (!scene.getSensor().equals(KnownBands.SENTINEL_2) || saysNothing(pixels)) {
      return Optional.empty();
    }
    if (isTooHigh(pixels)) {
      return Optional.of(
          new Contradiction(
              true,
              "vegetation is too bright by about 0.1 in every band: the offset of -0.1 was not taken off. State it (raster:bands, or \"offset\" in a sidecar) and publish the scene as a newer generation, or release it if its ground is like that",
              evidence(scene, pixels)));
    }
    return isTooLow(scene, pixels)
        ? Optional.of(
            new Contradiction(
                false,
                "vegetation is black in the visible: an offset of -0.1 was taken off twice. State offset 0 (the pixels have it already) and publish the scene as a newer generation, or release it if its ground is like that",
                evidence(scene, pixels)))
        : Optional.empty();
  }

  private static boolean saysNothing(PixelEvidence pixels) {
    long usable = pixels.clear() + pixels.hazy();
    return usable < LEAST_USABLE * pixels.seen()
        || pixels.vegetation() < LEAST_VEGETATION
        || pixels.vegetation() < LEAST_VEGETATION_SHARE * usable;
  }

  private static boolean isTooHigh(PixelEvidence pixels) {
    for (int band : new int[] {PixelEvidence.BLUE, PixelEvidence.GREEN, PixelEvidence.RED}) {
      if (pixels.darkest(band) < BRIGHTEST_DARK) {
        return false;
      }
    }
    boolean cloudless = pixels.clear() + pixels.hazy() >= CLOUDLESS * pixels.seen();
    if (!pixels.hasShortWave()) {
      return cloudless;
    }
    return pixels.darkest(PixelEvidence.SHORT_WAVE)
        >= (cloudless ? DARK_SHORT_WAVE : DARK_SHORT_WAVE_IN_CLOUD);
  }

  private static boolean isTooLow(SceneAvailable scene, PixelEvidence pixels) {
    return "L1C".equals(scene.getProcessingLevel())
        ? pixels.darkest(PixelEvidence.BLUE) < DARKEST_SKY
        : pixels.blackShare(PixelEvidence.BLUE) > MOST_BLACK
            && pixels.blackShare(PixelEvidence.RED) > MOST_BLACK;
  }

  private static Map<String, String> evidence(SceneAvailable scene, PixelEvidence pixels) {
    Map<String, String> evidence = new TreeMap<>();
    String[] names = {"blue", "green", "red"};
    for (int band = 0; band < names.length; band++) {
      evidence.put(
          "dark vegetation, " + names[band],
          String.format(
              Locale.ROOT, "%.3f, expected below %.2f", pixels.darkest(band), BRIGHTEST_DARK));
      evidence.put(
          "black vegetation, " + names[band],
          String.format(
              Locale.ROOT,
              "%.0f %%, expected at most %.0f %%",
              100 * pixels.blackShare(band),
              100 * MOST_BLACK));
    }
    if (pixels.hasShortWave()) {
      evidence.put(
          "dark vegetation, short-wave infrared",
          String.format(Locale.ROOT, "%.3f", pixels.darkest(PixelEvidence.SHORT_WAVE)));
    }
    evidence.put("pixels of vegetation", Long.toString(pixels.vegetation()));
    evidence.put("processing baseline", String.valueOf(scene.getProcessingBaseline()));
    evidence.put("processing level", String.valueOf(scene.getProcessingLevel()));
    for (BandAsset band : scene.getBands()) {
      evidence.put("offset that holds, " + band.getName(), Double.toString(band.getOffset()));
    }
    return evidence;
  }
}
