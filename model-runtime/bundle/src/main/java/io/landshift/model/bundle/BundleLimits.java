package io.landshift.model.bundle;

/**
 * Limits for bundles of unknown origin.
 *
 * @param maxFiles files in a bundle
 * @param maxFileBytes bytes of one file, unpacked
 * @param maxTotalBytes bytes of all files, unpacked
 * @param maxManifestBytes bytes of {@code bundle.json}
 * @param maxInflation unpacked bytes per packed byte of a zip entry above 1 MiB
 */
public record BundleLimits(
    int maxFiles, int maxFileBytes, long maxTotalBytes, int maxManifestBytes, int maxInflation) {
  /** Room for a large network: 64 files, 1 GiB each, 2 GiB together. */
  public static final BundleLimits DEFAULT = new BundleLimits(64, 1 << 30, 2L << 30, 1 << 20, 200);
}
