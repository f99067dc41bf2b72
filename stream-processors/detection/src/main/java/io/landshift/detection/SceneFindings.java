package io.landshift.detection;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.ScoreSummary;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the chunks of a folded scene say together of the scene. Pure functions. */
final class SceneFindings {
  private SceneFindings() {}

  /**
   * Why the scene as a whole is not believed; null where it is.
   *
   * @param suspiciousShare share of a chunk that may score high, 0..1
   */
  static @Nullable SceneFailure of(FoldedScene scene, double suspiciousShare) {
    long monitored = 0;
    long suspicious = 0;
    for (FoldedChunk chunk : scene.chunks()) {
      Folded folded = chunk.result();
      monitored += folded.coverage().getMonitored();
      suspicious += folded.believed() ? 0 : folded.coverage().getMonitored();
    }
    if (suspicious * 2 <= monitored) {
      return null;
    }
    return new SceneFailure(
        FailureReason.SUSPICIOUS_CHANGE,
        "fold",
        "%d of %d monitored pixels are in chunks where too much scores high; not folded. Look at the scene: release it where the change is real; a second scene like it is believed anyway"
            .formatted(suspicious, monitored),
        evidence(scene, monitored, suspiciousShare));
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
