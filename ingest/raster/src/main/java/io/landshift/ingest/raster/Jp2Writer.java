package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gdal.gdal.Dataset;
import org.gdal.gdal.gdal;

/**
 * Writes lossless JPEG 2000 as the ground segment of Sentinel-2 does. For products that
 * measurements and tests are made of; Landshift's own maps are COGs. Thread-safe, apart from the
 * source that the caller brings.
 *
 * <p>Tiles are 1024 x 1024 in bands of 10 m, 640 x 640 of 20 m and 192 x 192 of 60 m. The rest is
 * what the header of a real band says (B01 of an L1C product of 2018): reversible wavelet, five
 * resolutions, precincts of 64 x 64 and code blocks of 4 x 4, which take three to four times as
 * long to decode as the 64 x 64 that an encoder takes by itself.
 */
public final class Jp2Writer {
  private static final int ROWS_AT_ONCE = 1024;

  private Jp2Writer() {}

  /**
   * Writes the whole of a grid as one band.
   *
   * @param file is replaced if it exists; its folder is made if it does not
   * @param type UINT8 or UINT16
   * @throws LandshiftException STORAGE_UNAVAILABLE where it cannot be written
   */
  public static void write(Path file, Grid grid, RasterType type, RowSource source) {
    try (Gdal.Session session = Gdal.enter()) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Dataset raw =
          gdal.GetDriverByName("MEM")
              .Create("", grid.getWidth(), grid.getHeight(), 1, type.gdal(), new String[0]);
      try {
        place(raw, grid);
        fill(raw, grid, type, source);
        Dataset copy =
            gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(file.toString(), raw, options(grid));
        if (copy == null) {
          throw failure(file, session.error(), null);
        }
        copy.delete();
      } finally {
        raw.delete();
      }
    } catch (IOException e) {
      throw failure(file, e.toString(), e);
    }
  }

  private static void place(Dataset raw, Grid grid) {
    double size = grid.getPixelSize();
    raw.SetGeoTransform(new double[] {grid.getOriginX(), size, 0, grid.getOriginY(), 0, -size});
    try (Crs crs = Crs.of(grid.getCrs())) {
      raw.SetProjection(crs.wkt());
    }
  }

  private static void fill(Dataset raw, Grid grid, RasterType type, RowSource source) {
    int width = grid.getWidth();
    byte[] numbers = new byte[Math.multiplyExact(width * type.bytes(), ROWS_AT_ONCE)];
    PixelWindow all = new PixelWindow(0, 0, width, grid.getHeight());
    for (int y = 0; y < all.getHeight(); y += ROWS_AT_ONCE) {
      int height = Math.min(ROWS_AT_ONCE, all.getHeight() - y);
      ByteBuffer rows = ByteBuffer.wrap(numbers, 0, width * type.bytes() * height);
      source.rows(1, y, height, rows.order(ByteOrder.nativeOrder()));
      raw.GetRasterBand(1).WriteRaster(0, y, width, height, width, height, type.gdal(), numbers);
    }
  }

  private static String[] options(Grid grid) {
    int tile = grid.getPixelSize() <= 10 ? 1024 : grid.getPixelSize() <= 20 ? 640 : 192;
    return new String[] {
      "REVERSIBLE=YES",
      "QUALITY=100",
      "RESOLUTIONS=5",
      "BLOCKXSIZE=" + tile,
      "BLOCKYSIZE=" + tile,
      "CODEBLOCK_WIDTH=4",
      "CODEBLOCK_HEIGHT=4",
      "PRECINCTS={64,64},{64,64},{64,64},{64,64},{64,64}",
      "PLT=YES",
      "CODEC=JP2"
    };
  }

  private static LandshiftException failure(
      Path file, String message, @org.jspecify.annotations.Nullable Throwable cause) {
    return new LandshiftException(
        FailureReason.STORAGE_UNAVAILABLE, "cannot write " + file + " (" + message + ")", cause);
  }
}
