package io.landshift.training.samples;

/** A sample was about to be learned from that must not be. */
public final class UnfitForTrainingException extends RuntimeException {
  /** Why not. */
  public enum Reason {
    /** The ground is the show, or kept for a test. */
    HELD_OUT,
    /** The licence of the set forbids weights that are shipped. */
    LICENCE
  }

  private final Reason reason;

  UnfitForTrainingException(Reason reason, String message) {
    super(reason + ": " + message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
