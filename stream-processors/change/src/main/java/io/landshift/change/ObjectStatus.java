package io.landshift.change;

/** Where a tracked object is in its life. */
public enum ObjectStatus {
  /** Disturbed more than once, not yet confirmed. */
  PROVISIONAL(1),
  /** Confirmed, and some of it still disturbed. */
  CONFIRMED(2),
  /** Confirmed, and no longer disturbed. */
  FINISHED(3),
  /** Gone without having been confirmed; leaves the table with the next scene. */
  RETRACTED(4);

  private final int code;

  ObjectStatus(int code) {
    this.code = code;
  }

  /** Whether the object is gone for good. */
  public boolean isGone() {
    return this == RETRACTED;
  }

  /** The number under which it is stored. */
  int code() {
    return code;
  }
}
