package io.landshift.store;

import java.util.Locale;

/** What a stored content is. */
public enum PixelKind {
  /** Quantised features of a look: planes of little-endian 16-bit numbers. */
  FEATURES(true),
  /** What was seen of a look: clear, masked, no data. */
  QUALITY(false),
  /** Quantised scores of a look: planes of little-endian 16-bit numbers. */
  SCORES(true),
  /** Lifecycle status after a look. */
  STATUS(false),
  /** Sparse list of disturbed pixels after a look. */
  ACTIVE(false),
  /** Land cover classes of a look. */
  CLASSES(false),
  /** Probabilities of the land cover classes of a look. */
  PROBABILITIES(false),
  /** Table of tracked objects. */
  OBJECTS(false);

  private final boolean words;

  PixelKind(boolean words) {
    this.words = words;
  }

  /** Whether it is mostly planes of little-endian 16-bit numbers: decides how it is compressed. */
  boolean isWords() {
    return words;
  }

  /** The name of its folder. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
