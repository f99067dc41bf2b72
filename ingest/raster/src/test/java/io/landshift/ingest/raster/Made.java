package io.landshift.ingest.raster;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.nio.file.Path;

/** Rasters made for a test. */
final class Made {
  private Made() {}

  static Grid grid(String crs, double x, double y, double size, int width, int height) {
    return new Grid("LOCAL", crs, x, y, size, width, height);
  }

  static PixelWindow all(Grid grid) {
    return new PixelWindow(0, 0, grid.getWidth(), grid.getHeight());
  }

  /** A grid of 10 m in another CRS, with the same centre. */
  static Grid around(Grid source, String crs, int side) {
    double half = source.getWidth() * source.getPixelSize() / 2;
    double[] x = {source.getOriginX() + half};
    double[] y = {source.getOriginY() - half};
    try (Crs.Transform transform = Crs.Transform.between(source.getCrs(), crs)) {
      transform.apply(x, y);
    }
    return grid(crs, x[0] - side * 5.0, y[0] + side * 5.0, 10, side, side);
  }

  static String floats(Path file, Grid grid, float[] numbers) {
    CogWriter.write(
        file,
        grid,
        all(grid),
        CogLayout.of(RasterType.FLOAT32, "number").withNodata(Double.NaN),
        RowSource.ofFloats(grid.getWidth(), numbers));
    return file.toString();
  }

  static String shorts(Path file, Grid grid, short[] numbers) {
    CogWriter.write(
        file,
        grid,
        all(grid),
        CogLayout.of(RasterType.UINT16, "number").withNodata(0),
        RowSource.ofShorts(grid.getWidth(), numbers));
    return file.toString();
  }

  static float[] read(RasterBand band, Grid grid, PixelWindow window, Resampling resampling) {
    float[] into = new float[window.getWidth() * window.getHeight()];
    try (GridBand reader =
        GridBand.open(band, grid, resampling, RasterRules.anywhere(), new DecodeCounter())) {
      reader.read(window, into);
    }
    return into;
  }

  static float[] read(String href, Grid grid, Resampling resampling) {
    return read(RasterBand.of(href, 1), grid, all(grid), resampling);
  }
}
