package io.landshift.model.bundle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** SHA-256 digests of files and of whole bundles, as lower-case hexadecimal. */
public final class Digests {
  private Digests() {}

  /** SHA-256 of the bytes. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(messageDigest().digest(bytes));
  }

  /**
   * The digest of a bundle: SHA-256 over one line {@code <sha256 of the file> <path>\n} per file,
   * sorted by path (by UTF-16 unit). In a bundle's folder the same number comes from {@code find .
   * -type f ! -path ./SHA256SUMS.sig -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum}.
   *
   * @param files content by path
   */
  public static String ofBundle(Map<String, byte[]> files) {
    return sha256(BundleChecks.list(files));
  }

  private static MessageDigest messageDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
