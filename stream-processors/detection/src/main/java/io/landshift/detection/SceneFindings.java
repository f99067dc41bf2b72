package io.landshift.detection;

import io.landshift.change.Shift;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.ScoreSummary;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What the chunks of a folded scene say together of the scene. Pure functions. */
final class SceneFindings {
  private SceneFindings() {}

  /**
   * Why the scene as a whole is not believed; null where it is.
   *
   * @param settings what a chunk may score, and how far a look may lie off
   */
  static @Nullable SceneFailure of(FoldedScene scene, DetectionSettings settings) {
    SceneFailure misregistered = misregistered(scene, settings.registrationLimit());
    if (misregistered != null) {
      return misregistered;
    }
    SceneFailure step = StepFindings.of(scene);
    if (step != null) {
      return step;
    }
    long monitored = 0;
    long suspicious = 0;
    for (FoldedChunk chunk : scene.chunks()) {
      Folded folded = chunk.result();
      monitored += folded.coverage().getMonitored();
      boolean otherwise = folded.misregistered() || folded.step() != null;
      suspicious += folded.believed() || otherwise ? 0 : folded.coverage().getMonitored();
    }
    if (suspicious * 2 <= monitored) {
      return null;
    }
    return new SceneFailure(
        FailureReason.SUSPICIOUS_CHANGE,
        "fold",
        "%d of %d monitored pixels are in chunks where too much scores high; not folded. Look at the scene: release it where the change is real; a second scene like it is believed anyway"
            .formatted(suspicious, monitored),
        evidence(scene, monitored, settings.suspiciousShare()));
  }

  private static @Nullable SceneFailure misregistered(FoldedScene scene, double limit) {
    long clear = 0;
    long misplaced = 0;
    for (FoldedChunk chunk : scene.chunks()) {
      Folded folded = chunk.result();
      clear += folded.coverage().getClear();
      misplaced += folded.misregistered() ? folded.coverage().getClear() : 0;
    }
    if (misplaced * 2 <= clear) {
      return null;
    }
    return new SceneFailure(
        FailureReason.MISREGISTERED,
        "fold",
        "the scene lies farther from where earlier looks lie than looks are moved back; not folded. Released, it is moved back all the same",
        Map.of(
            "pixels to the east of earlier looks", pixels(shiftEast(scene), limit),
            "pixels to the south of earlier looks", pixels(shiftSouth(scene), limit)));
  }

  private static String pixels(@Nullable Double shift, double limit) {
    return String.format(Locale.ROOT, "%.2f, expected -%s to %s", shift, limit, limit);
  }

  /**
   * Pixels by which the scene lies east of earlier looks, the median of its chunks; null = unknown.
   */
  static @Nullable Double shiftEast(FoldedScene scene) {
    return median(scene, Shift::east);
  }

  /** Likewise south. */
  static @Nullable Double shiftSouth(FoldedScene scene) {
    return median(scene, Shift::south);
  }

  private static @Nullable Double median(FoldedScene scene, ToIntFunction<Shift> axis) {
    int[] steps =
        scene.chunks().stream()
            .map(chunk -> chunk.result().shift())
            .filter(Shift::measured)
            .mapToInt(axis)
            .sorted()
            .toArray();
    return steps.length == 0 ? null : (double) steps[(steps.length - 1) / 2] / Shift.STEPS;
  }

  private static Map<String, String> evidence(
      FoldedScene scene, long monitored, double suspiciousShare) {
    Map<String, Long> high = new TreeMap<>();
    for (FoldedChunk chunk : scene.chunks()) {
      for (ScoreSummary summary : chunk.result().summaries()) {
        high.merge(summary.getScore(), summary.getHigh(), Long::sum);
      }
    }
    Map<String, String> evidence = new TreeMap<>();
    high.forEach((score, pixels) ->
        evidence.put(
            "pixels that score high, " + score,
            String.format(
                Locale.ROOT,
                "%.1f %% of %d monitored, expected at most %.0f %% of a chunk",
                100.0 * pixels / monitored,
                monitored,
                100 * suspiciousShare)));
    return evidence;
  }
}
