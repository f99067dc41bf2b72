package io.landshift.model.bundle;

/** How badly a bundle needs a band. */
public enum Need {
  /** A scene without the band is refused. */
  REQUIRED,
  /** A scene without the band is processed, at some loss of quality that is worth a warning. */
  WANTED,
  /** The bundle does well without the band. */
  OPTIONAL
}
