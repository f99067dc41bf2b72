package io.landshift.training.samples;

import io.landshift.ingest.scenes.BandRequest;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.Need;
import java.util.List;

/** The bands of a bundle, asked for and normalised as serving does. Pure; thread-safe. */
public final class ModelBands {
  private ModelBands() {}

  /** What to ask a scene for, in the order of the bundle's bands. */
  public static List<BandRequest> requests(BundleManifest manifest) {
    return requests(manifest.bands());
  }

  /** What to ask a scene for, in the order of the bands. */
  public static List<BandRequest> requests(List<BundleManifest.Band> bands) {
    return bands.stream()
        .map(band ->
            new BandRequest(band.commonName(), band.wavelength(), band.need() == Need.REQUIRED))
        .toList();
  }

  /**
   * What the encoder sees: {@code (value - mean) / deviation}, 0 where there is no value.
   *
   * @param look read with {@link #requests}
   * @return [band][row][column]
   * @throws IllegalArgumentException where the look has other bands
   */
  public static float[] tensor(BundleManifest manifest, Look look) {
    return tensor(manifest.bands(), look);
  }

  /**
   * What an encoder of these bands sees.
   *
   * @see #tensor(BundleManifest, Look)
   */
  public static float[] tensor(List<BundleManifest.Band> bands, Look look) {
    if (!look.bands().equals(bands.stream().map(BundleManifest.Band::commonName).toList())) {
      throw new IllegalArgumentException(
          "the look has the bands " + look.bands() + ": read it with those of the bundle");
    }
    int pixels = look.width() * look.height();
    float[] tensor = new float[bands.size() * pixels];
    for (int band = 0; band < bands.size(); band++) {
      float[] plane = look.planes()[band];
      if (plane != null) {
        bands.get(band).normalise(plane, 0, tensor, band * pixels, pixels);
      }
    }
    return tensor;
  }
}
