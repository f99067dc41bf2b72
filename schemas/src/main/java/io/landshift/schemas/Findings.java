package io.landshift.schemas;

/**
 * The failures that are findings: the scene could be processed, but what was measured says that it
 * must not be believed. A person who knows better can accept them ({@code
 * SceneAvailable.accepted}).
 */
public final class Findings {
  private Findings() {}

  /** Whether scenes are quarantined, and not refused, for this reason. */
  public static boolean isFinding(FailureReason reason) {
    return switch (reason) {
      case RADIOMETRY_CONTRADICTED, MISREGISTERED, PLATFORM_STEP, HAZE, SUSPICIOUS_CHANGE -> true;
      default -> false;
    };
  }
}
