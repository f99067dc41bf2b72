package io.landshift.ops.cli;

import io.landshift.detection.MaskModel;
import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.ModelKey;
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
   * @param key whose signature it must have; null asks for none
   * @return null where nothing was
   * @throws io.landshift.schemas.LandshiftException MODEL_SIGNATURE_INVALID, MODEL_INVALID, ...
   */
  @Nullable MaskModel model(@Nullable ModelKey key) {
    if (path == null) {
      return null;
    }
    return new MaskModel(
        path.toAbsolutePath().toString(), MaskBundle.load(path, null, key).digest());
  }
}
