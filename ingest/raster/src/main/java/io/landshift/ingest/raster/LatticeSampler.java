package io.landshift.ingest.raster;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a north-up raster on a grid of the same CRS: columns and rows are independent, so a target
 * pixel is a product of two short rows of weights. Where the two lattices are the same, numbers are
 * copied. Not thread-safe.
 */
final class LatticeSampler implements GridBand.Sampler {
  /** Half a pixel, and what the rounding of float weights may take from it. */
  private static final float LEAST_WEIGHT = 0.5f - 1e-5f;

  private final RasterInfo source;
  private final ResidentBlocks blocks;
  private final Resampling resampling;
  private final Conversion conversion;

  /** Reads and converts at once; made when first needed. */
  private @Nullable Numbers converted;

  private final double columnStart;
  private final double columnStep;
  private final double rowStart;
  private final double rowStep;

  LatticeSampler(
      RasterInfo source,
      ResidentBlocks blocks,
      Grid target,
      Resampling resampling,
      Conversion conversion) {
    this.source = source;
    this.blocks = blocks;
    this.resampling = resampling;
    this.conversion = conversion;
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
    Row row = rowOf(columns, rows);
    for (int y = 0; y < window.getHeight(); y++) {
      if (rows.centre[y] < 0) {
        Arrays.fill(into, y * width, (y + 1) * width, Float.NaN);
      } else {
        row.read(y, into, y * width);
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

  /** Reads row {@code y} of the target, converted; the row has its centre in the raster. */
  private interface Row {
    void read(int y, float[] into, int at);
  }

  private Row rowOf(Axis columns, Axis rows) {
    if (rows.taps == 1 && columns.taps == 1) {
      return columns.consecutive() ? copied(columns, rows) : picked(columns, rows);
    }
    return rows.averaging || columns.averaging ? averaged(columns, rows) : mixed(columns, rows);
  }

  /** The pixels are the same: from the block into its place. */
  private Row copied(Axis columns, Axis rows) {
    int width = columns.centre.length;
    int from = columns.lowest();
    int to = columns.highest();
    int before = columns.before();
    int after = before + to - from;
    Numbers numbers = converted();
    return (y, into, at) -> {
      Arrays.fill(into, at, at + before, Float.NaN);
      blocks.row(rows.first[y], from, to, numbers, into, at + before);
      Arrays.fill(into, at + after, at + width, Float.NaN);
    };
  }

  /** The number of the pixel that holds the centre. Rows of one source row are alike. */
  private Row picked(Axis columns, Axis rows) {
    int width = columns.centre.length;
    RowCache cache = new RowCache(columns.lowest(), columns.highest(), 1, converted());
    return (y, into, at) -> {
      if (y > 0 && rows.centre[y - 1] == rows.centre[y]) {
        System.arraycopy(into, at - width, into, at, width);
        return;
      }
      float[] row = cache.row(rows.first[y]);
      for (int x = 0; x < width; x++) {
        int column = columns.centre[x];
        into[at + x] = column < 0 ? Float.NaN : row[column - cache.from];
      }
    };
  }

  private Row mixed(Axis columns, Axis rows) {
    LinearRows linear = new LinearRows(blocks, columns);
    return (y, into, at) -> {
      float[] row = linear.row(rows, y);
      conversion.convert(row, 0, row.length);
      System.arraycopy(row, 0, into, at, row.length);
    };
  }

  private Row averaged(Axis columns, Axis rows) {
    RowCache cache =
        new RowCache(columns.lowest(), columns.highest(), rows.taps + 1, blocks.plain());
    return (y, into, at) -> {
      float[][] taps = new float[rows.count[y]][];
      for (int k = 0; k < taps.length; k++) {
        taps[k] = cache.row(rows.first[y] + k);
      }
      for (int x = 0; x < columns.centre.length; x++) {
        into[at + x] =
            columns.centre[x] < 0 ? Float.NaN : weigh(columns, x, taps, rows, y, cache.from);
      }
      conversion.convert(into, at, at + columns.centre.length);
    };
  }

  private Numbers converted() {
    Numbers made = converted;
    if (made == null) {
      made = blocks.converted(conversion);
      converted = made;
    }
    return made;
  }

  /** The weighted mean of the data, or NaN where most of the pixel has none. */
  private static float weigh(Axis columns, int x, float[][] taps, Axis rows, int y, int from) {
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
    return weight > LEAST_WEIGHT ? sum / weight : Float.NaN;
  }

  /** The source rows that the target rows at hand need, as float32. */
  private final class RowCache {
    private final int from;
    private final float[][] rows;
    private final int[] held;
    private final Numbers numbers;

    RowCache(int from, int to, int size, Numbers numbers) {
      this.from = from;
      this.rows = new float[size][to - from];
      this.held = new int[size];
      this.numbers = numbers;
      Arrays.fill(held, -1);
    }

    float[] row(int row) {
      int slot = row % rows.length;
      if (held[slot] != row) {
        blocks.row(row, from, from + rows[slot].length, numbers, rows[slot], 0);
        held[slot] = row;
      }
      return rows[slot];
    }
  }
}
