package io.landshift.detection;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;

/**
 * Why a scene could not go on, and at which stage.
 *
 * @param stage {@code release}, {@code plan}, {@code encode}, {@code fold}, {@code assemble} or
 *     {@code track}
 */
public record SceneFailure(FailureReason reason, String stage, String message) {

  /** A failure from whatever was thrown; what is not typed is a fault of Landshift. */
  static SceneFailure of(String stage, Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof LandshiftException typed) {
        return new SceneFailure(typed.reason(), stage, typed.detail());
      }
    }
    return new SceneFailure(FailureReason.INTERNAL, stage, thrown.toString());
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
          MODEL_DIGEST_MISMATCH,
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
