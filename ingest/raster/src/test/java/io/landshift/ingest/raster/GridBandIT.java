package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class GridBandIT {
  private static final int SIDE = 3072;
  private static final int CHUNK = 1024;

  @TempDir Path folder;

  @Test
  void givenMosaicReadInChunks_whenRowByRow_thenEachBlockIsDecodedOnce() {
    // given
    Grid grid = new Grid("LOCAL", "EPSG:32633", 499_980.0, 5_100_000.0, 10.0, SIDE, SIDE);
    Path fine = mosaic("fine.tif", grid);
    Grid half = new Grid("LOCAL", "EPSG:32633", 499_960.0, 5_100_020.0, 20.0, 1540, 1540);
    Path coarse = mosaic("coarse.tif", half);
    DecodeCounter counter = new DecodeCounter();

    // when
    readInChunks(fine, grid, counter);
    readInChunks(coarse, grid, counter);

    // then
    assertThat(counter.byRaster().get(fine + "#1")).isEqualTo(new DecodeCounter.Count(36, 36));
    assertThat(counter.byRaster().get(coarse + "#1")).isEqualTo(new DecodeCounter.Count(16, 16));
    assertThat(counter.decoded()).isEqualTo(52);
    assertThat(counter.distinct()).isEqualTo(52);
  }

  private Path mosaic(String name, Grid grid) {
    Path file = folder.resolve(name);
    short[] numbers = new short[grid.getWidth() * grid.getHeight()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (short) (i % 3000);
    }
    CogWriter.write(
        file,
        grid,
        new PixelWindow(0, 0, grid.getWidth(), grid.getHeight()),
        CogLayout.of(RasterType.UINT16, "B04"),
        RowSource.ofShorts(grid.getWidth(), numbers));
    return file;
  }

  private static void readInChunks(Path file, Grid grid, DecodeCounter counter) {
    float[] into = new float[CHUNK * CHUNK];
    try (GridBand band =
        GridBand.open(
            file.toString(), 1, grid, Resampling.BILINEAR, RasterRules.anywhere(), counter)) {
      for (int y = 0; y < SIDE; y += CHUNK) {
        for (int x = 0; x < SIDE; x += CHUNK) {
          band.read(new PixelWindow(x, y, CHUNK, CHUNK), into);
        }
      }
    }
  }
}
