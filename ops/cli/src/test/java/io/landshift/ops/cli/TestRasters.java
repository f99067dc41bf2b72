package io.landshift.ops.cli;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.nio.file.Path;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/** Rasters that tests make of real ones, and looks at those that commands made. */
final class TestRasters {
  private TestRasters() {}

  static RasterInfo info(Path file) {
    return Rasters.inspect(file.toString(), RasterRules.anywhere());
  }

  /** One band, NaN where it has no data. */
  static float[] band(Path file, int band) {
    return Rasters.readAll(file.toString(), band, RasterRules.anywhere());
  }

  /** Cuts consecutive bands of a window out of a raster of unsigned 16 bits; 0 stays no data. */
  static Path cut(Path source, int firstBand, int bands, PixelWindow window, Grid grid, Path to) {
    RasterInfo info = info(source);
    short[][] numbers = new short[bands][window.getWidth() * window.getHeight()];
    for (int b = 0; b < bands; b++) {
      float[] all = band(source, firstBand + b);
      for (int p = 0; p < numbers[b].length; p++) {
        int x = window.getX() + p % window.getWidth();
        int y = window.getY() + p / window.getWidth();
        float number = all[y * info.width() + x];
        numbers[b][p] = (short) (Float.isNaN(number) ? 0 : (int) number);
      }
    }
    write(to, grid, window, numbers);
    return to;
  }

  /** As above, in its own place. */
  static Path cut(Path source, int firstBand, int bands, PixelWindow window, Path to) {
    return cut(source, firstBand, bands, window, Grids.gridOf(info(source)), to);
  }

  static void write(Path file, Grid grid, PixelWindow window, short[]... bands) {
    String[] names =
        IntStream.rangeClosed(1, bands.length).mapToObj(b -> "layer " + b).toArray(String[]::new);
    CogWriter.write(
        file,
        grid,
        window,
        CogLayout.of(RasterType.UINT16, names),
        RowSource.ofShorts(window.getWidth(), bands));
  }

  static long count(float[] values, DoublePredicate wanted) {
    return IntStream.range(0, values.length).filter(p -> wanted.test(values[p])).count();
  }
}
