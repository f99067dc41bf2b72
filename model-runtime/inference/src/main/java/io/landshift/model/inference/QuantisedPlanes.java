package io.landshift.model.inference;

import io.landshift.model.bundle.BundleManifest.Feature;
import java.util.List;

/**
 * Features as they are stored, plus a correction. A tile's rows are first laid behind each other:
 * loops over rows of a hundred cells spend more on their ends than in their middle, which is what
 * the vector units do. Owns scratch space: for one thread.
 */
final class QuantisedPlanes implements FeaturePlanes {
  private final short[] values;
  private final int columns;
  private final int plane;
  private final List<Feature> features;
  private final List<float[]> correction;
  private short[] tile = new short[0];

  /** As {@link FeaturePlanes#corrected}. */
  QuantisedPlanes(
      short[] values, int columns, int rows, List<Feature> features, List<float[]> correction) {
    this.values = values;
    this.columns = columns;
    this.plane = columns * rows;
    this.features = features;
    this.correction = correction;
  }

  @Override
  public boolean read(int feature, Cells cells, float[] target) {
    int count = cells.count();
    lay(feature, cells, count);
    int side = features.get(feature).cell();
    float[] added = correction.get(feature);
    scale(features.get(feature).step(), side == 1 ? added[0] : 0, target, count);
    if (side > 1) {
      addByPixel(added, side, cells, target);
    }
    boolean gaps = anyNotValid(count);
    for (int cell = 0; gaps && cell < count; cell++) {
      if (tile[cell] == NOT_VALID) {
        target[cell] = Float.NaN;
      }
    }
    return gaps;
  }

  private void lay(int feature, Cells cells, int count) {
    if (tile.length < count) {
      tile = new short[count];
    }
    for (int row = 0; row < cells.rows(); row++) {
      int from = feature * plane + (cells.row() + row) * columns + cells.column();
      System.arraycopy(values, from, tile, row * cells.columns(), cells.columns());
    }
  }

  private void scale(double step, float added, float[] target, int count) {
    for (int cell = 0; cell < count; cell++) {
      target[cell] = (float) (tile[cell] * step) + added;
    }
  }

  private static void addByPixel(float[] added, int side, Cells cells, float[] target) {
    for (int row = 0; row < cells.rows(); row++) {
      int first = (cells.row() + row) % side * side;
      for (int column = 0; column < cells.columns(); column++) {
        target[row * cells.columns() + column] += added[first + (cells.column() + column) % side];
      }
    }
  }

  /**
   * Only {@link #NOT_VALID} is negative then. Without a branch: tiles without a gap are the rule.
   */
  private boolean anyNotValid(int count) {
    int signs = 0;
    for (int cell = 0; cell < count; cell++) {
      signs |= tile[cell] + Short.MAX_VALUE;
    }
    return signs < 0;
  }
}
