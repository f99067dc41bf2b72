package io.landshift.ops.cli;

import io.landshift.detection.MaskModel;
import io.landshift.model.bundle.MaskBundle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names a second opinion on what is clear. */
final class MaskModelOption {
  @Option(
      names = "--mask-model",
      paramLabel = "BUNDLE",
      description =
          "Folder or zip of a mask head: a second opinion on clouds and shadows, which can only"
              + " take pixels away. See `landshift models import`.")
  private @Nullable Path path;

  /**
   * What was named, after its check.
   *
   * @return null where nothing was
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID, LIMIT_EXCEEDED, ...
   */
  @Nullable MaskModel model() {
    if (path == null) {
      return null;
    }
    return new MaskModel(path.toAbsolutePath().toString(), MaskBundle.load(path, null).digest());
  }
}
