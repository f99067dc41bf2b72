package io.landshift.ingest.catalog;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real data beside the project, named by the system property `landshift.data`. */
final class SharedData {
  private SharedData() {}

  /** A file or folder of it; the test is visibly skipped where it is not there. */
  static Path path(String relative) {
    String root = System.getProperty("landshift.data", "");
    assumeTrue(!root.isBlank() && !root.contains("${"), "no shared data: set landshift.data");
    Path path = Path.of(root).resolve(relative);
    assumeTrue(Files.exists(path), path + " is not there");
    return path;
  }
}
