package io.landshift.ops.local;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;

/**
 * Where the log goes. Without a word it goes nowhere, apart from Landshift's own warnings, which
 * are written to standard error.
 *
 * <p>The log is one per process, as the libraries have it; call this at the start of a command.
 */
public final class Logging {
  private static final String FILE_PROPERTY = "landshift.log.file";

  private Logging() {}

  /**
   * Sends the log of the whole process to a file from now on; it is rolled over at 20 MB, three
   * older files are kept.
   *
   * @param file the file; its folder is made where it is missing
   * @throws LandshiftException STORAGE_UNAVAILABLE where the file cannot be written
   */
  public static void toFile(Path file) {
    Path absolute = file.toAbsolutePath();
    try {
      Files.createDirectories(absolute.getParent());
      if (!Files.exists(absolute)) {
        Files.createFile(absolute);
      }
    } catch (IOException e) {
      throw unavailable(absolute, e);
    }
    if (!Files.isWritable(absolute)) {
      throw unavailable(absolute, null);
    }
    System.setProperty(FILE_PROPERTY, absolute.toString());
    Configurator.reconfigure();
  }

  /**
   * Writes out what is buffered and closes the file. To be called last; nothing is logged after it.
   */
  public static void close() {
    System.clearProperty(FILE_PROPERTY);
    LogManager.shutdown();
  }

  private static LandshiftException unavailable(Path file, @Nullable IOException cause) {
    return new LandshiftException(
        FailureReason.STORAGE_UNAVAILABLE,
        "the log cannot be written to "
            + file
            + ": choose another data folder, or make it writable",
        cause);
  }
}
