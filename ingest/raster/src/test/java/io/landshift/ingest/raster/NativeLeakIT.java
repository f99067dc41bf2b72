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

/** What native code holds is invisible to the heap: watched from the process's own accounts. */
@Tag("it")
class NativeLeakIT {
  private static final int TIMES = 2000;
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path folder;

  @Test
  void givenEveryWayOfUsingRasters_whenDoneTwoThousandTimes_thenMemoryAndFilesStay()
      throws IOException {
    // given
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/fd")), "no /proc on this machine");
    Grid source = Made.grid("EPSG:32633", 500_000, 5_000_000, 10, 64, 64);
    String href = Made.shorts(folder.resolve("a.tif"), source, new short[64 * 64]);
    Path broken = Files.writeString(folder.resolve("broken.tif"), "II*\0broken");
    Grid turned = Made.around(source, "EPSG:32632", 64);
    Grid elsewhere = Made.grid("EPSG:32632", 500_000, 5_000_000, 10, 64, 64);
    for (int i = 0; i < 300; i++) {
      useAll(href, broken, List.of(source, turned, elsewhere));
    }
    long memory = residentBytes();
    long files = openFiles();

    // when
    for (int i = 0; i < TIMES; i++) {
      useAll(href, broken, List.of(source, turned, elsewhere));
    }

    // then: a leaked dataset holds about 450 kilobytes and one file
    assertThat(openFiles() - files).isLessThan(10);
    long grown = (residentBytes() - memory) / MEBIBYTE;
    assertThat(grown).as("mebibytes more").isLessThan(40);
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
