package io.landshift.training.runs;

import io.landshift.training.torch.Checkpoints;
import io.landshift.training.torch.TrainingException;
import io.landshift.training.torch.TrainingException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a run lies: its configuration, and a folder for each stage. A run that was broken off goes
 * on here; a run of another configuration is refused.
 */
record RunFolder(Path path) {
  private static final String CONFIG = "config.yaml";
  private static final String WEIGHTS = "weights.safetensors";

  /**
   * Opens or makes it.
   *
   * @throws TrainingException OTHER_RUN
   */
  static RunFolder open(Path path, RunConfig config) {
    try {
      Files.createDirectories(path);
      Path known = path.resolve(CONFIG);
      if (!Files.exists(known)) {
        Files.writeString(known, config.text());
      } else if (!RunConfig.read(known).alone().equals(config.alone())) {
        throw new TrainingException(
            Reason.OTHER_RUN,
            path + " holds a run of another configuration: name another folder with --out");
      }
      return new RunFolder(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Checkpoints checkpoints(String stage, long every) {
    return new Checkpoints(path.resolve(stage).resolve("checkpoints"), every);
  }

  Path weights(String stage) {
    return path.resolve(stage).resolve(WEIGHTS);
  }

  Path stage(String stage) {
    try {
      return Files.createDirectories(path.resolve(stage));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
