package io.landshift.ops.cli;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that commands use. */
final class Folders {
  private Folders() {}

  /** Where the launcher is. */
  static Path home() {
    return Path.of(System.getProperty("landshift.home", "."));
  }

  /** The demo's data, beside the launcher. */
  static Path demoData() {
    Path folder = home().resolve("ops/demo");
    if (!Files.isDirectory(folder)) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING,
          "the demo's data is not at " + folder + ": start landshift by its launcher");
    }
    return folder;
  }

  /** Deletes folders with all that is in them. */
  static void clear(Path... folders) {
    for (Path folder : folders) {
      if (!Files.exists(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : deepestFirst) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new LandshiftException(
            FailureReason.STORAGE_UNAVAILABLE, folder + " cannot be emptied: " + e, e);
      }
    }
  }
}
