package io.landshift.detection;

import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.StageTimes;
import java.util.List;
import java.util.TreeSet;

/**
 * A scene as the tracker keeps it: what it saw active, and the objects after it.
 *
 * @param looks product ids of the looks that its chunks were compared with, sorted
 * @param tables address of the table of objects after this scene, one for each score; empty before
 *     it is tracked
 */
public record TrackedScene(
    SceneRef scene,
    String modelDigest,
    String modelHref,
    List<Chunk> chunks,
    List<String> looks,
    StageTimes times,
    List<String> tables) {

  /**
   * A chunk of the scene.
   *
   * @param window the pixels that {@code active} speaks of
   * @param active address of the active pixels, one for each score
   */
  public record Chunk(int column, int row, PixelWindow window, List<String> active) {}

  static TrackedScene of(AssembledScene assembled) {
    TreeSet<String> looks = new TreeSet<>();
    List<Chunk> chunks =
        assembled.chunks().stream()
            .map(chunk -> {
              looks.addAll(chunk.result().looks());
              return new Chunk(
                  chunk.column(),
                  chunk.row(),
                  chunk.result().statusWindow(),
                  chunk.result().active());
            })
            .toList();
    return new TrackedScene(
        assembled.plan().ref(),
        assembled.plan().modelDigest(),
        assembled.plan().modelHref(),
        chunks,
        List.copyOf(looks),
        assembled.outcome().getTimes(),
        List.of());
  }

  TrackedScene with(List<String> newTables) {
    return new TrackedScene(scene, modelDigest, modelHref, chunks, looks, times, newTables);
  }

  /** Whether the other saw the same. */
  boolean sees(TrackedScene other) {
    return scene.equals(other.scene)
        && modelDigest.equals(other.modelDigest)
        && chunks.equals(other.chunks)
        && looks.equals(other.looks);
  }
}
