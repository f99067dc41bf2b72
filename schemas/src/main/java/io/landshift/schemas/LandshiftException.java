package io.landshift.schemas;

import org.jspecify.annotations.Nullable;

/**
 * A failure with a typed reason and a message that says what to do.
 *
 * <p>Immutable apart from what {@link Throwable} allows.
 */
public final class LandshiftException extends RuntimeException {
  private final FailureReason reason;
  private final String detail;

  /**
   * @param reason the name under which the failure is logged, counted and dead-lettered
   * @param message what happened and what a person can do about it
   */
  public LandshiftException(FailureReason reason, String message) {
    this(reason, message, null);
  }

  /**
   * @param cause the underlying failure, or null
   */
  public LandshiftException(FailureReason reason, String message, @Nullable Throwable cause) {
    super(reason + ": " + message, cause);
    this.reason = reason;
    this.detail = message;
  }

  /** The name under which the failure is logged, counted and dead-lettered. */
  public FailureReason reason() {
    return reason;
  }

  /** What happened and what to do, without the reason's name, which {@link #getMessage} has. */
  public String detail() {
    return detail;
  }
}
