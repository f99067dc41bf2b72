package io.landshift.detection;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Findings;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneResult;
import java.util.Map;

/**
 * Why a scene could not go on, and at which stage.
 *
 * @param stage {@code release}, {@code plan}, {@code encode}, {@code fold}, {@code assemble} or
 *     {@code track}
 * @param evidence what was measured and what was expected, by name; empty where nothing was
 */
public record SceneFailure(
    FailureReason reason, String stage, String message, Map<String, String> evidence) {

  /** A failure that nothing was measured for. */
  SceneFailure(FailureReason reason, String stage, String message) {
    this(reason, stage, message, Map.of());
  }

  /** A failure from whatever was thrown; what is not typed is a fault of Landshift. */
  static SceneFailure of(String stage, Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof LandshiftException typed) {
        return new SceneFailure(typed.reason(), stage, typed.detail());
      }
    }
    return new SceneFailure(FailureReason.INTERNAL, stage, thrown.toString());
  }

  /** Whether a person has looked at just this and accepts the scene. */
  boolean isAcceptedBy(SceneAvailable scene) {
    return Findings.isFinding(reason) && scene.getAccepted().contains(reason);
  }

  /** How the scene ended. */
  SceneResult result() {
    if (Findings.isFinding(reason)) {
      return SceneResult.QUARANTINED;
    }
    return isTheScenes() ? SceneResult.REFUSED : SceneResult.FAILED;
  }

  /** Whether the scene itself is at fault, and not a resource that may come back. */
  boolean isTheScenes() {
    return switch (reason) {
      case RECORD_UNREADABLE,
          METADATA_INVALID,
          ASSETS_ABSENT,
          ASSET_MISSING,
          ASSET_UNREADABLE,
          HREF_REFUSED,
          LIMIT_EXCEEDED,
          BAND_MISSING,
          NO_OVERLAP,
          NO_VALID_PIXELS,
          ALL_CLOUD,
          SCENE_INCOMPLETE,
          RADIOMETRY_CONTRADICTED,
          MISREGISTERED,
          PLATFORM_STEP,
          HAZE,
          SUSPICIOUS_CHANGE,
          TOO_LATE ->
          true;
      case UNKNOWN,
          MODALITY_NOT_SERVED,
          MODEL_DIGEST_MISMATCH,
          MODEL_SIGNATURE_INVALID,
          MODEL_INVALID,
          INFERENCE_FAILED,
          PROVIDER_UNAVAILABLE,
          STORAGE_FULL,
          STORAGE_UNAVAILABLE,
          STORAGE_CORRUPT,
          SOURCE_UNAVAILABLE,
          ACCESS_DENIED,
          SERVICE_UNAVAILABLE,
          INTERNAL ->
          false;
    };
  }
}
