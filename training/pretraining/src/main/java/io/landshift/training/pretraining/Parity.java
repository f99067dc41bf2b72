package io.landshift.training.pretraining;

import java.util.List;

/** Whether what is odd in MMEarth's code is done as there. */
public enum Parity {
  /**
   * As published: response normalisation counts the visible cells of the whole batch, as sparse
   * convolutions do, so that a window's features depend on its neighbours; and pixels without data
   * are to be told as the mean of their band.
   */
  PAPER,
  /**
   * Each window by itself, as the encoder that serves computes it; and nothing is learned from
   * pixels without data.
   */
  FIXED;

  /** Axes of [batch, row, column, channel] over which a channel's response is measured. */
  List<Integer> responseAxes() {
    return switch (this) {
      case PAPER -> List.of(0, 1, 2);
      case FIXED -> List.of(1, 2);
    };
  }
}
