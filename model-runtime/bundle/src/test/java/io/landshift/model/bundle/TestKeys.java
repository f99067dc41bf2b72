package io.landshift.model.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keys of the test vectors of RFC 8032, section 7.1, in PEM as OpenSSL writes them. */
enum TestKeys {
  /** TEST 1. */
  OURS(
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
      "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="),
  /** TEST 3. */
  OTHERS(
      "MC4CAQAwBQYDK2VwBCIEIMWqjfQ/n4N77bdELzHct7Fm04U1B28JS4XOOi4LRFj3",
      "MCowBQYDK2VwAyEA/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=");

  final String privateBase64;
  final String publicBase64;

  TestKeys(String privateBase64, String publicBase64) {
    this.privateBase64 = privateBase64;
    this.publicBase64 = publicBase64;
  }

  /** The public key. */
  ModelKey key() {
    return new ModelKey(publicBase64);
  }

  /** Writes the private key into a folder. */
  Path privatePem(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve(name() + "-private.pem"), pem("PRIVATE KEY", privateBase64));
  }

  /** Writes the public key into a folder. */
  Path publicPem(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve(name() + "-public.pem"), pem("PUBLIC KEY", publicBase64));
  }

  static String pem(String label, String base64) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label);
  }
}
