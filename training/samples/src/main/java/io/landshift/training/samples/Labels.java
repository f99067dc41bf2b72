package io.landshift.training.samples;

import java.util.List;

/**
 * What is known to be where. Not copied on the way in or out; not changed once made.
 *
 * <p>Each set has its own classes: they are names of its people, not of a common legend.
 */
public final class Labels {
  /** The code of a pixel that nobody labelled. */
  public static final byte UNKNOWN = -1;

  private final List<String> classes;
  private final boolean directed;
  private final byte[] codes;

  /**
   * @param classes names, in the order of the codes from 0
   * @param directed whether a change is named by its direction, so that it is another one, or none,
   *     when the dates are exchanged
   * @param codes {@code [row * width + column]}, positions in classes, or {@link #UNKNOWN}
   * @throws IllegalArgumentException where a code is of no class
   */
  public Labels(List<String> classes, boolean directed, byte[] codes) {
    for (byte code : codes) {
      if (code < UNKNOWN || code >= classes.size()) {
        throw new IllegalArgumentException("the label " + code + " is none of " + classes);
      }
    }
    this.classes = List.copyOf(classes);
    this.directed = directed;
    this.codes = codes;
  }

  /** Names in the order of the codes. */
  public List<String> classes() {
    return classes;
  }

  /** Whether exchanging the dates would make the labels wrong. */
  public boolean directed() {
    return directed;
  }

  /** {@code [row * width + column]}, positions in {@link #classes}, or {@link #UNKNOWN}. */
  public byte[] codes() {
    return codes;
  }

  /** How many pixels have each class; the unknown are in none. */
  public long[] counts() {
    long[] counts = new long[classes.size()];
    for (byte code : codes) {
      if (code != UNKNOWN) {
        counts[code]++;
      }
    }
    return counts;
  }
}
