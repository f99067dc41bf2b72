package io.landshift.model.bundle;

import java.io.Serializable;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.util.Base64;

/**
 * The public key (Ed25519) whose {@link BundleSignature} bundles must have.
 *
 * <p>It is the key itself and not its file: it travels to workers, and a file that is replaced
 * meanwhile changes nothing. Immutable; safe for use by threads.
 *
 * @param encoded X.509 SubjectPublicKeyInfo, DER, in base64
 */
public record ModelKey(String encoded) implements Serializable {

  /**
   * @throws io.landshift.schemas.LandshiftException MODEL_SIGNATURE_INVALID if it is no Ed25519 key
   */
  public ModelKey {
    key(encoded);
  }

  /**
   * Reads a key.
   *
   * @param pem as {@code openssl pkey -pubout} writes it
   * @throws io.landshift.schemas.LandshiftException MODEL_SIGNATURE_INVALID, ASSET_MISSING,
   *     LIMIT_EXCEEDED or STORAGE_UNAVAILABLE
   */
  public static ModelKey read(Path pem) {
    return new ModelKey(Base64.getEncoder().encodeToString(PemFile.publicKey(pem).getEncoded()));
  }

  /** SHA-256 of the key's DER, hexadecimal: names a key to people. */
  public String fingerprint() {
    return Digests.sha256(Base64.getDecoder().decode(encoded));
  }

  /** Whether the owner of the key signed these bytes. */
  boolean verifies(byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(PemFile.ALGORITHM);
      verifier.initVerify(key(encoded));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      // Of another length, or with numbers out of their range.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key was checked when it was read", e);
    }
  }

  private static PublicKey key(String encoded) {
    try {
      PublicKey key = PemFile.publicKey(Base64.getDecoder().decode(encoded));
      // A number that is no point of the curve is found out only here.
      Signature.getInstance(PemFile.ALGORITHM).initVerify(key);
      return key;
    } catch (IllegalArgumentException | InvalidKeySpecException e) {
      throw Invalid.signature("the model key is no Ed25519 public key");
    } catch (GeneralSecurityException e) {
      throw Invalid.signature("the model key is no point of the curve Ed25519");
    }
  }
}
