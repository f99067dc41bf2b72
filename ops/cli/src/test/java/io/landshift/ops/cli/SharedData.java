package io.landshift.ops.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The shared data sets, which lie outside of the project; tests without them are skipped. */
final class SharedData {
  private SharedData() {}

  /** A file or folder of the data, or of what lies beside it, such as {@code ../golden}. */
  static Path require(String relative) {
    String folder = System.getProperty("landshift.data", "");
    assumeTrue(!folder.isEmpty() && !folder.startsWith("${"), "no landshift.data");
    Path path = Path.of(folder).resolve(relative).normalize();
    assumeTrue(Files.exists(path), path + " is not there");
    return path;
  }
}
