package io.landshift.ingest.raster;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.util.Arrays;

/**
 * Reads a north-up raster on a grid of the same CRS: columns and rows are independent, so a target
 * pixel is a product of two short rows of weights. Where the two lattices are the same, numbers are
 * copied. Not thread-safe.
 */
final class LatticeSampler implements GridBand.Sampler {
  private final RasterInfo source;
  private final ResidentBlocks blocks;
  private final Resampling resampling;
  private final double columnStart;
  private final double columnStep;
  private final double rowStart;
  private final double rowStep;

  LatticeSampler(RasterInfo source, ResidentBlocks blocks, Grid target, Resampling resampling) {
    this.source = source;
    this.blocks = blocks;
    this.resampling = resampling;
    GeoTransform t = source.geoTransform();
    // By coordinates, never by index: bands of one product start at different corners.
    this.columnStart = (target.getOriginX() - t.x()) / t.xPerColumn();
    this.columnStep = target.getPixelSize() / t.xPerColumn();
    this.rowStart = (target.getOriginY() - t.y()) / t.yPerRow();
    this.rowStep = -target.getPixelSize() / t.yPerRow();
  }

  @Override
  public boolean overlaps(PixelWindow window) {
    return columns(window.getX(), window.getWidth()).lowest() >= 0
        && rows(window.getY(), window.getHeight()).lowest() >= 0;
  }

  @Override
  public void read(PixelWindow window, float[] into) {
    int width = window.getWidth();
    Axis columns = columns(window.getX(), width);
    Axis rows = rows(window.getY(), window.getHeight());
    if (rows.lowest() < 0 || columns.lowest() < 0) {
      Arrays.fill(into, 0, width * window.getHeight(), Float.NaN);
      return;
    }
    blocks.rewindTo(rows.lowest());
    blocks.dropAbove(rows.lowest());
    RowCache cache = new RowCache(columns.lowest(), columns.highest(), rows.taps + 1);
    for (int y = 0; y < window.getHeight(); y++) {
      if (rows.centre[y] < 0) {
        Arrays.fill(into, y * width, (y + 1) * width, Float.NaN);
      } else {
        readRow(columns, rows, y, cache, into, y * width);
      }
    }
  }

  @Override
  public void close() {
    // The blocks are the reader's.
  }

  private Axis columns(int from, int positions) {
    return Axis.of(columnStart, columnStep, from, positions, source.width(), resampling);
  }

  private Axis rows(int from, int positions) {
    return Axis.of(rowStart, rowStep, from, positions, source.height(), resampling);
  }

  private static void readRow(
      Axis columns, Axis rows, int y, RowCache cache, float[] into, int at) {
    if (rows.taps == 1 && columns.taps == 1) {
      float[] row = cache.row(rows.first[y]);
      for (int x = 0; x < columns.centre.length; x++) {
        int column = columns.centre[x];
        into[at + x] = column < 0 ? Float.NaN : row[column - cache.from];
      }
      return;
    }
    float[][] taps = new float[rows.count[y]][];
    for (int k = 0; k < taps.length; k++) {
      taps[k] = cache.row(rows.first[y] + k);
    }
    float[] middle = cache.row(rows.centre[y]);
    boolean averaging = rows.averaging || columns.averaging;
    for (int x = 0; x < columns.centre.length; x++) {
      int column = columns.centre[x];
      boolean none = column < 0 || (!averaging && Float.isNaN(middle[column - cache.from]));
      into[at + x] =
          none
              ? Float.NaN
              : weigh(columns, x, taps, rows, y, cache.from, averaging ? 0.5f - 1e-4f : 0);
    }
  }

  /** The weighted mean of the data, or NaN where their share of the weight is below the least. */
  private static float weigh(
      Axis columns, int x, float[][] taps, Axis rows, int y, int from, float least) {
    float sum = 0;
    float weight = 0;
    int base = columns.first[x] - from;
    for (int k = 0; k < taps.length; k++) {
      float[] row = taps[k];
      float vertical = rows.weights[y * rows.taps + k];
      for (int i = 0; i < columns.count[x]; i++) {
        float number = row[base + i];
        float share = vertical * columns.weights[x * columns.taps + i];
        if (share > 0 && !Float.isNaN(number)) {
          sum += share * number;
          weight += share;
        }
      }
    }
    return weight > least ? sum / weight : Float.NaN;
  }

  /** The source rows that the target rows at hand need, as float32. */
  private final class RowCache {
    private final int from;
    private final float[][] rows;
    private final int[] held;

    RowCache(int from, int to, int size) {
      this.from = from;
      this.rows = new float[size][to - from];
      this.held = new int[size];
      Arrays.fill(held, -1);
    }

    float[] row(int row) {
      int slot = row % rows.length;
      if (held[slot] != row) {
        blocks.row(row, from, from + rows[slot].length, rows[slot], 0);
        held[slot] = row;
      }
      return rows[slot];
    }
  }
}
