package io.landshift.model.bundle;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The detached signature of a bundle: Ed25519 (RFC 8032), 64 raw bytes in {@link #FILE}.
 *
 * <p>What is signed is the list of the SHA-256 digests of all other files, as {@code SHA256SUMS}
 * has it where a bundle has one, and worked out anew from the files at every check. The signature
 * is not part of the bundle's digest, so a bundle can be signed after its release was written. In a
 * bundle with {@code SHA256SUMS}, {@code openssl pkeyutl -verify -pubin -inkey PUBLIC.pem -rawin
 * -in SHA256SUMS -sigfile SHA256SUMS.sig} checks the same.
 *
 * <p>It says who vouches for the files; not which of two signed bundles is the newer one.
 */
public final class BundleSignature {
  /** The signature's file, at the bundle's root. */
  public static final String FILE = BundleChecks.CHECKSUMS + ".sig";

  /** More than any signature has, so that those of other kinds are refused for what they are. */
  static final int MAX_BYTES = 1024;

  private static final int BYTES = 64;

  private BundleSignature() {}

  /**
   * Checks a bundle and writes its signature beside its files, in place of an earlier one.
   *
   * @param folder the bundle; a zip is made of the folder afterwards
   * @param privateKey PKCS#8 in PEM, as {@code openssl genpkey -algorithm ed25519} writes it
   * @return the bundle's digest, which is what it was before
   * @throws LandshiftException MODEL_SIGNATURE_INVALID if the key is none; what {@link Bundle#load}
   *     throws of a bundle that is broken
   */
  public static String sign(Path folder, Path privateKey) {
    if (Files.isRegularFile(folder)) {
      throw Invalid.model(
          folder + " is no folder: sign the bundle's folder, then make a zip of it");
    }
    PrivateKey key = PemFile.privateKey(privateKey);
    Map<String, byte[]> files = BundleFiles.read(folder, BundleLimits.DEFAULT, null);
    String digest =
        MaskBundle.alone(files)
            .map(MaskBundle::digest)
            .orElseGet(() -> Bundle.of(files, null, BundleLimits.DEFAULT).digest());
    try {
      Files.write(folder.resolve(FILE), sign(message(folder, files), key));
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "cannot write " + folder.resolve(FILE), e);
    }
    return digest;
  }

  /** The signature of some bytes; the same each time. */
  static byte[] sign(byte[] message, PrivateKey key) {
    try {
      Signature signer = Signature.getInstance(PemFile.ALGORITHM);
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key was checked when it was read", e);
    }
  }

  /**
   * Refuses files that the owner of the key has not signed.
   *
   * @param bundle where they lie, for messages
   * @param files content by path, without the signature
   * @param signature content of {@link #FILE}, or null where there is none
   * @throws LandshiftException MODEL_SIGNATURE_INVALID
   */
  static void require(
      Path bundle, Map<String, byte[]> files, byte @Nullable [] signature, ModelKey key) {
    if (signature == null) {
      throw Invalid.signature(
          "%s has no %s, which the configured key %s asks for; have it signed (landshift models sign)"
              .formatted(bundle, FILE, key.fingerprint()));
    }
    if (signature.length != BYTES) {
      throw Invalid.signature(
          "%s of %s has %d bytes, a signature has %d; have the bundle signed again (landshift models sign)"
              .formatted(FILE, bundle, signature.length, BYTES));
    }
    if (!key.verifies(message(bundle, files), signature)) {
      throw Invalid.signature(
          "%s of %s is not of the key %s and these files: another key signed it, or a file was changed since; fetch the bundle again, or have it signed (landshift models sign)"
              .formatted(FILE, bundle, key.fingerprint()));
    }
  }

  private static byte[] message(Path bundle, Map<String, byte[]> files) {
    Map<String, byte[]> listed = new TreeMap<>(files);
    byte[] stated = listed.remove(BundleChecks.CHECKSUMS);
    byte[] list = BundleChecks.list(listed);
    if (stated != null && !Arrays.equals(stated, list)) {
      throw Invalid.signature(
          "%s of %s is not the list of its files that is signed: remove it, or make it anew"
              .formatted(BundleChecks.CHECKSUMS, bundle));
    }
    return list;
  }
}
