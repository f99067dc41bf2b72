package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the grid that a raster's pixels are compared on. Pure; asks GDAL for what a CRS is.
 *
 * <p>Equal grids have equal codes, however the rasters that led to them were cut: pixel sizes are
 * taken to nine digits, and a lattice's phase to a thousandth of a pixel, the same numbers standing
 * in the code and in the grid. Readers treat lattices that differ by less than that as the same.
 */
public final class Grids {
  /** Side of a fixed cell in pixels. */
  public static final int CELL = 10_240;

  /** Pixel size of the Sentinel-2 tiling, metres. */
  private static final double TILE_PIXEL = 10;

  private static final int PHASES = 1000;

  /** A raster that reaches into the next pixel by less than this does not cover it. */
  private static final double SLIVER = 2.0 / PHASES;

  private Grids() {}

  /**
   * The grid of one raster alone, code {@code LOCAL}: its own pixels where it is north-up with
   * square pixels, else square pixels of its smaller side over its bounding box.
   */
  public static Grid gridOf(RasterInfo info) {
    GeoTransform place = info.geoTransform();
    double side = pixelSize(info);
    boolean square = Math.abs(place.xPerColumn() + place.yPerRow()) < 1e-6 * side;
    if (info.isNorthUp() && square) {
      return new Grid(
          "LOCAL",
          info.crs(),
          place.x(),
          place.y(),
          place.xPerColumn(),
          info.width(),
          info.height());
    }
    Extent box = info.extent();
    int width = pixels(box.maxX() - box.minX(), side);
    int height = pixels(box.maxY() - box.minY(), side);
    return new Grid("LOCAL", info.crs(), box.minX(), box.maxY(), side, width, height);
  }

  /** The smaller side of a raster's pixels, in units of its CRS. */
  public static double pixelSize(RasterInfo info) {
    GeoTransform place = info.geoTransform();
    return Math.min(
        Math.hypot(place.xPerColumn(), place.yPerColumn()),
        Math.hypot(place.xPerRow(), place.yPerRow()));
  }

  /** The cells of a raster at its own pixel size. */
  public static List<CellWindow> cellsOf(RasterInfo info, @Nullable String mgrsCode) {
    return cellsOf(info.extent(), pixelSize(info), mgrsCode);
  }

  /**
   * The cells that an extent covers, each with the part that it covers, from north to south and
   * from west to east.
   *
   * <p>One MGRS tile, code {@code MGRS-33TWL} at 10 m and {@code MGRS-33TWL-60m} at any other pixel
   * size, where the code is given, the extent is in the tile's UTM zone, the pixel size divides the
   * tile, the pixels lie on its lattice and the extent touches it. Otherwise fixed cells of {@link
   * #CELL} pixels, code {@code EPSG3035-10m-C0051R0024-P258.421}: CRS, pixel size, column and row
   * of the cell from the CRS's origin, and the lattice's phase in thousandths of a pixel (at 10 m:
   * centimetres), which is left out where it is 0.
   *
   * @param pixelSize of the grid in units of the CRS, such as that of the finest band
   * @param mgrsCode {@code 33TWL}, {@code T33TWL}, {@code MGRS-33TWL} or null
   * @throws LandshiftException METADATA_INVALID where there is no CRS or the code is not one
   */
  public static List<CellWindow> cellsOf(
      Extent extent, double pixelSize, @Nullable String mgrsCode) {
    double size = new BigDecimal(pixelSize).round(new MathContext(9)).doubleValue();
    Lattice lattice = Lattice.of(extent, size);
    if (mgrsCode != null) {
      Mgrs tile = Mgrs.parse(mgrsCode);
      CellWindow cell = tileOf(tile, extent, size, lattice);
      if (cell != null) {
        return List.of(cell);
      }
    }
    return fixedCells(extent, lattice);
  }

  private static @Nullable CellWindow tileOf(
      Mgrs tile, Extent extent, double size, Lattice lattice) {
    double originY = tile.originY((extent.minY() + extent.maxY()) / 2 + Mgrs.SIDE / 2.0);
    int pixels = (int) Math.rint(Mgrs.SIDE / size);
    Extent whole =
        new Extent(
            tile.crs(), tile.originX(), originY - Mgrs.SIDE, tile.originX() + Mgrs.SIDE, originY);
    boolean fits =
        Crs.same(extent.crs(), tile.crs())
            && pixels * size == Mgrs.SIDE
            && lattice.samePhase(Lattice.of(whole, size));
    if (!fits) {
      return null;
    }
    String code = "MGRS-" + tile.name() + (size == TILE_PIXEL ? "" : "-" + number(size) + "m");
    Grid grid = new Grid(code, tile.crs(), tile.originX(), originY, size, pixels, pixels);
    int left = clamp((extent.minX() - tile.originX()) / size + SLIVER, pixels);
    int right = clamp(Math.ceil((extent.maxX() - tile.originX()) / size - SLIVER), pixels);
    int top = clamp((originY - extent.maxY()) / size + SLIVER, pixels);
    int bottom = clamp(Math.ceil((originY - extent.minY()) / size - SLIVER), pixels);
    return left < right && top < bottom
        ? new CellWindow(grid, new PixelWindow(left, top, right - left, bottom - top))
        : null;
  }

  private static int clamp(double pixel, int pixels) {
    return (int) Math.clamp(Math.floor(pixel), 0.0, pixels);
  }

  private static List<CellWindow> fixedCells(Extent extent, Lattice lattice) {
    // Pixels counted from the lattice's origin, to the east and to the north.
    long west = (long) Math.floor(lattice.column(extent.minX()) + SLIVER);
    long east = (long) Math.ceil(lattice.column(extent.maxX()) - SLIVER);
    long south = (long) Math.floor(lattice.row(extent.minY()) + SLIVER);
    long north = (long) Math.ceil(lattice.row(extent.maxY()) - SLIVER);
    String prefix = prefix(extent.crs(), lattice.size);
    List<CellWindow> cells = new ArrayList<>();
    for (long row = Math.floorDiv(north - 1, CELL); row >= Math.floorDiv(south, CELL); row--) {
      for (long column = Math.floorDiv(west, CELL);
          column <= Math.floorDiv(east - 1, CELL);
          column++) {
        long left = Math.max(west, column * CELL);
        long right = Math.min(east, (column + 1) * CELL);
        long top = Math.min(north, (row + 1) * CELL);
        long bottom = Math.max(south, row * CELL);
        PixelWindow window =
            new PixelWindow(
                (int) (left - column * CELL),
                (int) ((row + 1) * CELL - top),
                (int) (right - left),
                (int) (top - bottom));
        String code =
            prefix + String.format(Locale.ROOT, "-C%04dR%04d", column, row) + lattice.suffix();
        cells.add(new CellWindow(lattice.cell(code, extent.crs(), column, row), window));
      }
    }
    return cells;
  }

  private static String prefix(String name, double size) {
    try (Crs crs = Crs.of(name)) {
      String unit = crs.isGeographic() ? "deg" : crs.metresPerUnit() == 1 ? "m" : "u";
      String system = name.startsWith("EPSG:") ? name.replace(":", "") : "CRS" + digest(name);
      return system + "-" + number(size) + unit;
    }
  }

  private static String number(double size) {
    return new BigDecimal(size, new MathContext(9)).stripTrailingZeros().toPlainString();
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new LandshiftException(FailureReason.INTERNAL, "this Java has no SHA-256", e);
    }
  }

  private static int pixels(double length, double side) {
    return Math.toIntExact((long) Math.ceil(length / side - SLIVER));
  }

  /** Where pixels of one size lie in a CRS: their phase in thousandths of a pixel. */
  private record Lattice(double size, int phaseX, int phaseY) {
    static Lattice of(Extent extent, double size) {
      return new Lattice(size, phase(extent.minX(), size), phase(extent.maxY(), size));
    }

    private static int phase(double coordinate, double size) {
      double pixels = coordinate / size;
      return (int) Math.rint((pixels - Math.floor(pixels)) * PHASES) % PHASES;
    }

    /** True where the phases differ by no more than rounding makes them. */
    boolean samePhase(Lattice other) {
      return near(phaseX, other.phaseX) && near(phaseY, other.phaseY);
    }

    private static boolean near(int one, int other) {
      int apart = Math.floorMod(one - other, PHASES);
      return Math.min(apart, PHASES - apart) <= 1;
    }

    double column(double x) {
      return x / size - phaseX / (double) PHASES;
    }

    double row(double y) {
      return y / size - phaseY / (double) PHASES;
    }

    Grid cell(String code, String crs, long column, long row) {
      double x = (column * CELL + phaseX / (double) PHASES) * size;
      double y = ((row + 1) * CELL + phaseY / (double) PHASES) * size;
      return new Grid(code, crs, x, y, size, CELL, CELL);
    }

    String suffix() {
      return phaseX == 0 && phaseY == 0
          ? ""
          : String.format(Locale.ROOT, "-P%d.%d", phaseX, phaseY);
    }
  }
}
