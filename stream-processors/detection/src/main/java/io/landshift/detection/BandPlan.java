package io.landshift.detection;

import io.landshift.ingest.scenes.BandRequest;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.Need;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which bands of a scene serve a bundle.
 *
 * @param requests one for each band of the bundle's input groups, in order
 * @param missing required bands that the scene does not have
 */
record BandPlan(List<BandRequest> requests, List<String> missing) {

  static BandPlan of(BundleManifest manifest, SceneAvailable scene) {
    List<BandRequest> requests = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (BundleManifest.Band band : manifest.bands()) {
      BandRequest request =
          new BandRequest(band.commonName(), band.wavelength(), band.need() == Need.REQUIRED);
      requests.add(request);
      if (request.required() && request.find(scene.getBands()).isEmpty()) {
        missing.add(band.commonName());
      }
    }
    return new BandPlan(requests, missing);
  }

  /** What serves a mask head, which requires all of its bands. */
  static BandPlan of(@Nullable MaskManifest mask, SceneAvailable scene) {
    List<BandRequest> requests = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (MaskManifest.MaskBand band :
        mask == null ? List.<MaskManifest.MaskBand>of() : mask.bands()) {
      Double wavelength = band.wavelength() == 0 ? null : Double.valueOf(band.wavelength());
      BandRequest request = new BandRequest(band.commonName(), wavelength, true);
      requests.add(request);
      if (request.find(scene.getBands()).isEmpty()) {
        missing.add(band.commonName());
      }
    }
    return new BandPlan(requests, missing);
  }

  /**
   * @throws LandshiftException BAND_MISSING if a required band is missing
   */
  void requireAll(String productId) {
    if (!missing.isEmpty()) {
      throw new LandshiftException(
          FailureReason.BAND_MISSING,
          productId + " has no band for " + missing + "; the bundle cannot do without");
    }
  }
}
