package io.landshift.training.torch;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A training cannot go on. The message says what to do. */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** The loss is not a number any more. */
    DIVERGED,
    /** The disk does not take a checkpoint. */
    NOT_KEPT,
    /** The configuration says something that cannot be done. */
    CONFIGURATION,
    /** Another run lies where this one is to go. */
    OTHER_RUN,
    /** There is nothing to learn from. */
    NO_SAMPLES
  }

  private final Reason reason;

  public TrainingException(Reason reason, String message) {
    this(reason, message, null);
  }

  public TrainingException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  static TrainingException diverged(long step) {
    return new TrainingException(
        Reason.DIVERGED,
        "the loss is no number since long before step " + step + ": take a smaller learning rate");
  }

  static TrainingException notKept(Path folder, Throwable cause) {
    return new TrainingException(
        Reason.NOT_KEPT, "no checkpoint can be written to " + folder + ": " + cause, cause);
  }
}
