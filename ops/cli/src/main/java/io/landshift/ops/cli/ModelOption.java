package io.landshift.ops.cli;

import io.landshift.detection.DetectionSettings;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.ModelKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The option that names the model bundle. */
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "BUNDLE",
      description = "Folder or zip of the model bundle; default: the spectral baseline.")
  private @Nullable Path path;

  @Mixin private ModelKeyOption key;

  /**
   * The bundle that was named, or else the one that is built in.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_SIGNATURE_INVALID, MODEL_INVALID, ...
   */
  Bundle bundle() {
    return path == null
        ? Bundles.spectralBaseline()
        : Bundle.load(path, null, BundleLimits.DEFAULT, key.key());
  }

  /** The key whose signature bundles must have; null where none was named. */
  @Nullable ModelKey key() {
    return key.key();
  }

  /** Settings with it, and with the key. */
  DetectionSettings in(DetectionSettings settings, Bundle bundle) {
    String href = href();
    DetectionSettings chosen = href == null ? settings : settings.withModel(href, bundle.digest());
    return chosen.withModelKey(key.key());
  }

  /** Where it lies; null for the one that is built in. */
  @Nullable String href() {
    return path == null ? null : path.toAbsolutePath().toString();
  }
}
