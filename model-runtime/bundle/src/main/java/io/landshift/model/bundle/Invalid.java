package io.landshift.model.bundle;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import org.jspecify.annotations.Nullable;

/** Makes the failures of this module. */
final class Invalid {
  private Invalid() {}

  /** A bundle that breaks the contract. */
  static LandshiftException model(String message) {
    return model(message, null);
  }

  static LandshiftException model(String message, @Nullable Throwable cause) {
    return new LandshiftException(FailureReason.MODEL_INVALID, message, cause);
  }

  /** A bundle that is not the one that was stated. */
  static LandshiftException digest(String message) {
    return new LandshiftException(FailureReason.MODEL_DIGEST_MISMATCH, message);
  }

  /** A bundle, a signature or a key that cannot vouch for what it should. */
  static LandshiftException signature(String message) {
    return new LandshiftException(FailureReason.MODEL_SIGNATURE_INVALID, message);
  }

  /** A bundle that is too large to be read safely. */
  static LandshiftException limit(String message) {
    return new LandshiftException(FailureReason.LIMIT_EXCEEDED, message);
  }
}
