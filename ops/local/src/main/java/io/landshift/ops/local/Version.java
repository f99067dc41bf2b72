package io.landshift.ops.local;

/** The version of the code, as dead letters and products name it. */
public final class Version {
  /** The version. */
  public static final String TEXT = "0.1.0";

  private Version() {}
}
