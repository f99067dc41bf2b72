package io.landshift.detection;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be done for one scene, decided once: the chunks it touches and the model it is seen
 * with.
 *
 * @param chunkSize side of a chunk in pixels, from the grid's origin
 * @param modelDigest the bundle that every stage of this scene uses
 * @param modelHref where the workers find that bundle
 */
public record ScenePlan(
    SceneAvailable scene, int chunkSize, String modelDigest, String modelHref, Instant planned) {

  /** The scene's reference. */
  public SceneRef ref() {
    return SceneRef.of(scene);
  }

  /** How many chunks the scene touches. */
  public int chunkCount() {
    PixelWindow window = scene.getWindow();
    int columns = lastIndex(window.getX(), window.getWidth()) - window.getX() / chunkSize + 1;
    int rows = lastIndex(window.getY(), window.getHeight()) - window.getY() / chunkSize + 1;
    return columns * rows;
  }

  /** The chunks the scene touches, row by row, so that one reader decodes each block once. */
  public List<ChunkTask> chunks() {
    PixelWindow window = scene.getWindow();
    List<ChunkTask> chunks = new ArrayList<>(chunkCount());
    int lastRow = lastIndex(window.getY(), window.getHeight());
    int lastColumn = lastIndex(window.getX(), window.getWidth());
    for (int row = window.getY() / chunkSize; row <= lastRow; row++) {
      for (int column = window.getX() / chunkSize; column <= lastColumn; column++) {
        chunks.add(new ChunkTask(this, column, row));
      }
    }
    return chunks;
  }

  /** The pixels of a chunk that the scene covers. */
  public PixelWindow windowOf(int column, int row) {
    return Windows.intersect(chunkWindow(column, row), scene.getWindow());
  }

  private PixelWindow chunkWindow(int column, int row) {
    Grid grid = scene.getGrid();
    PixelWindow whole = new PixelWindow(column * chunkSize, row * chunkSize, chunkSize, chunkSize);
    return Windows.intersect(whole, new PixelWindow(0, 0, grid.getWidth(), grid.getHeight()));
  }

  private int lastIndex(int start, int length) {
    return (start + length - 1) / chunkSize;
  }
}
