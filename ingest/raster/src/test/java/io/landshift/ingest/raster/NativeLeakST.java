package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What native code holds is invisible to the heap: watched from the process's own accounts. In a
 * process without finalizers, because GDAL's bindings have some, which would hide what is not
 * closed for as long as a collection comes in time.
 */
@Tag("st")
class NativeLeakST {
  private static final int TIMES = 2000;

  @TempDir Path folder;

  @Test
  void givenEveryWayOfUsingRasters_whenDoneTwoThousandTimes_thenMemoryAndFilesStay()
      throws Exception {
    // given
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/fd")), "no /proc on this machine");
    List<String> options =
        List.of(
            "--finalization=disabled",
            // So that what the Java machine itself takes is there from the start.
            "-Xms128m",
            "-Xmx128m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");

    // when
    String said = Child.run(Child.command(options, Using.class, folder.toString()));

    // then: any of the natives, leaked in every round, takes 20 mebibytes or more
    String[] grown =
        said.lines().filter(line -> line.startsWith("grown ")).toList().getFirst().split(" ");
    assertThat(Long.parseLong(grown[1])).as("files").isLessThan(10);
    assertThat(Long.parseLong(grown[2])).as("kibibytes").isLessThan(4096);
  }

  /** Uses rasters in every way and says by how much the process has grown. */
  static final class Using {
    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      Grid source = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 64, 64);
      String href = Made.shorts(folder.resolve("a.tif"), source, new short[64 * 64]);
      Path broken = Files.writeString(folder.resolve("broken.tif"), "II*\0broken");
      Grid turned = Made.around(source, "EPSG:32632", 64);
      Grid elsewhere = Made.grid("EPSG:32632", 500_000, 5_000_000, 10, 64, 64);
      List<Grid> grids = List.of(source, turned, elsewhere);
      for (int i = 0; i < 1000; i++) {
        useAll(href, broken, grids);
      }
      long memory = residentBytes();
      long files = openFiles();
      for (int i = 0; i < TIMES; i++) {
        useAll(href, broken, grids);
      }
      System.out.println(
          "grown " + (openFiles() - files) + " " + (residentBytes() - memory) / 1024);
    }

    private static void useAll(String href, Path broken, List<Grid> grids) {
      float[] into = new float[64 * 64];
      DecodeCounter counter = new DecodeCounter();
      PixelWindow window = new PixelWindow(0, 0, 64, 64);
      RasterRules rules = RasterRules.anywhere();
      for (Grid grid : grids.subList(0, 2)) {
        try (GridBand band = GridBand.open(href, 1, grid, Resampling.BILINEAR, rules, counter)) {
          band.read(window, into);
        }
      }
      // What was opened before the failure must be closed, too.
      Failing.with(
          FailureReason.NO_OVERLAP,
          () -> GridBand.open(href, 1, grids.get(2), Resampling.BILINEAR, rules, counter));
      Failing.with(FailureReason.ASSET_UNREADABLE, () -> Rasters.inspect(broken.toString(), rules));
      Grid source = grids.getFirst();
      String outline = Outlines.toWgs84(source, new int[] {1}, new int[] {1}).geometry();
      Footprints.rasterise(source, window, List.of(outline));
    }

    private static long residentBytes() throws IOException {
      System.gc();
      String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
      return Long.parseLong(pages) * 4096;
    }

    private static long openFiles() throws IOException {
      try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
        return files.count();
      }
    }
  }
}
