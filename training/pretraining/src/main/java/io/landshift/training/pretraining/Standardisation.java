package io.landshift.training.pretraining;

import java.util.ArrayList;
import java.util.List;

/**
 * Brings channels to mean 0 and deviation 1. Immutable.
 *
 * @param means of each channel
 * @param deviations of each channel, above 0
 */
public record Standardisation(List<Double> means, List<Double> deviations) {
  public Standardisation {
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
  }

  /**
   * That of the numbers themselves. A channel without numbers, or with one only, keeps its scale.
   *
   * @param maps {@code [channel][number]}, NaN without data; at least one, all of as many channels
   */
  public static Standardisation of(List<float[][]> maps) {
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (int channel = 0; channel < maps.getFirst().length; channel++) {
      long count = 0;
      double mean = 0;
      double squares = 0;
      for (float[][] map : maps) {
        for (float number : map[channel]) {
          if (!Float.isNaN(number)) {
            count++;
            double step = number - mean;
            mean += step / count;
            squares += step * (number - mean);
          }
        }
      }
      means.add(mean);
      deviations.add(squares > 0 ? Math.sqrt(squares / count) : 1);
    }
    return new Standardisation(means, deviations);
  }

  /** A standardised copy. */
  float[][] apply(float[][] map) {
    float[][] scaled = new float[map.length][];
    for (int channel = 0; channel < map.length; channel++) {
      scaled[channel] = map[channel].clone();
      for (int index = 0; index < scaled[channel].length; index++) {
        scaled[channel][index] = scaled(channel, map[channel][index]);
      }
    }
    return scaled;
  }

  /** A standardised copy of one number a channel. */
  float[] apply(float[] fact) {
    float[] scaled = new float[fact.length];
    for (int channel = 0; channel < fact.length; channel++) {
      scaled[channel] = scaled(channel, fact[channel]);
    }
    return scaled;
  }

  private float scaled(int channel, float number) {
    return (float) ((number - means.get(channel)) / deviations.get(channel));
  }
}
