package io.landshift.ops.local;

import io.landshift.model.bundle.BundleSignature;
import io.landshift.model.bundle.ModelKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Somebody with a key of their own, who signs bundles. */
record TestSigner(ModelKey key, Path privatePem) {
  /**
   * Makes one.
   *
   * @param privatePem where the private key is written
   */
  static TestSigner make(Path privatePem) throws IOException, NoSuchAlgorithmException {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Base64.Encoder base64 = Base64.getEncoder();
    Files.writeString(
        privatePem,
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(base64.encodeToString(keys.getPrivate().getEncoded())));
    return new TestSigner(
        new ModelKey(base64.encodeToString(keys.getPublic().getEncoded())), privatePem);
  }

  /**
   * Signs a bundle where it lies.
   *
   * @return its digest
   */
  String sign(Path bundle) {
    return BundleSignature.sign(bundle, privatePem);
  }
}
