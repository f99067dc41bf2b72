package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("st")
class CogWriterST {
  @TempDir Path folder;

  @Test
  void givenDiskThatTakesNoMore_whenWriting_thenTypedFailureAndNothingIsLeft() throws Exception {
    // given: a process whose files may not grow beyond two megabytes; the rows alone are four
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh on this machine");
    List<String> limited = new ArrayList<>(List.of("/bin/sh", "-c"));
    limited.add("ulimit -f 4096; exec \"$0\" \"$@\"");
    String file = folder.resolve("scores.tif").toString();
    limited.addAll(Child.command(List.of(), Writing.class, file));

    // when
    String said = Child.run(limited);

    // then
    assertThat(said).contains("STORAGE_UNAVAILABLE: cannot write to " + folder);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  /** Writes what does not compress. */
  static final class Writing {
    public static void main(String[] arguments) {
      Grid grid = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 1500, 1500);
      short[] noise = new short[1500 * 1500];
      Random random = new Random(1);
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (short) random.nextInt();
      }
      try {
        Made.shorts(Path.of(arguments[0]), grid, noise);
      } catch (LandshiftException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
