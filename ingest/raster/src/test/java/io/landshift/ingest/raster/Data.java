package io.landshift.ingest.raster;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the shared data; a test that needs what is not there is skipped, and says so. */
final class Data {
  private Data() {}

  static Path of(String path) {
    String root = System.getProperty("landshift.data", "");
    Assumptions.assumeTrue(
        !root.isBlank() && !root.contains("${"), "no shared data: set -Dlandshift.data=FOLDER");
    Path file = Path.of(root).resolve(path);
    Assumptions.assumeTrue(Files.exists(file), "not in the shared data: " + path);
    return file.toAbsolutePath().normalize();
  }

  static String romania(String entry) {
    return "zip:" + of("demo/romania_s2_2015_2021/romania-forest-s2-l2a.zip") + "!/" + entry;
  }
}
