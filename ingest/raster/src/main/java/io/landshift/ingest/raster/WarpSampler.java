package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a raster of another CRS, or a rotated one, on the target grid.
 *
 * <p>Every 16th pixel of the grid is carried exactly into the raster; positions between are
 * interpolated, which for 16 pixels of any usual projection errs by less than a hundredth of a
 * pixel. The exact points are tied to the grid, not to the window, so that a pixel has the same
 * value whatever window it is read in. Owns a native transformation; not thread-safe.
 */
final class WarpSampler implements GridBand.Sampler {
  private static final int STEP = 16;
  private static final int MAX_SAMPLES = 16;
  private static final double ON_EDGE = 1e-6;

  private final RasterInfo source;
  private final ResidentBlocks blocks;
  private final Grid target;
  private final Resampling resampling;
  private final Conversion conversion;
  private final Crs.@Nullable Transform transform;
  private int stripY = -1;
  private int stripHeight;
  private int stripTop;

  private WarpSampler(
      RasterInfo source,
      ResidentBlocks blocks,
      Grid target,
      Resampling resampling,
      Conversion conversion,
      Crs.@Nullable Transform transform) {
    this.source = source;
    this.blocks = blocks;
    this.target = target;
    this.resampling = resampling;
    this.conversion = conversion;
    this.transform = transform;
  }

  /**
   * @throws LandshiftException METADATA_INVALID where one side has no CRS, or none that leads to
   *     the other
   */
  static WarpSampler open(
      RasterInfo source,
      ResidentBlocks blocks,
      Grid target,
      Resampling resampling,
      Conversion conversion) {
    if (Crs.same(source.crs(), target.getCrs())) {
      return new WarpSampler(source, blocks, target, resampling, conversion, null);
    }
    if (source.crs().isEmpty() || target.getCrs().isEmpty()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "the raster and the grid cannot be brought together: one of them has no CRS");
    }
    Crs.Transform transform = Crs.Transform.between(target.getCrs(), source.crs());
    return new WarpSampler(source, blocks, target, resampling, conversion, transform);
  }

  @Override
  public boolean overlaps(PixelWindow window) {
    // Coarser than the reading itself: some 64 x 64 points of the window, and all of its edges.
    int stride = Math.max(1, Math.max(window.getWidth(), window.getHeight()) / 64);
    Nodes nodes =
        new Nodes(window.getX(), window.getY(), window.getWidth(), window.getHeight(), stride);
    double lowU = Double.POSITIVE_INFINITY;
    double highU = Double.NEGATIVE_INFINITY;
    double lowV = Double.POSITIVE_INFINITY;
    double highV = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < nodes.u.length; i++) {
      if (Double.isFinite(nodes.u[i]) && Double.isFinite(nodes.v[i])) {
        lowU = Math.min(lowU, nodes.u[i]);
        highU = Math.max(highU, nodes.u[i]);
        lowV = Math.min(lowV, nodes.v[i]);
        highV = Math.max(highV, nodes.v[i]);
      }
    }
    return lowU < source.width() && highU > 0 && lowV < source.height() && highV > 0;
  }

  @Override
  public void read(PixelWindow window, float[] into) {
    int width = window.getWidth();
    Nodes nodes = new Nodes(window.getX(), window.getY(), width, window.getHeight(), STEP);
    if (nodes.lowestRow() < 0) {
      Arrays.fill(into, 0, width * window.getHeight(), Float.NaN);
      return;
    }
    int top = lowestRowOfStrip(window.getY(), window.getHeight());
    blocks.rewindTo(top);
    blocks.dropAbove(top);
    for (int y = 0; y < window.getHeight(); y++) {
      for (int x = 0; x < width; x++) {
        into[y * width + x] = sample(nodes, x + 0.5, y + 0.5);
      }
      conversion.convert(into, y * width, (y + 1) * width);
    }
  }

  /** Of all windows side by side: a later one may reach further north in a turned raster. */
  private int lowestRowOfStrip(int y, int height) {
    if (stripY != y || stripHeight != height) {
      stripY = y;
      stripHeight = height;
      stripTop = new Nodes(0, y, target.getWidth(), height, STEP).lowestRow();
    }
    return stripTop;
  }

  @Override
  public void close() {
    if (transform != null) {
      transform.close();
    }
  }

  /**
   * @param x position within the window; whole numbers are pixel edges
   */
  private float sample(Nodes nodes, double x, double y) {
    double u = nodes.at(nodes.u, x, y);
    double v = nodes.at(nodes.v, x, y);
    if (!inside(u, v)) {
      return Float.NaN;
    }
    if (resampling == Resampling.NEAREST) {
      return pixel(u, v);
    }
    int samples = nodes.samples(x, y);
    return samples > 1 ? mean(nodes, x, y, samples) : bilinear(u, v);
  }

  private boolean inside(double u, double v) {
    return u > -ON_EDGE
        && v > -ON_EDGE
        && u < source.width() - ON_EDGE
        && v < source.height() - ON_EDGE;
  }

  private float pixel(double u, double v) {
    return blocks.at((int) Math.floor(u + ON_EDGE), (int) Math.floor(v + ON_EDGE));
  }

  private float bilinear(double u, double v) {
    if (Float.isNaN(pixel(u, v))) {
      return Float.NaN;
    }
    double column = Math.clamp(u - 0.5, 0.0, source.width() - 1.0);
    double row = Math.clamp(v - 0.5, 0.0, source.height() - 1.0);
    int left = (int) column;
    int above = (int) row;
    double sum = 0;
    double weight = 0;
    for (int k = 0; k < 4; k++) {
      int i = left + (k & 1);
      int j = above + (k >> 1);
      double share = (1 - Math.abs(column - i)) * (1 - Math.abs(row - j));
      if (share > 0 && i < source.width() && j < source.height()) {
        float number = blocks.at(i, j);
        if (!Float.isNaN(number)) {
          sum += share * number;
          weight += share;
        }
      }
    }
    return (float) (sum / weight);
  }

  /** The mean of evenly spread samples of the target pixel; NaN where most have no data. */
  private float mean(Nodes nodes, double x, double y, int samples) {
    double sum = 0;
    int valid = 0;
    for (int j = 0; j < samples; j++) {
      for (int i = 0; i < samples; i++) {
        double px = x + (i + 0.5) / samples - 0.5;
        double py = y + (j + 0.5) / samples - 0.5;
        double u = nodes.at(nodes.u, px, py);
        double v = nodes.at(nodes.v, px, py);
        float number = inside(u, v) ? pixel(u, v) : Float.NaN;
        if (!Float.isNaN(number)) {
          sum += number;
          valid++;
        }
      }
    }
    return 2 * valid >= samples * samples ? (float) (sum / valid) : Float.NaN;
  }

  /** Points of the grid whose place in the raster, in source pixels, is known exactly. */
  private final class Nodes {
    private final double[] u;
    private final double[] v;
    private final int across;
    private final int stride;

    /** Where the window begins, relative to the first node. */
    private final int offsetX;

    private final int offsetY;

    Nodes(int x, int y, int width, int height, int stride) {
      this.stride = stride;
      int firstX = Math.floorDiv(x, stride) * stride;
      int firstY = Math.floorDiv(y, stride) * stride;
      this.offsetX = x - firstX;
      this.offsetY = y - firstY;
      this.across = Math.ceilDiv(offsetX + width, stride) + 1;
      int down = Math.ceilDiv(offsetY + height, stride) + 1;
      this.u = new double[across * down];
      this.v = new double[across * down];
      for (int i = 0; i < u.length; i++) {
        u[i] = target.getOriginX() + (firstX + i % across * stride) * target.getPixelSize();
        v[i] = target.getOriginY() - (firstY + i / across * stride) * target.getPixelSize();
      }
      toSource();
    }

    private void toSource() {
      if (transform != null) {
        transform.apply(u, v);
      }
      GeoTransform place = source.geoTransform();
      for (int i = 0; i < u.length; i++) {
        double east = u[i];
        double north = v[i];
        u[i] = place.columnAt(east, north);
        v[i] = place.rowAt(east, north);
      }
    }

    double at(double[] values, double x, double y) {
      double column = (x + offsetX) / stride;
      double row = (y + offsetY) / stride;
      int left = (int) column;
      int above = (int) row;
      int index = above * across + left;
      double right = column - left;
      double below = row - above;
      double upper = values[index] * (1 - right) + values[index + 1] * right;
      double lower = values[index + across] * (1 - right) + values[index + across + 1] * right;
      return upper * (1 - below) + lower * below;
    }

    /** How many source pixels a target pixel is wide or high there, at most; 1 if not finer. */
    int samples(double x, double y) {
      int left = (int) ((x + offsetX) / stride);
      int above = (int) ((y + offsetY) / stride);
      int index = above * across + left;
      double along = Math.hypot(u[index + 1] - u[index], v[index + 1] - v[index]);
      double down = Math.hypot(u[index + across] - u[index], v[index + across] - v[index]);
      double pixels = Math.max(along, down) / stride;
      return pixels > 1.25 ? (int) Math.min(MAX_SAMPLES, Math.ceil(pixels)) : 1;
    }

    /** The first source row that the window needs, or -1 where it needs none. */
    int lowestRow() {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double row : v) {
        if (Double.isFinite(row)) {
          low = Math.min(low, row);
          high = Math.max(high, row);
        }
      }
      // One row more than the nodes say, for the neighbours of bilinear reading.
      return low < source.height() && high > 0 ? (int) Math.max(0, Math.floor(low) - 1) : -1;
    }
  }
}
