package io.landshift.ops.cli;

import io.landshift.detection.DetectionSettings;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.Bundles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the model bundle. */
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "BUNDLE",
      description = "Folder or zip of the model bundle; default: the spectral baseline.")
  private @Nullable Path path;

  /**
   * The bundle that was named, or else the one that is built in.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID, LIMIT_EXCEEDED, ...
   */
  Bundle bundle() {
    return path == null ? Bundles.spectralBaseline() : Bundle.load(path);
  }

  /** Settings with it. */
  DetectionSettings in(DetectionSettings settings, Bundle bundle) {
    String href = href();
    return href == null ? settings : settings.withModel(href, bundle.digest());
  }

  /** Where it lies; null for the one that is built in. */
  @Nullable String href() {
    return path == null ? null : path.toAbsolutePath().toString();
  }
}
