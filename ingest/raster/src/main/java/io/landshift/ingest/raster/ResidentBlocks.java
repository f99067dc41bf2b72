package io.landshift.ingest.raster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The decoded blocks of one band that a reader still needs, in the band's own type. A block is
 * decoded when it is first asked for and kept until the reader says that it is done with its rows.
 * Not thread-safe; does not own the raster.
 */
final class ResidentBlocks implements AutoCloseable {
  /** Rasters of one-row strips are read in stretches of about this size: a call per row is slow. */
  private static final int STRETCH_BYTES = 1 << 20;

  private final OpenRaster raster;
  private final int band;
  private final BandInfo info;
  private final Missing missing;
  private final DecodeCounter counter;
  private final String name;
  private final int blocksAcross;
  private final int blocksDown;

  /** Rows of blocks that are decoded together; 1 except for strips. */
  private final int stretch;

  private final int height;
  private final Map<Integer, byte[] @Nullable []> rows = new TreeMap<>();
  private final Deque<byte[]> spare = new ArrayDeque<>();

  /** The row of blocks asked for last, found without a search: warping asks pixel by pixel. */
  private byte[] @Nullable [] latest = new byte[0][];

  private int latestDown = -1;

  ResidentBlocks(OpenRaster raster, RasterBand source, DecodeCounter counter) {
    this.raster = raster;
    this.band = source.band();
    this.info = raster.band(band);
    this.missing = new Missing(info.type(), info.nodata(), source.nodata());
    this.counter = counter;
    this.name = source.href() + "#" + band;
    this.blocksAcross = Math.ceilDiv(raster.info().width(), info.blockWidth());
    this.blocksDown = Math.ceilDiv(raster.info().height(), info.blockHeight());
    this.stretch = stretch();
    this.height = stretch * info.blockHeight();
  }

  /** Lets go of the blocks that lie wholly above this row. */
  void dropAbove(int row) {
    latestDown = -1;
    var above = rows.entrySet().iterator();
    while (above.hasNext()) {
      var entry = above.next();
      if ((entry.getKey() + 1L) * height > row) {
        return;
      }
      for (byte @Nullable [] block : entry.getValue()) {
        if (block != null) {
          spare.push(block);
        }
      }
      above.remove();
    }
  }

  /** Lets go of all blocks if the reader has gone back above the first row it still has. */
  void rewindTo(int row) {
    if (!rows.isEmpty() && rows.keySet().iterator().next() * (long) height > row) {
      dropAbove(Integer.MAX_VALUE);
    }
  }

  /** Reads numbers as the raster has them, NaN where there is no data. */
  Numbers plain() {
    return missing;
  }

  /** Reads numbers and converts them at once, by a table where that saves more than it costs. */
  Numbers converted(Conversion conversion) {
    long pixels = (long) raster.info().width() * raster.info().height();
    if (NumberTable.fits(info.type()) && pixels >= NumberTable.size(info.type())) {
      return NumberTable.of(info.type(), missing, conversion);
    }
    return (block, start, count, into, at) -> {
      missing.copy(block, start, count, into, at);
      conversion.convert(into, at, at + count);
    };
  }

  /**
   * Part of one row as float32.
   *
   * @param from first column
   * @param to after the last column
   */
  void row(int row, int from, int to, Numbers numbers, float[] into, int at) {
    int column = from;
    int target = at;
    while (column < to) {
      int across = column / info.blockWidth();
      int left = across * info.blockWidth();
      int end = Math.min(to, left + widthOf(across));
      int start = (row - row / height * height) * widthOf(across) + column - left;
      numbers.copy(block(across, row / height), start, end - column, into, target);
      target += end - column;
      column = end;
    }
  }

  /** One number as float32, NaN where there is no data. */
  float at(int column, int row) {
    int across = column / info.blockWidth();
    int down = row / height;
    int index = (row - down * height) * widthOf(across) + column - across * info.blockWidth();
    return missing.number(block(across, down), index);
  }

  @Override
  public void close() {
    latestDown = -1;
    rows.clear();
    spare.clear();
  }

  private int widthOf(int across) {
    return Math.min(info.blockWidth(), raster.info().width() - across * info.blockWidth());
  }

  private byte[] block(int across, int down) {
    if (down != latestDown) {
      latest = rows.computeIfAbsent(down, row -> new byte[blocksAcross][]);
      latestDown = down;
    }
    byte[] block = latest[across];
    if (block == null) {
      block = decode(across, down);
      latest[across] = block;
    }
    return block;
  }

  private byte[] decode(int across, int down) {
    byte[] block = spare.poll();
    if (block == null) {
      int bytes = Math.multiplyExact(info.blockWidth() * info.type().bytes(), height);
      // In the heap: direct memory of closed readers is only freed by a full collection, and what
      // GDAL then copies is a hundredth of what decoding a block costs.
      block = new byte[bytes];
    }
    int top = down * height;
    int rowsThere = Math.min(height, raster.info().height() - top);
    raster.read(band, across * info.blockWidth(), top, widthOf(across), rowsThere, block);
    int first = down * stretch;
    for (int row = first; row < Math.min(first + stretch, blocksDown); row++) {
      counter.count(name, row * blocksAcross + across, 1);
    }
    return block;
  }

  private int stretch() {
    long bytes = (long) info.blockWidth() * info.blockHeight() * info.type().bytes();
    return blocksAcross > 1 ? 1 : Math.clamp(STRETCH_BYTES / bytes, 1, blocksDown);
  }
}
