package io.landshift.store;

import java.util.Locale;

/** What a stored content is. */
public enum PixelKind {
  /** Quantised features of a look: planes of 16-bit numbers. */
  FEATURES,
  /** What was seen of a look: clear, masked, no data. */
  QUALITY,
  /** Quantised scores of a look: planes of 16-bit numbers. */
  SCORES,
  /** Lifecycle status after a look. */
  STATUS,
  /** Sparse list of disturbed pixels after a look. */
  ACTIVE,
  /** Land cover classes of a look. */
  CLASSES,
  /** Probabilities of the land cover classes of a look. */
  PROBABILITIES,
  /** Table of tracked objects. */
  OBJECTS;

  /** The name of its folder. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
