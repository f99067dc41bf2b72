package io.landshift.model.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The bundles that come with the product. */
public final class Bundles {
  private static final String SPECTRAL_BASELINE = "spectral-baseline/";

  private Bundles() {}

  /**
   * The bundle without learned weights: reflectances and indices, spectral rules, and
   * season-referenced scores. It is the yardstick for learned ones.
   */
  public static Bundle spectralBaseline() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] json = resource(Bundle.MANIFEST);
    files.put(Bundle.MANIFEST, json);
    for (String path : BundleDocument.read(json).checksums().keySet()) {
      files.put(path, resource(path));
    }
    return Bundle.of(files, null, BundleLimits.DEFAULT);
  }

  private static byte[] resource(String path) {
    try (InputStream in = Bundles.class.getResourceAsStream(SPECTRAL_BASELINE + path)) {
      if (in == null) {
        throw Invalid.model("the product was packaged without " + SPECTRAL_BASELINE + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path + " from the product's own jar", e);
    }
  }
}
