package io.landshift.model.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks on the files of a bundle that do not depend on what the bundle is for. Pure functions. */
final class BundleChecks {
  /**
   * The list of digests that {@code sha256sum -c} reads. A bundle may have one; the manifest does
   * not list it, because it lists the manifest.
   */
  static final String CHECKSUMS = "SHA256SUMS";

  private BundleChecks() {}

  /**
   * The bundle's digest.
   *
   * @param expected what a release states, or null
   * @throws io.landshift.schemas.LandshiftException MODEL_DIGEST_MISMATCH
   */
  static String digest(Map<String, byte[]> files, @Nullable String expected) {
    String digest = Digests.ofBundle(files);
    // First: nothing of a bundle that is not the stated one should be parsed.
    if (expected != null && !digest.equals(expected.toLowerCase(Locale.ROOT))) {
      throw Invalid.digest(
          "the bundle's digest is %s, the release states %s; fetch the bundle again"
              .formatted(digest, expected));
    }
    return digest;
  }

  /**
   * The bytes of the manifest.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID or LIMIT_EXCEEDED
   */
  static byte[] manifest(Map<String, byte[]> files, BundleLimits limits) {
    byte[] json = files.get(Bundle.MANIFEST);
    if (json == null) {
      throw Invalid.model("there is no " + Bundle.MANIFEST + " at the bundle's root");
    }
    if (json.length > limits.maxManifestBytes()) {
      throw Invalid.limit(
          Bundle.MANIFEST
              + " may have "
              + limits.maxManifestBytes()
              + " bytes, has "
              + json.length);
    }
    return json;
  }

  /**
   * Compares the files with what the manifest lists.
   *
   * @param checksums SHA-256 by path
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID or MODEL_DIGEST_MISMATCH
   */
  static void files(Map<String, byte[]> files, Map<String, String> checksums) {
    Set<String> unlisted = new TreeSet<>(files.keySet());
    unlisted.removeAll(checksums.keySet());
    unlisted.remove(Bundle.MANIFEST);
    unlisted.remove(CHECKSUMS);
    if (!unlisted.isEmpty()) {
      throw Invalid.model("files that " + Bundle.MANIFEST + " does not list: " + unlisted);
    }
    checksums.forEach((path, checksum) -> {
      byte[] bytes = files.get(path);
      if (bytes == null) {
        throw Invalid.model(Bundle.MANIFEST + " lists " + path + ", which is not there");
      }
      requireDigest(path, bytes, checksum, Bundle.MANIFEST);
    });
    byte[] list = files.get(CHECKSUMS);
    if (list != null) {
      checksums(files, new String(list, StandardCharsets.UTF_8));
    }
  }

  private static void checksums(Map<String, byte[]> files, String list) {
    for (String line : list.lines().toList()) {
      byte[] bytes = line.length() > 66 ? files.get(line.substring(66)) : null;
      if (bytes == null) {
        throw Invalid.model(CHECKSUMS + " names a file that is not there: " + line);
      }
      requireDigest(line.substring(66), bytes, line.substring(0, 64), CHECKSUMS);
    }
  }

  private static void requireDigest(String path, byte[] bytes, String stated, String where) {
    String actual = Digests.sha256(bytes);
    if (!actual.equals(stated)) {
      throw Invalid.digest(
          "%s has the digest %s, %s states %s; fetch the bundle again"
              .formatted(path, actual, where, stated));
    }
  }

  /** The list of digests of a bundle's files. */
  static byte[] list(Map<String, byte[]> files) {
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(files)
        .forEach((path, bytes) ->
            lines.append(Digests.sha256(bytes)).append("  ").append(path).append('\n'));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
