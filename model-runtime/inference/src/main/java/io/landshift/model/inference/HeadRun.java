package io.landshift.model.inference;

import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowGeometry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a head over the tiles of one chunk. Used once, by one thread. */
final class HeadRun implements GraphSession.Job {
  /** Takes the output row by row, pixels that are not valid among them. */
  interface RowSink {
    /**
     * Takes part of a row.
     *
     * @param channel channel of the output
     * @param plane where the values are
     * @param from first value in the plane
     * @param to first pixel in the chunk, row * width + column
     * @param length number of pixels
     */
    void take(int channel, float[] plane, int from, int to, int length);
  }

  /**
   * What a chunk has of a tile, in feature cells: at the chunk's borders less than a whole one.
   *
   * @param column in the chunk
   * @param row in the chunk
   * @param insideColumn where the first of them lies in the tile
   * @param insideRow likewise
   */
  record Tile(int column, int row, int columns, int rows, int insideColumn, int insideRow) {}

  private final WindowGeometry geometry;
  private final Map<String, FeaturePlanes> inputs;
  private final float @Nullable [] presenceVector;
  private final boolean[] existing;
  private final int columns;
  private final int rows;
  private final int channels;
  private final RowSink sink;
  private final boolean[] results;
  private final List<Tile> tiles = new ArrayList<>();

  /** The values of a tile that is cut off by the chunk's border. */
  private float[] part = new float[0];

  /**
   * @param inputs features by tensor name
   * @param presenceVector to be fed; null where the graph does not take it
   * @param existing which features exist; the others are fed as 0
   * @param chunk where the cells lie on the grid, pixels
   * @param channels channels of the output
   * @param wanted [row][column] the cells whose results are of use; null = all
   */
  HeadRun(
      WindowGeometry geometry,
      Map<String, FeaturePlanes> inputs,
      float @Nullable [] presenceVector,
      boolean[] existing,
      PixelRegion chunk,
      int channels,
      boolean @Nullable [] wanted,
      RowSink sink) {
    this.geometry = geometry;
    this.inputs = new LinkedHashMap<>(inputs);
    this.presenceVector = presenceVector;
    this.existing = existing;
    this.columns = chunk.width() / geometry.stride();
    this.rows = chunk.height() / geometry.stride();
    this.channels = channels;
    this.sink = sink;
    this.results = wanted == null ? new boolean[columns * rows] : wanted.clone();
    if (wanted == null) {
      Arrays.fill(results, true);
    }
    addTiles(chunk.x() / geometry.stride(), chunk.y() / geometry.stride());
  }

  /**
   * Runs the head over all tiles that hold a wanted cell.
   *
   * @return [row][column] whether a cell has a result: it is wanted, and every existing feature of
   *     every input has a value there
   */
  boolean[] run(GraphSession session) {
    session.run(tiles.size(), this);
    return results;
  }

  @Override
  public void fill(Workspace workspace, int slot, int item) {
    Tile tile = tiles.get(item);
    for (var input : inputs.entrySet()) {
      for (int feature = 0; feature < existing.length; feature++) {
        boolean whole = existing[feature] && isWhole(tile);
        if (!whole) {
          Arrays.fill(workspace.plane(), 0f);
        }
        if (existing[feature]) {
          copyTile(input.getValue(), feature, tile, workspace.plane());
        }
        workspace.put(input.getKey(), slot, feature);
      }
    }
    if (presenceVector != null) {
      workspace.putVector(ModelSession.PRESENCE, slot, presenceVector);
    }
  }

  @Override
  public void drain(Workspace workspace, int slot, int item) {
    Tile tile = tiles.get(item);
    int stride = geometry.stride();
    int width = columns * stride;
    for (int channel = 0; channel < channels; channel++) {
      workspace.get(slot, channel);
      for (int row = 0; row < tile.rows() * stride; row++) {
        int from =
            (tile.insideRow() * stride + row) * geometry.headSize() + tile.insideColumn() * stride;
        int to = (tile.row() * stride + row) * width + tile.column() * stride;
        sink.take(channel, workspace.plane(), from, to, tile.columns() * stride);
      }
    }
  }

  private boolean isWhole(Tile tile) {
    return tile.columns() == geometry.headWindow() && tile.rows() == geometry.headWindow();
  }

  private void copyTile(FeaturePlanes planes, int feature, Tile tile, float[] target) {
    FeaturePlanes.Cells cells =
        new FeaturePlanes.Cells(tile.row(), tile.column(), tile.rows(), tile.columns());
    boolean whole = isWhole(tile);
    if (!whole && part.length < cells.count()) {
      part = new float[cells.count()];
    }
    float[] values = whole ? target : part;
    if (planes.read(feature, cells, values)) {
      leaveOutNaN(values, tile);
    }
    for (int row = 0; !whole && row < tile.rows(); row++) {
      int to = (tile.insideRow() + row) * geometry.headWindow() + tile.insideColumn();
      System.arraycopy(values, row * tile.columns(), target, to, tile.columns());
    }
  }

  private void leaveOutNaN(float[] values, Tile tile) {
    for (int row = 0; row < tile.rows(); row++) {
      int from = row * tile.columns();
      int cell = (tile.row() + row) * columns + tile.column();
      for (int column = 0; column < tile.columns(); column++) {
        if (Float.isNaN(values[from + column])) {
          values[from + column] = 0f;
          results[cell + column] = false;
        }
      }
    }
  }

  /** Tiles of the grid: where a chunk begins does not matter to a pixel's result. */
  private void addTiles(int gridColumn, int gridRow) {
    int side = geometry.headWindow();
    for (int row = 0; row < rows; ) {
      int insideRow = (gridRow + row) % side;
      int tall = Math.min(side - insideRow, rows - row);
      for (int column = 0; column < columns; ) {
        int insideColumn = (gridColumn + column) % side;
        int wide = Math.min(side - insideColumn, columns - column);
        Tile tile = new Tile(column, row, wide, tall, insideColumn, insideRow);
        // A tile without a wanted cell leaves no trace in the result.
        if (hasWantedCell(tile)) {
          tiles.add(tile);
        }
        column += wide;
      }
      row += tall;
    }
  }

  private boolean hasWantedCell(Tile tile) {
    for (int row = tile.row(); row < tile.row() + tile.rows(); row++) {
      for (int column = tile.column(); column < tile.column() + tile.columns(); column++) {
        if (results[row * columns + column]) {
          return true;
        }
      }
    }
    return false;
  }
}
