package io.landshift.model.bundle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Reads Ed25519 keys in PEM. Nothing that is in a file gets into a message or a cause. */
final class PemFile {
  static final String ALGORITHM = "Ed25519";

  /** Room for keys of other kinds, which are then refused for what they are. */
  private static final int MAX_BYTES = 1 << 14;

  private PemFile() {}

  /**
   * A public key, X.509 SubjectPublicKeyInfo.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_SIGNATURE_INVALID, ASSET_MISSING,
   *     LIMIT_EXCEEDED or STORAGE_UNAVAILABLE
   */
  static PublicKey publicKey(Path file) {
    try {
      return publicKey(der(file, "PUBLIC KEY"));
    } catch (IllegalArgumentException | InvalidKeySpecException e) {
      throw Invalid.signature(
          file
              + " is no Ed25519 public key in PEM, as `openssl pkey -in PRIVATE.pem -pubout` writes it");
    }
  }

  /** A public key from its DER. */
  static PublicKey publicKey(byte[] der) throws InvalidKeySpecException {
    return factory().generatePublic(new X509EncodedKeySpec(der));
  }

  /**
   * A private key, PKCS#8 without encryption.
   *
   * @throws io.landshift.schemas.LandshiftException as {@link #publicKey(Path)}
   */
  static PrivateKey privateKey(Path file) {
    try {
      return factory().generatePrivate(new PKCS8EncodedKeySpec(der(file, "PRIVATE KEY")));
    } catch (IllegalArgumentException | InvalidKeySpecException e) {
      throw Invalid.signature(
          file
              + " is no Ed25519 private key in PEM without a passphrase, as `openssl genpkey -algorithm ed25519` writes it");
    }
  }

  private static byte[] der(Path file, String label) {
    String text = new String(BundleFiles.one(file, MAX_BYTES), StandardCharsets.ISO_8859_1).strip();
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    if (!text.startsWith(begin)
        || !text.endsWith(end)
        || text.length() < begin.length() + end.length()) {
      throw new IllegalArgumentException("another kind of file");
    }
    String base64 = text.substring(begin.length(), text.length() - end.length());
    return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
  }

  private static KeyFactory factory() {
    try {
      return KeyFactory.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
    }
  }
}
