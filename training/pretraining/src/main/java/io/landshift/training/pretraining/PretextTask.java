package io.landshift.training.pretraining;

/**
 * Something to be told from the visible patches of a window.
 *
 * @param name of the map or fact in a {@link Window}, unique in a network
 * @param kind what it is
 * @param channels numbers of each pixel or window, or classes, from 1
 */
public record PretextTask(String name, Kind kind, int channels) {
  /** What is told, and by what loss it is measured. */
  public enum Kind {
    /** Numbers of each hidden pixel: mean squared error. */
    PIXEL_VALUES,
    /** The same, less the mean and over the deviation of their patch: its pattern only. */
    NORMALISED_PIXEL_VALUES,
    /** A class of each hidden pixel: cross entropy. */
    PIXEL_CLASSES,
    /** Numbers of the whole window: mean squared error. */
    WINDOW_VALUES,
    /** A class of the whole window: cross entropy. */
    WINDOW_CLASSES
  }

  public PretextTask {
    if (name.isEmpty() || channels < 1) {
      throw new IllegalArgumentException("no task: '%s' of %d".formatted(name, channels));
    }
  }

  /** Whether each hidden pixel is told, not the window as a whole. */
  boolean ofPixels() {
    return switch (kind) {
      case PIXEL_VALUES, NORMALISED_PIXEL_VALUES, PIXEL_CLASSES -> true;
      case WINDOW_VALUES, WINDOW_CLASSES -> false;
    };
  }

  /** Whether a class is told, not numbers. */
  boolean ofClasses() {
    return kind == Kind.PIXEL_CLASSES || kind == Kind.WINDOW_CLASSES;
  }
}
