package io.landshift.detection;

import io.landshift.change.LifecycleStatus;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.PixelWindow;
import io.landshift.store.ChunkKey;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One map of a scene as rows, put together from its stored chunks. Chunks come in row order and
 * rows are asked for from north to south, so only one row of chunks is in memory. For use by one
 * thread.
 */
final class ChunkMosaic implements RowSource {
  private final PixelWindow window;
  private final List<FoldedChunk> chunks;
  private final Function<FoldedChunk, Tile> loader;
  private final List<Tile> loaded = new ArrayList<>();

  private ChunkMosaic(FoldedScene scene, Function<FoldedChunk, Tile> loader) {
    this.window = scene.plan().scene().getWindow();
    this.chunks = scene.chunks();
    this.loader = loader;
  }

  /**
   * Pixels of one chunk.
   *
   * @param window what they cover
   * @param planes one for each band of the map
   */
  private record Tile(PixelWindow window, List<Plane> planes) {}

  /** One band of a chunk. */
  private sealed interface Plane {
    record Bytes(byte[] values) implements Plane {}

    record Shorts(short[] values) implements Plane {}
  }

  static ChunkMosaic landCover(PixelStore store, FoldedScene scene) {
    return new ChunkMosaic(
        scene,
        chunk ->
            new Tile(
                chunk.window(),
                List.of(
                    new Plane.Bytes(
                        store.get(key(chunk), PixelKind.CLASSES, chunk.result().classes())))));
  }

  /** One band for each class. */
  static ChunkMosaic probabilities(PixelStore store, FoldedScene scene, int classes) {
    return new ChunkMosaic(
        scene,
        chunk -> {
          String digest = chunk.result().probabilities();
          int pixels = Windows.pixels(chunk.window());
          List<Plane> planes = new ArrayList<>();
          for (int i = 0; i < classes; i++) {
            planes.add(
                new Plane.Bytes(
                    store.get(key(chunk), PixelKind.PROBABILITIES, digest, i * pixels, pixels)));
          }
          return new Tile(chunk.window(), planes);
        });
  }

  static ChunkMosaic score(PixelStore store, FoldedScene scene, int score) {
    return new ChunkMosaic(
        scene,
        chunk -> {
          int pixels = Windows.pixels(chunk.window());
          short[] one =
              store.getWords(
                  key(chunk), PixelKind.SCORES, chunk.result().scores(), score * pixels, pixels);
          return new Tile(chunk.window(), List.of(new Plane.Shorts(one)));
        });
  }

  static ChunkMosaic status(PixelStore store, FoldedScene scene, int score) {
    return new ChunkMosaic(
        scene,
        chunk -> {
          PixelWindow window = chunk.result().statusWindow();
          byte[] codes =
              store.get(
                  key(chunk),
                  PixelKind.STATUS,
                  chunk.result().status().get(score),
                  LifecycleStatus.CODES_AT,
                  Windows.pixels(window));
          return new Tile(window, List.of(new Plane.Bytes(codes)));
        });
  }

  /** First day, then day of the first confirmation. */
  static ChunkMosaic days(PixelStore store, FoldedScene scene, int score) {
    return new ChunkMosaic(
        scene,
        chunk -> {
          LifecycleStatus status =
              StatusBefore.read(store, key(chunk), chunk.result().status().get(score));
          return new Tile(
              chunk.result().statusWindow(),
              List.of(
                  new Plane.Shorts(status.confirmedFirstDay()),
                  new Plane.Shorts(status.confirmedDay())));
        });
  }

  private static ChunkKey key(FoldedChunk chunk) {
    return new ChunkKey(chunk.scene().gridCode(), chunk.column(), chunk.row());
  }

  @Override
  public void rows(int band, int y, int height, ByteBuffer into) {
    PixelWindow stretch =
        new PixelWindow(window.getX(), window.getY() + y, window.getWidth(), height);
    load(stretch);
    for (Tile tile : loaded) {
      switch (tile.planes().get(band - 1)) {
        case Plane.Bytes plane ->
            Windows.copyRows(
                tile.window(),
                stretch,
                (from, to, length) -> into.put(to, plane.values(), from, length));
        case Plane.Shorts plane ->
            Windows.copyRows(
                tile.window(),
                stretch,
                (from, to, length) -> into.asShortBuffer().put(to, plane.values(), from, length));
      }
    }
  }

  private void load(PixelWindow stretch) {
    loaded.removeIf(tile -> Windows.isEmpty(Windows.intersect(tile.window(), stretch)));
    for (FoldedChunk chunk : chunks) {
      boolean needed = !Windows.isEmpty(Windows.intersect(chunk.window(), stretch));
      if (needed && !isLoaded(chunk)) {
        loaded.add(loader.apply(chunk));
      }
    }
  }

  private boolean isLoaded(FoldedChunk chunk) {
    for (Tile tile : loaded) {
      if (!Windows.isEmpty(Windows.intersect(tile.window(), chunk.window()))) {
        return true;
      }
    }
    return false;
  }
}
