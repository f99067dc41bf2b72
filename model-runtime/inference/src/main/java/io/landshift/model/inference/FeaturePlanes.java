package io.landshift.model.inference;

import io.landshift.model.bundle.BundleManifest;
import java.util.List;

/**
 * Features of a chunk, read tile by tile: lets a head work from quantised or corrected features
 * without a copy of the whole chunk. For one thread at a time.
 */
@FunctionalInterface
public interface FeaturePlanes {
  /** What stands for "not valid" among quantised features. */
  short NOT_VALID = Short.MIN_VALUE;

  /**
   * Feature cells of a chunk.
   *
   * @param row from 0
   * @param column from 0
   */
  record Cells(int row, int column, int rows, int columns) {
    int count() {
      return rows * columns;
    }
  }

  /**
   * Copies cells.
   *
   * @param feature which feature, from 0
   * @param target receives physical values, row behind row, NaN where not valid; has room for them
   * @return whether there may be a NaN among them
   */
  boolean read(int feature, Cells cells, float[] target);

  /**
   * Features as float values.
   *
   * @param values [feature][row][column], NaN where not valid; not copied
   * @param columns cells in a row
   * @param rows rows of a feature
   */
  static FeaturePlanes of(float[] values, int columns, int rows) {
    int plane = columns * rows;
    return (feature, cells, target) -> {
      for (int row = 0; row < cells.rows(); row++) {
        int from = feature * plane + (cells.row() + row) * columns + cells.column();
        System.arraycopy(values, from, target, row * cells.columns(), cells.columns());
      }
      return hasNaN(target, 0, cells.count());
    };
  }

  /** Four sums, because one would wait for each addition: values without a gap are the rule. */
  private static boolean hasNaN(float[] values, int from, int length) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int at = from;
    for (; at + 3 < from + length; at += 4) {
      a += values[at] * 0f;
      b += values[at + 1] * 0f;
      c += values[at + 2] * 0f;
      d += values[at + 3] * 0f;
    }
    for (; at < from + length; at++) {
      a += values[at] * 0f;
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
    return new QuantisedPlanes(values, columns, rows, manifest.features(), correction);
  }
}
