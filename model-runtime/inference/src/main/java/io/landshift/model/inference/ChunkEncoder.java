package io.landshift.model.inference;

import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.InputGroup;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.model.bundle.WindowPlan;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes one chunk: bands to quantised features. Used once, by one thread. */
final class ChunkEncoder implements GraphSession.Job {
  private static final int LARGEST = Short.MAX_VALUE;

  private final BundleManifest manifest;
  private final WindowGeometry geometry;
  private final ChunkInput input;
  private final float @Nullable [] presenceVector;
  private final boolean[] existing;
  private final boolean[] validCells;
  private final List<WindowPlan.Window> windows;
  private final short[] features;
  private final int columns;
  private final int rows;

  /**
   * @param presenceVector to be fed; null where the graph does not take it
   */
  ChunkEncoder(BundleManifest manifest, ChunkInput input, float @Nullable [] presenceVector) {
    this.manifest = manifest;
    this.geometry = manifest.window();
    this.input = input;
    this.presenceVector = presenceVector;
    this.existing = manifest.existingFeatures(input.presence());
    PixelRegion chunk = input.plan().chunk();
    this.columns = chunk.width() / geometry.stride();
    this.rows = chunk.height() / geometry.stride();
    this.validCells = validCells();
    this.features = new short[manifest.encodedFeatures() * columns * rows];
    Arrays.fill(features, FeaturePlanes.NOT_VALID);
    // A window whose every cell is not valid leaves no trace in the result.
    this.windows = input.plan().windows().stream().filter(this::hasValidCell).toList();
  }

  /** [feature][row][column] of the chunk's cells, of the features that the encoder gives. */
  short[] encode(GraphSession session) {
    session.run(windows.size(), this);
    return features;
  }

  @Override
  public void fill(Workspace workspace, int slot, int item) {
    PixelRegion window = windows.get(item).input();
    int band = 0;
    for (InputGroup group : manifest.inputs()) {
      int channel = 0;
      for (Band meaning : group.bands()) {
        float[] values = input.bands()[band];
        if (values == null) {
          Arrays.fill(workspace.plane(), 0f);
        } else {
          copyWindow(meaning, values, window, workspace.plane());
        }
        workspace.put(group.tensor(), slot, channel);
        band++;
        channel++;
      }
    }
    if (presenceVector != null) {
      workspace.putVector(ModelSession.PRESENCE, slot, presenceVector);
    }
  }

  @Override
  public void drain(Workspace workspace, int slot, int item) {
    WindowPlan.Window window = windows.get(item);
    for (int feature = 0; feature < manifest.encodedFeatures(); feature++) {
      if (existing[feature]) {
        workspace.get(slot, feature);
        quantise(workspace.plane(), window, feature);
      }
    }
  }

  private void copyWindow(Band band, float[] values, PixelRegion window, float[] target) {
    PixelRegion region = input.region();
    int size = window.width();
    int left = Math.max(window.x(), region.x());
    int right = Math.min(window.right(), region.right());
    for (int row = 0; row < size; row++) {
      int y = window.y() + row;
      int to = row * size;
      Arrays.fill(target, to, to + size, 0f);
      if (y >= region.y() && y < region.bottom() && left < right) {
        int from = (y - region.y()) * region.width() + left - region.x();
        int first = to + left - window.x();
        band.normalise(values, from, target, first, right - left);
      }
    }
  }

  private void quantise(float[] plane, WindowPlan.Window window, int feature) {
    PixelRegion chunk = input.plan().chunk();
    int stride = geometry.stride();
    int windowCells = geometry.size() / stride;
    int left = Math.max(window.core().x(), chunk.x());
    int right = Math.min(window.core().right(), chunk.right());
    int top = Math.max(window.core().y(), chunk.y());
    int bottom = Math.min(window.core().bottom(), chunk.bottom());
    double step = manifest.features().get(feature).step();
    int[] steps = new int[(right - left) / stride];
    for (int y = top; y < bottom; y += stride) {
      int from =
          (y - window.input().y()) / stride * windowCells + (left - window.input().x()) / stride;
      int cell = (y - chunk.y()) / stride * columns + (left - chunk.x()) / stride;
      quantise(plane, from, step, steps);
      int to = feature * columns * rows + cell;
      for (int i = 0; i < steps.length; i++) {
        features[to + i] = validCells[cell + i] ? (short) steps[i] : FeaturePlanes.NOT_VALID;
      }
    }
  }

  /**
   * The nearest step, halves upward; what does not fit is clamped, NaN is not valid. Without a
   * division and without a branch.
   *
   * @param from the first number
   * @param steps receives one step for each of its length
   */
  static void quantise(float[] plane, int from, double step, int[] steps) {
    double perUnit = 1 / step;
    for (int i = 0; i < steps.length; i++) {
      // Above 0, where a cast rounds down as floor does; NaN becomes 0.
      int above = (int) (plane[from + i] * perUnit + (LARGEST + 1 + 0.5));
      steps[i] = Math.max(1, Math.min(2 * LARGEST + 1, above)) - (LARGEST + 1);
    }
    boolean gaps = false;
    for (int i = 0; i < steps.length; i++) {
      gaps |= Float.isNaN(plane[from + i]);
    }
    for (int i = 0; gaps && i < steps.length; i++) {
      steps[i] = Float.isNaN(plane[from + i]) ? FeaturePlanes.NOT_VALID : steps[i];
    }
  }

  private boolean hasValidCell(WindowPlan.Window window) {
    PixelRegion chunk = input.plan().chunk();
    int stride = geometry.stride();
    int left = (Math.max(window.core().x(), chunk.x()) - chunk.x()) / stride;
    int right = (Math.min(window.core().right(), chunk.right()) - chunk.x()) / stride;
    int top = (Math.max(window.core().y(), chunk.y()) - chunk.y()) / stride;
    int bottom = (Math.min(window.core().bottom(), chunk.bottom()) - chunk.y()) / stride;
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        if (validCells[row * columns + column]) {
          return true;
        }
      }
    }
    return false;
  }

  /** A cell is valid if each of its pixels has a value in every present band. */
  private boolean[] validCells() {
    boolean[] cells = new boolean[columns * rows];
    Arrays.fill(cells, true);
    PixelRegion chunk = input.plan().chunk();
    PixelRegion region = input.region();
    int left = Math.max(chunk.x(), region.x()) - chunk.x();
    int right = Math.min(chunk.right(), region.right()) - chunk.x();
    for (int row = 0; row < chunk.height(); row++) {
      int y = chunk.y() + row;
      boolean inside = y >= region.y() && y < region.bottom() && left < right;
      leaveOut(cells, row, 0, inside ? left : chunk.width());
      leaveOut(cells, row, inside ? right : chunk.width(), chunk.width());
      for (float[] band : input.bands()) {
        if (inside && band != null) {
          int first = (y - region.y()) * region.width() + chunk.x() - region.x();
          leaveOutNaN(cells, row, band, first, left, right);
        }
      }
      leaveOutMasked(cells, row);
    }
    return cells;
  }

  private void leaveOut(boolean[] cells, int row, int from, int to) {
    for (int column = from; column < to; column++) {
      cells[cell(row, column)] = false;
    }
  }

  private void leaveOutNaN(boolean[] cells, int row, float[] band, int first, int from, int to) {
    for (int column = from; column < to; column++) {
      if (Float.isNaN(band[first + column])) {
        cells[cell(row, column)] = false;
      }
    }
  }

  private void leaveOutMasked(boolean[] cells, int row) {
    boolean[] mask = input.valid();
    int width = input.plan().chunk().width();
    for (int column = 0; mask != null && column < width; column++) {
      if (!mask[row * width + column]) {
        cells[cell(row, column)] = false;
      }
    }
  }

  private int cell(int row, int column) {
    return row / geometry.stride() * columns + column / geometry.stride();
  }
}
