package io.landshift.ops.bench;

import io.landshift.ingest.raster.RowSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the made scenes show: the pixels of one real date, mirrored to the size of a tile, planted
 * changes and clouds. Immutable; thread-safe, its sources are not.
 */
final class BenchGround {
  /** Patches are squares on a lattice, one in each cell of this many pixels. */
  private static final int PATCH_CELL = 610;

  private final Path source;
  private final int pixels;

  /**
   * @param source folder of the real scene's bands
   * @param pixels side of the tile in pixels of 10 m
   */
  BenchGround(Path source, int pixels) {
    this.source = source;
    this.pixels = pixels;
  }

  /** A band as on dates on which the changes show, or do not. */
  RowSource numbers(BenchBand band, boolean changed) {
    Texture texture = Texture.read(source.resolve(band.name() + ".tif"));
    int side = pixels * 10 / band.metres();
    int scale = band.metres() / 10;
    int seed = band.name().hashCode() + (changed ? 1 : 0);
    return (index, top, height, into) -> {
      var numbers = into.asShortBuffer();
      for (int y = top; y < top + height; y++) {
        for (int x = 0; x < side; x++) {
          boolean soil = changed && isPatch(x * scale, y * scale);
          int number = soil ? band.soil() : texture.at(x, y);
          numbers.put((short) Math.max(1, number + noise(x, y, seed)));
        }
      }
    };
  }

  /**
   * -15..15, about the sensor's own noise over dark ground; fixed for a place. Without it the
   * mirrored ground repeats itself, which compressors find and real ground does not do.
   */
  private static int noise(int x, int y, int seed) {
    int hash = x * 0x9E3779B1 ^ Integer.rotateLeft(y * 0x85EBCA77, 15) ^ seed;
    hash = (hash ^ hash >>> 15) * 0x2C1B3C6D;
    return Math.floorMod(hash ^ hash >>> 13, 31) - 15;
  }

  /** Whether something happened here, pixels of 10 m: squares of 8 to 47 pixels. */
  private static boolean isPatch(int x, int y) {
    int side = side(x / PATCH_CELL, y / PATCH_CELL);
    return x % PATCH_CELL >= 200
        && x % PATCH_CELL < 200 + side
        && y % PATCH_CELL >= 300
        && y % PATCH_CELL < 300 + side;
  }

  /** The patches that lie within the tile, pixels of 10 m. */
  List<PlantedTruth.Patch> patches() {
    List<PlantedTruth.Patch> patches = new ArrayList<>();
    for (int row = 0; row * PATCH_CELL < pixels; row++) {
      for (int column = 0; column * PATCH_CELL < pixels; column++) {
        int side = side(column, row);
        int x = column * PATCH_CELL + 200;
        int y = row * PATCH_CELL + 300;
        if (x + side <= pixels && y + side <= pixels) {
          patches.add(new PlantedTruth.Patch(x, y, side));
        }
      }
    }
    return patches;
  }

  private static int side(int column, int row) {
    return 8 + 2 * Math.floorMod(column * 7 + row * 13, 20);
  }

  /** The scene classification of a date, pixels of 20 m. */
  RowSource classes(int date) {
    Texture red = Texture.read(source.resolve("B04.tif"));
    Texture near = Texture.read(source.resolve("B08.tif"));
    int side = pixels / 2;
    return (index, top, height, into) -> {
      for (int y = top; y < top + height; y++) {
        for (int x = 0; x < side; x++) {
          into.put((byte) sceneClass(red.at(2 * x, 2 * y), near.at(2 * x, 2 * y), x, y, date));
        }
      }
    };
  }

  /** Discs of cloud with their shadows, about an eighth of the tile, elsewhere on each date. */
  private static int sceneClass(int red, int near, int x, int y, int date) {
    int cloud = disc(x + 331 * date, y + 173 * date);
    if (cloud != 0) {
      return cloud;
    }
    if (near < red) {
      return 6;
    }
    return near - red > 0.35 * (near + red) ? 4 : 5;
  }

  private static int disc(int x, int y) {
    int cell = 700;
    int column = x / cell;
    int row = y / cell;
    int radius = 60 + Math.floorMod(column * 31 + row * 17, 7) * 20;
    int dx = x % cell - cell / 2;
    int dy = y % cell - cell / 2;
    if (dx * dx + dy * dy < radius * radius) {
      return 9;
    }
    return (dx + 40) * (dx + 40) + (dy - 40) * (dy - 40) < radius * radius ? 3 : 0;
  }
}
