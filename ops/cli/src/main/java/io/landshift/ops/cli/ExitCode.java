package io.landshift.ops.cli;

import io.landshift.schemas.FailureReason;

/** What the process tells its caller when it ends. */
final class ExitCode {
  static final int OK = 0;

  /** A fault of Landshift or of the machine. */
  static final int FAILED = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** An input is missing, broken or refused. */
  static final int INPUT = 3;

  /** A model is broken or refused. */
  static final int MODEL = 4;

  /** A disk is full, or a folder, port, broker, catalogue or store cannot be used. */
  static final int STORAGE = 5;

  private ExitCode() {}

  static int of(FailureReason reason) {
    return switch (reason) {
      case RECORD_UNREADABLE,
          METADATA_INVALID,
          ASSETS_ABSENT,
          ASSET_MISSING,
          ASSET_UNREADABLE,
          HREF_REFUSED,
          LIMIT_EXCEEDED,
          BAND_MISSING,
          MODALITY_NOT_SERVED,
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
          INPUT;
      case MODEL_DIGEST_MISMATCH,
          MODEL_SIGNATURE_INVALID,
          MODEL_INVALID,
          INFERENCE_FAILED,
          PROVIDER_UNAVAILABLE ->
          MODEL;
      case STORAGE_FULL,
          STORAGE_UNAVAILABLE,
          STORAGE_CORRUPT,
          SOURCE_UNAVAILABLE,
          ACCESS_DENIED,
          SERVICE_UNAVAILABLE ->
          STORAGE;
      case UNKNOWN, INTERNAL -> FAILED;
    };
  }
}
