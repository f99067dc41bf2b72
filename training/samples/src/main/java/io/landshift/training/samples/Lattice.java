package io.landshift.training.samples;

import io.landshift.ingest.scenes.Quality;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where each pixel of a new raster comes from in an old one: cuts, flips and turns. Immutable and
 * thread-safe.
 */
public final class Lattice {
  private static final int OUTSIDE = -1;

  private final int width;
  private final int[] from;

  private Lattice(int width, int[] from) {
    this.width = width;
    this.from = from;
  }

  private interface Place {
    int of(int row, int column);
  }

  private static Lattice of(int width, int height, Place place) {
    int[] from = new int[Math.multiplyExact(width, height)];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        from[row * width + column] = place.of(row, column);
      }
    }
    return new Lattice(width, from);
  }

  /**
   * A rectangle of a raster; what lies outside of the raster has no data.
   *
   * @param width of the raster
   * @param height of the raster
   * @param x first column, may be negative
   * @param y first row, may be negative
   * @param columns of the rectangle, from 1
   * @param rows of the rectangle, from 1
   */
  public static Lattice crop(int width, int height, int x, int y, int columns, int rows) {
    return of(
        columns,
        rows,
        (row, column) -> {
          boolean inside =
              x + column >= 0 && x + column < width && y + row >= 0 && y + row < height;
          return inside ? (y + row) * width + x + column : OUTSIDE;
        });
  }

  /** Columns from right to left. */
  public static Lattice mirrored(int width, int height) {
    return of(width, height, (row, column) -> row * width + width - 1 - column);
  }

  /**
   * A quarter turn to the right: the first column, read from below, becomes the first row. Twice
   * and thrice give the other turns; with {@link #mirrored} all eight views of a raster.
   */
  public static Lattice turned(int width, int height) {
    return of(
        /* width= */ height,
        /* height= */ width,
        (row, column) -> (height - 1 - column) * width + row);
  }

  /** The same sample seen so. */
  public Sample apply(Sample sample) {
    return switch (sample) {
      case Sample.Unlabelled(Source source, List<Look> looks) ->
          new Sample.Unlabelled(source, looks.stream().map(this::apply).toList());
      case Sample.Segmented(Source source, Look look, Labels labels) ->
          new Sample.Segmented(source, apply(look), apply(labels));
      case Sample.Changed(Source source, List<Look> earlier, Look after, Labels labels) ->
          new Sample.Changed(
              source, earlier.stream().map(this::apply).toList(), apply(after), apply(labels));
      case Sample.Aligned(
              Source source,
              Look look,
              Map<String, float[][]> maps,
              Map<String, float[]> facts) ->
          new Sample.Aligned(source, apply(look), apply(maps), facts);
    };
  }

  private Map<String, float[][]> apply(Map<String, float[][]> maps) {
    Map<String, float[][]> moved = new TreeMap<>();
    maps.forEach((name, map) ->
        moved.put(name, Arrays.stream(map).map(this::apply).toArray(float[][]::new)));
    return moved;
  }

  private Look apply(Look look) {
    float[] @Nullable [] planes = new float[look.planes().length][];
    for (int band = 0; band < planes.length; band++) {
      float[] plane = look.planes()[band];
      planes[band] = plane == null ? null : apply(plane);
    }
    return new Look(
        look.time(),
        look.unit(),
        look.bands(),
        width,
        from.length / width,
        planes,
        apply(look.quality(), Quality.NODATA));
  }

  private Labels apply(Labels labels) {
    return new Labels(labels.classes(), labels.directed(), apply(labels.codes(), Labels.UNKNOWN));
  }

  private float[] apply(float[] plane) {
    float[] moved = new float[from.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = from[i] == OUTSIDE ? Float.NaN : plane[from[i]];
    }
    return moved;
  }

  private byte[] apply(byte[] plane, byte outside) {
    byte[] moved = new byte[from.length];
    Arrays.fill(moved, outside);
    for (int i = 0; i < moved.length; i++) {
      if (from[i] != OUTSIDE) {
        moved[i] = plane[from[i]];
      }
    }
    return moved;
  }
}
