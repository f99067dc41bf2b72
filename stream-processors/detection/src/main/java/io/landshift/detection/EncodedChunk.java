package io.landshift.detection;

import io.landshift.ingest.scenes.PixelEvidence;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.PixelWindow;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that was read and encoded: addresses in the pixel store, and what was seen.
 *
 * @param encoderDigest the encoder that made the features: only features of one encoder compare
 * @param features address of the features: int16, [channel][row][column] of {@code window}
 * @param quality address of the quality codes: one byte a pixel of {@code window}
 * @param presence one flag for each band of the bundle's input groups: whether the scene has it
 * @param coverage pixels, nodata, masked and clear; the rest 0
 * @param evidence what the pixels say of radiometry and haze
 * @param failure why it could not be read or encoded; the addresses are empty then
 */
public record EncodedChunk(
    ScenePlan plan,
    int column,
    int row,
    PixelWindow window,
    String encoderDigest,
    String features,
    String quality,
    boolean[] presence,
    Coverage coverage,
    PixelEvidence evidence,
    long blocksDecoded,
    long blocksDistinct,
    double readSeconds,
    double encodeSeconds,
    @Nullable SceneFailure failure) {

  /** A chunk that failed. */
  static EncodedChunk failed(ChunkTask task, SceneFailure failure) {
    Coverage nothing = new Coverage(0L, 0L, 0L, 0L, 0L, 0L);
    return new EncodedChunk(
        task.plan(),
        task.column(),
        task.row(),
        task.window(),
        "",
        "",
        "",
        new boolean[0],
        nothing,
        PixelEvidence.NONE,
        0,
        0,
        0,
        0,
        failure);
  }

  /** The key of everything that is kept per chunk. */
  public String chunkKey() {
    return plan.scene().getGrid().getCode() + '|' + column + '|' + row;
  }
}
