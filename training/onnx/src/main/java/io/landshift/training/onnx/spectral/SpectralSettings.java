package io.landshift.training.onnx.spectral;

/**
 * The constants of spectral-baseline that a variant may change.
 *
 * @param name name of the bundle
 * @param lossFactor brings the root mean square of the one-sided index deviations to lifecycle
 *     units
 * @param genericInflation by so much spreads estimated from few looks are too small
 * @param minReferenceNdvi where the reference NDVI is lower, there is no vegetation to lose
 * @param vegetationNdvi NDVI from which the segmentation speaks of vegetation
 */
public record SpectralSettings(
    String name,
    double lossFactor,
    double genericInflation,
    double minReferenceNdvi,
    double vegetationNdvi) {
  /** Those of the bundle that comes with the product. */
  public static final SpectralSettings STANDARD =
      new SpectralSettings("spectral-baseline", 1.3, 1.2, 0.3, 0.4);
}
