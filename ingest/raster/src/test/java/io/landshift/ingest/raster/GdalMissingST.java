package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.LandshiftException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("st")
class GdalMissingST {
  @TempDir Path folder;

  @Test
  void givenNoNatives_whenGdalIsUsed_thenEveryUseSaysWhatToDo() throws Exception {
    // given
    List<String> options = List.of("-Djava.library.path=" + folder);

    // when
    String said = Child.run(Child.command(options, Asking.class));

    // then
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
