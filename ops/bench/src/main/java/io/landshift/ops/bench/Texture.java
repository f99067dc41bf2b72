package io.landshift.ops.bench;

import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One band of the real scene, repeated in all directions by mirroring, so that a full tile has real
 * texture everywhere and no seams. Immutable; thread-safe.
 */
final class Texture {
  /** What the darkest hundredth reflects, in steps of 1e-4. */
  private static final int DARK = 150;

  private final short[] numbers;
  private final int width;
  private final int height;

  private Texture(short[] numbers, int width, int height) {
    this.numbers = numbers;
    this.width = width;
    this.height = height;
  }

  /**
   * Reads a raster of whole numbers 0..65535 and takes the haze off, so that dark ground is dark as
   * at the surface (dark object subtraction, Chavez 1988): the scene is as seen above the
   * atmosphere.
   */
  static Texture read(Path file) {
    RasterRules rules = RasterRules.within(file.resolveSibling(""));
    var info = Rasters.inspect(file.toString(), rules);
    float[] values = Rasters.readAll(file.toString(), 1, rules);
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    int haze = Math.max(0, (int) sorted[sorted.length / 100] - DARK);
    short[] numbers = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      numbers[i] = (short) Math.max(1, (int) values[i] - haze);
    }
    return new Texture(numbers, info.width(), info.height());
  }

  /** The number at a pixel of the endless plane, 0..65535. */
  int at(int x, int y) {
    return numbers[mirrored(y, height) * width + mirrored(x, width)] & 0xFFFF;
  }

  private static int mirrored(int at, int size) {
    int turn = at % (2 * size);
    return turn < size ? turn : 2 * size - 1 - turn;
  }
}
