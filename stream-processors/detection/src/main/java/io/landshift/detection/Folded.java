package io.landshift.detection;

import io.landshift.change.GroundStep;
import io.landshift.change.Shift;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.ScoreSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one observation of a chunk: addresses in the pixel store, and counts.
 *
 * @param inputs digest of everything the result was computed from; equal inputs, equal result
 * @param scores address of the scores: uint16 in steps of 0.01, [score][row][column] of the
 *     observation's window
 * @param classes address of the land cover: one byte a pixel of the observation's window
 * @param probabilities address of the class probabilities, [class][row][column] as {@link
 *     ChunkClasses#probabilities}; empty where nobody asked for them
 * @param statusWindow the pixels that have ever been covered, hence the extent of {@code status}
 * @param status address of the lifecycle status after this observation, one for each score
 * @param active address of the pixels from provisional upward, one for each score
 * @param looks product ids of the looks that made the reference
 * @param shift how far the look was found to lie from earlier ones; what is stored of the look
 *     itself stays where it lay, and is moved back wherever it is used
 * @param misregistered whether it lies too far off to be moved back: it is not believed
 * @param ground by how much unchanged ground differs from the reference, band by band
 * @param step what that difference is taken for where it keeps the look from being believed ({@link
 *     StepFindings}); null where it does not
 * @param suspicious whether so much scored high that the scene, not the ground, is suspected
 * @param believed whether the scores were folded: not where only this observation is suspicious
 */
public record Folded(
    String inputs,
    String scores,
    String classes,
    String probabilities,
    PixelWindow statusWindow,
    List<String> status,
    List<String> active,
    List<String> looks,
    Shift shift,
    boolean misregistered,
    GroundStep ground,
    @Nullable FailureReason step,
    boolean suspicious,
    boolean believed,
    Coverage coverage,
    List<ScoreSummary> summaries,
    double seconds) {

  /** By how much the look is moved back wherever it is used. */
  Shift correction() {
    return misregistered ? Shift.UNKNOWN : shift;
  }
}
