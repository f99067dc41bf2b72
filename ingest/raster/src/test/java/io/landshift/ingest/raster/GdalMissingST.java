package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.LandshiftException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("st")
class GdalMissingST {
  @TempDir Path folder;

  @Test
  void givenNoNatives_whenGdalIsUsed_thenEveryUseSaysWhatToDo() throws Exception {
    // given
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.library.path=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Asking.class.getName());

    // when
    Process process = java.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    // then
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines().filter(line -> line.startsWith("INTERNAL: ")).toList())
        .hasSize(2)
        .allMatch(line -> line.contains("run ./landshift setup"));
  }

  /** Asks twice: the second failure must be as clear as the first. */
  static final class Asking {
    public static void main(String[] arguments) {
      for (int i = 0; i < 2; i++) {
        try (Crs crs = Crs.of(Crs.WGS84)) {
          throw new IllegalStateException("GDAL is there: " + crs);
        } catch (LandshiftException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }
}
