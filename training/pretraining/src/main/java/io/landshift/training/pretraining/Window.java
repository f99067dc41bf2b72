package io.landshift.training.pretraining;

import java.util.Map;

/**
 * A square that is learned from. Arrays are not copied and not changed.
 *
 * @param side rows and columns
 * @param image {@code [band][row * side + column]}, about mean 0 and deviation 1, NaN without data
 * @param maps by task, {@code [channel][row * side + column]}, NaN without data; classes are one
 *     channel of whole numbers from 0
 * @param facts by task, numbers of the window, NaN where not known; classes one-hot
 */
public record Window(
    int side, float[][] image, Map<String, float[][]> maps, Map<String, float[]> facts) {
  public Window {
    maps = Map.copyOf(maps);
    facts = Map.copyOf(facts);
  }
}
