package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gdal.gdal.Band;
import org.gdal.gdal.ColorTable;
import org.gdal.gdal.Dataset;
import org.gdal.gdal.gdal;
import org.jspecify.annotations.Nullable;

/**
 * Writes Cloud Optimized GeoTIFFs: tiles of 512 x 512 pixels (one of at least 128 x 128 where the
 * raster fits it), DEFLATE, overviews. Equal numbers give equal bytes. The file appears whole or
 * not at all: it is made in a temporary folder beside its place, forced to the disk and renamed.
 * Thread-safe, apart from the source that the caller brings.
 */
public final class CogWriter {
  /** Measured best for windows of 256 pixels; 1024 makes them twice as slow. */
  private static final int BLOCK = 512;

  /** Sides of tiles: the format's step, and the COG driver's least. */
  private static final int BLOCK_STEP = 16;

  private static final int SMALLEST_BLOCK = 128;

  private static final long NEARLY_FULL = 16L << 20;

  private CogWriter() {}

  /**
   * Writes the numbers of a window of a grid.
   *
   * @param file is replaced if it exists; its folder is made if it does not
   * @param window within the grid; the file covers it exactly
   * @throws LandshiftException STORAGE_FULL or STORAGE_UNAVAILABLE; nothing is left behind then
   */
  public static void write(
      Path file, Grid grid, PixelWindow window, CogLayout layout, RowSource source) {
    Windows.requireInside(window, grid);
    Path target = file.toAbsolutePath().normalize();
    Path folder = target.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("not a file: " + file);
    }
    try {
      Files.createDirectories(folder);
      requireSpace(folder, window, layout);
      Path temporary = Files.createTempDirectory(folder, "." + target.getFileName() + "-");
      try {
        Path finished = temporary.resolve("finished.tif");
        make(temporary, finished, grid, window, layout, source);
        force(finished);
        Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
        force(folder);
      } finally {
        delete(temporary);
      }
    } catch (IOException e) {
      throw storage(folder, e.toString(), e);
    } catch (UncheckedIOException e) {
      throw storage(folder, String.valueOf(e.getCause()), e);
    }
  }

  /** Three steps: the rows, their overviews, and the COG driver, which copies both in its order. */
  private static void make(
      Path folder,
      Path finished,
      Grid grid,
      PixelWindow window,
      CogLayout layout,
      RowSource source) {
    Path rows = folder.resolve("rows.tif");
    int block = block(window);
    try (Gdal.Session session = Gdal.enter()) {
      Dataset raw =
          gdal.GetDriverByName("GTiff")
              .Create(
                  rows.toString(),
                  window.getWidth(),
                  window.getHeight(),
                  layout.bandNames().size(),
                  layout.type().gdal(),
                  new String[] {
                    "TILED=YES",
                    "BLOCKXSIZE=" + block,
                    "BLOCKYSIZE=" + block,
                    "INTERLEAVE=BAND",
                    "BIGTIFF=IF_SAFER"
                  });
      require(raw != null, folder, session);
      try {
        describe(raw, grid, window, layout);
        fill(raw, folder, window, layout, source, session);
        int built = raw.BuildOverviews(layout.overviews().name(), factors(window, block));
        require(built == 0, folder, session);
        raw.FlushCache();
        require(!session.failed(), folder, session);
        Dataset copy =
            gdal.GetDriverByName("COG")
                .CreateCopy(finished.toString(), raw, options(layout, block));
        require(copy != null, folder, session);
        copy.delete();
        require(!session.failed(), folder, session);
      } finally {
        raw.delete();
      }
    }
  }

  /**
   * How much smaller each overview is, until one tile holds the last.
   *
   * <p>The COG driver would make the same, but compresses and reads again what it makes each from:
   * a third of all the processor time of a map (measured).
   */
  private static int[] factors(PixelWindow window, int block) {
    int side = Math.max(window.getWidth(), window.getHeight());
    int tiles = Math.ceilDiv(side, block);
    int count = Integer.SIZE - Integer.numberOfLeadingZeros(tiles - 1);
    return IntStream.rangeClosed(1, count).map(level -> 1 << level).toArray();
  }

  /** A small raster is one tile that is no larger than it must be: padding is compressed, too. */
  private static int block(PixelWindow window) {
    int side = Math.max(window.getWidth(), window.getHeight());
    return Math.clamp(Math.ceilDiv(side, BLOCK_STEP) * (long) BLOCK_STEP, SMALLEST_BLOCK, BLOCK);
  }

  private static void fill(
      Dataset raw,
      Path folder,
      PixelWindow window,
      CogLayout layout,
      RowSource source,
      Gdal.Session session) {
    int width = window.getWidth();
    int rowBytes = Math.multiplyExact(width, layout.type().bytes());
    int most = Math.min(BLOCK, window.getHeight());
    byte[] numbers = new byte[Math.multiplyExact(rowBytes, most)];
    for (int y = 0; y < window.getHeight(); y += BLOCK) {
      int height = Math.min(BLOCK, window.getHeight() - y);
      for (int band = 1; band <= layout.bandNames().size(); band++) {
        ByteBuffer stretch = ByteBuffer.wrap(numbers, 0, rowBytes * height);
        source.rows(band, y, height, stretch.order(ByteOrder.nativeOrder()));
        // The source may itself have read rasters on this thread.
        session.reset();
        int type = layout.type().gdal();
        int status =
            raw.GetRasterBand(band).WriteRaster(0, y, width, height, width, height, type, numbers);
        require(status == 0 && !session.failed(), folder, session);
      }
    }
  }

  private static void describe(Dataset raw, Grid grid, PixelWindow window, CogLayout layout) {
    double size = grid.getPixelSize();
    raw.SetGeoTransform(
        new double[] {
          grid.getOriginX() + window.getX() * size,
          size,
          0,
          grid.getOriginY() - window.getY() * size,
          0,
          -size
        });
    if (!grid.getCrs().isEmpty()) {
      try (Crs crs = Crs.of(grid.getCrs())) {
        raw.SetProjection(crs.wkt());
      }
    }
    for (Map.Entry<String, String> tag : new TreeMap<>(layout.tags()).entrySet()) {
      raw.SetMetadataItem(tag.getKey(), tag.getValue());
    }
    for (int i = 0; i < layout.bandNames().size(); i++) {
      describe(raw.GetRasterBand(i + 1), layout.bandNames().get(i), layout);
    }
  }

  private static void describe(Band band, String name, CogLayout layout) {
    band.SetDescription(name);
    if (layout.nodata() != null) {
      band.SetNoDataValue(layout.nodata());
    }
    if (layout.scale() != 1 || layout.offset() != 0) {
      band.SetScale(layout.scale());
      band.SetOffset(layout.offset());
    }
    List<Colour> colours = layout.colours();
    if (colours != null) {
      ColorTable table = new ColorTable();
      for (int i = 0; i < colours.size(); i++) {
        Colour colour = colours.get(i);
        table.SetColorEntry(
            i, new Color(colour.red(), colour.green(), colour.blue(), colour.opacity()));
      }
      band.SetRasterColorTable(table);
      table.delete();
    }
  }

  private static String[] options(CogLayout layout, int block) {
    // Differences of neighbours compress what is smooth, and spoil what is made of classes.
    boolean smooth = layout.type().isFloat() || layout.overviews() == Overviews.AVERAGE;
    return new String[] {
      "BLOCKSIZE=" + block,
      "COMPRESS=DEFLATE",
      // Half the time of GDAL's own level, for up to a fifth more bytes (measured on whole tiles).
      "LEVEL=1",
      "PREDICTOR=" + (smooth ? "YES" : "NO"),
      "BIGTIFF=IF_SAFER"
    };
  }

  /** The rows and overviews, uncompressed, and the finished file lie side by side for a moment. */
  private static void requireSpace(Path folder, PixelWindow window, CogLayout layout)
      throws IOException {
    long pixels = (long) window.getWidth() * window.getHeight();
    long bytes = pixels * layout.bandNames().size() * layout.type().bytes();
    long needed = 2 * (bytes + bytes / 3);
    long usable = Files.getFileStore(folder).getUsableSpace();
    if (usable < needed) {
      throw new LandshiftException(
          FailureReason.STORAGE_FULL,
          "%d bytes are free in %s, %d are needed: make room".formatted(usable, folder, needed));
    }
  }

  private static void require(boolean succeeded, Path folder, Gdal.Session session) {
    if (!succeeded) {
      throw storage(folder, session.error(), null);
    }
  }

  private static LandshiftException storage(
      Path folder, String message, @Nullable Throwable cause) {
    boolean full = message.contains("No space left") || isFull(folder);
    return full
        ? new LandshiftException(
            FailureReason.STORAGE_FULL,
            "the disk of " + folder + " is full: make room (" + message + ")",
            cause)
        : new LandshiftException(
            FailureReason.STORAGE_UNAVAILABLE,
            "cannot write to " + folder + ": check the folder (" + message + ")",
            cause);
  }

  /** GDAL does not tell why a write failed; the last block that did not fit may still be free. */
  private static boolean isFull(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace() < NEARLY_FULL;
    } catch (IOException e) {
      return false;
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
