package io.landshift.detection;

import io.landshift.schemas.Coverage;
import java.time.Instant;
import java.util.List;

/**
 * A scene all of whose chunks are folded.
 *
 * @param chunks in row order
 * @param read what reading and encoding it took
 */
public record FoldedScene(
    ScenePlan plan, List<FoldedChunk> chunks, ReadReport read, Instant encoded, Instant folded) {

  /** What reading and encoding a scene took, over all chunks. */
  public record ReadReport(
      Coverage coverage,
      long blocksDecoded,
      long blocksDistinct,
      double readSeconds,
      double encodeSeconds) {}
}
