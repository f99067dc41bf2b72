package io.landshift.ingest.catalog;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;

/** A catalogue entry that could not become a scene. Immutable; its bytes are not copied. */
public final class SceneFailure {
  private final FailureReason reason;
  private final String message;
  private final String source;
  private final String document;
  private final byte[] payload;

  /** See the accessors. */
  public SceneFailure(
      FailureReason reason, String message, String source, String document, byte[] payload) {
    this.reason = reason;
    this.message = message;
    this.source = source;
    this.document = document;
    this.payload = payload;
  }

  static SceneFailure of(LandshiftException e, String source, String document, byte[] payload) {
    return new SceneFailure(e.reason(), e.detail(), source, document, payload);
  }

  /** Why, typed. */
  public FailureReason reason() {
    return reason;
  }

  /** What happened and what to do, for a person. */
  public String message() {
    return message;
  }

  /** The folder or zip. */
  public String source() {
    return source;
  }

  /** The entry's path in it. */
  public String document() {
    return document;
  }

  /** The entry's bytes as far as they could be read; not to be changed. */
  public byte[] payload() {
    return payload;
  }

  @Override
  public String toString() {
    return reason + " " + document + ": " + message;
  }
}
