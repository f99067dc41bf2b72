package io.landshift.model.inference;

import io.landshift.model.bundle.BundleManifest;
import java.util.List;

/**
 * Features of a chunk, read row by row: lets a head work from quantised or corrected features
 * without a copy of the whole chunk. Implementations used by several threads must be thread-safe;
 * those made here are, while their arrays do not change.
 */
@FunctionalInterface
public interface FeaturePlanes {
  /** What stands for "not valid" among quantised features. */
  short NOT_VALID = Short.MIN_VALUE;

  /**
   * Copies part of a row.
   *
   * @param feature which feature, from 0
   * @param row row of feature cells, from 0
   * @param column first cell
   * @param length number of cells
   * @param target receives physical values, NaN where not valid
   * @param offset where in target the first cell goes
   * @return whether there may be a NaN among them
   */
  boolean read(int feature, int row, int column, int length, float[] target, int offset);

  /**
   * Features as float values.
   *
   * @param values [feature][row][column], NaN where not valid; not copied
   * @param columns cells in a row
   * @param rows rows of a feature
   */
  static FeaturePlanes of(float[] values, int columns, int rows) {
    int plane = columns * rows;
    return (feature, row, column, length, target, offset) -> {
      System.arraycopy(values, feature * plane + row * columns + column, target, offset, length);
      return hasNaN(target, offset, length);
    };
  }

  /** Four sums, because one would wait for each addition: rows without a gap are the rule. */
  private static boolean hasNaN(float[] row, int from, int length) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int at = from;
    for (; at + 3 < from + length; at += 4) {
      a += row[at] * 0f;
      b += row[at + 1] * 0f;
      c += row[at + 2] * 0f;
      d += row[at + 3] * 0f;
    }
    for (; at < from + length; at++) {
      a += row[at] * 0f;
    }
    // A number times 0 is 0, and NaN (or infinity) times 0 is NaN, which every sum keeps.
    return Float.isNaN(a + b + c + d);
  }

  /**
   * Features as they are stored.
   *
   * @param values [feature][row][column], value = q * step; not copied
   * @param columns cells in a row
   * @param rows rows of a feature
   * @param manifest gives the steps
   */
  static FeaturePlanes quantised(short[] values, int columns, int rows, BundleManifest manifest) {
    return corrected(
        values,
        columns,
        rows,
        manifest,
        manifest.features().stream()
            .map(feature -> new float[feature.cell() * feature.cell()])
            .toList());
  }

  /**
   * Features as they are stored, plus what the whole chunk is corrected by.
   *
   * @param values [feature][row][column], value = q * step; not copied
   * @param columns cells in a row
   * @param rows rows of a feature
   * @param manifest gives the steps
   * @param correction added to the values, for each feature one number for each pixel of its {@link
   *     BundleManifest.Feature#cell cell}, row by row
   */
  static FeaturePlanes corrected(
      short[] values, int columns, int rows, BundleManifest manifest, List<float[]> correction) {
    double[] steps =
        manifest.features().stream().mapToDouble(BundleManifest.Feature::step).toArray();
    int plane = columns * rows;
    return (feature, row, column, length, target, offset) -> {
      int from = feature * plane + row * columns + column;
      double step = steps[feature];
      int side = manifest.features().get(feature).cell();
      float[] added = correction.get(feature);
      float all = side == 1 ? added[0] : 0;
      for (int cell = 0; cell < length; cell++) {
        target[offset + cell] = (float) (values[from + cell] * step) + all;
      }
      // Only NOT_VALID is negative then. In a loop of its own: together they take twice as long.
      int signs = 0;
      for (int cell = 0; cell < length; cell++) {
        signs |= values[from + cell] + Short.MAX_VALUE;
      }
      for (int cell = 0; side > 1 && cell < length; cell++) {
        target[offset + cell] += added[row % side * side + (column + cell) % side];
      }
      // Rows without a gap are the rule: the loops above have no branch, and gaps are cut
      // afterwards.
      boolean gaps = signs < 0;
      for (int cell = 0; gaps && cell < length; cell++) {
        if (values[from + cell] == NOT_VALID) {
          target[offset + cell] = Float.NaN;
        }
      }
      return gaps;
    };
  }
}
