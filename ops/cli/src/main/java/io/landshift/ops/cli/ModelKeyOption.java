package io.landshift.ops.cli;

import io.landshift.model.bundle.ModelKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the key whose signature bundles must have. */
final class ModelKeyOption {
  @Option(
      names = "--model-key",
      paramLabel = "PUBLIC.pem",
      description =
          "Take only bundles that this key (Ed25519, PEM) has signed, those of later releases among"
              + " them; the spectral baseline needs no signature. See `landshift models sign`.")
  private @Nullable Path path;

  /**
   * The key that was named.
   *
   * @return null where none was
   * @throws io.landshift.schemas.LandshiftException MODEL_SIGNATURE_INVALID, ASSET_MISSING, ...
   */
  @Nullable ModelKey key() {
    return path == null ? null : ModelKey.read(path);
  }
}
