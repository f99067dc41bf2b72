package io.landshift.change;

import java.io.Serializable;

/**
 * The thresholds and limits of the disturbance lifecycle; {@link #defaults()} are those of OPERA
 * DIST-ALERT.
 *
 * <p>Immutable.
 *
 * @param low metric from which an observation is disturbed, in lifecycle units (standard
 *     deviations), greater than 0
 * @param high metric from which a disturbance is of the high group, at least {@code low}
 * @param confirmAt confidence from which a disturbance is confirmed
 * @param metricCap largest metric that counts towards the confidence
 * @param confidenceCap largest confidence
 * @param percentReset share of disturbed observations, in percent, below which an episode ends,
 *     1..100
 * @param quietReset number of quiet observations at which an episode ends, at least 1
 * @param gapLimit days without a disturbed observation after which an episode ends, at least 1
 * @param maxCount largest number of disturbed observations that is counted, 1..253
 * @param episodeLimit days after which an episode makes room for a new one, at least 1
 * @param excludeConsecutiveQuiet whether two quiet observations in succession leave an episode open
 */
public record LifecycleParameters(
    float low,
    float high,
    float confirmAt,
    float metricCap,
    float confidenceCap,
    int percentReset,
    int quietReset,
    int gapLimit,
    int maxCount,
    int episodeLimit,
    boolean excludeConsecutiveQuiet)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if a value is outside its range
   */
  public LifecycleParameters {
    require(low > 0 && high >= low, "thresholds must be 0 < low <= high");
    require(confirmAt > 0, "confirmAt must be greater than 0");
    require(metricCap > 0 && confidenceCap > 0, "caps must be greater than 0");
    require(percentReset >= 1 && percentReset <= 100, "percentReset must be 1..100");
    require(quietReset >= 1, "quietReset must be at least 1");
    require(gapLimit >= 1, "gapLimit must be at least 1 day");
    require(maxCount >= 1 && maxCount <= 253, "maxCount must be 1..253");
    require(episodeLimit >= 1, "episodeLimit must be at least 1 day");
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalArgumentException("lifecycle parameters: " + rule);
    }
  }

  /** The parameters with which OPERA DIST-ALERT runs. */
  public static LifecycleParameters defaults() {
    return new LifecycleParameters(2.5f, 4.5f, 22.5f, 10, 1000, 50, 10, 30, 253, 365, true);
  }

  /** These parameters with other thresholds; {@code confirmAt} stays as it is. */
  public LifecycleParameters withThresholds(float newLow, float newHigh) {
    return new LifecycleParameters(
        newLow,
        newHigh,
        confirmAt,
        metricCap,
        confidenceCap,
        percentReset,
        quietReset,
        gapLimit,
        maxCount,
        episodeLimit,
        excludeConsecutiveQuiet);
  }

  /** These parameters with another confidence from which a disturbance is confirmed. */
  public LifecycleParameters withConfirmAt(float newConfirmAt) {
    return new LifecycleParameters(
        low,
        high,
        newConfirmAt,
        metricCap,
        confidenceCap,
        percentReset,
        quietReset,
        gapLimit,
        maxCount,
        episodeLimit,
        excludeConsecutiveQuiet);
  }

  /** These parameters with other caps of the metric and of the confidence. */
  public LifecycleParameters withCaps(float newMetricCap, float newConfidenceCap) {
    return new LifecycleParameters(
        low,
        high,
        confirmAt,
        newMetricCap,
        newConfidenceCap,
        percentReset,
        quietReset,
        gapLimit,
        maxCount,
        episodeLimit,
        excludeConsecutiveQuiet);
  }

  /** These parameters with another gap, in days. */
  public LifecycleParameters withGapLimit(int newGapLimit) {
    return new LifecycleParameters(
        low,
        high,
        confirmAt,
        metricCap,
        confidenceCap,
        percentReset,
        quietReset,
        newGapLimit,
        maxCount,
        episodeLimit,
        excludeConsecutiveQuiet);
  }

  /** These parameters with other ends of an episode: share in percent, quiet observations, days. */
  public LifecycleParameters withEpisode(
      int newPercentReset, int newQuietReset, int newEpisodeLimit) {
    return new LifecycleParameters(
        low,
        high,
        confirmAt,
        metricCap,
        confidenceCap,
        newPercentReset,
        newQuietReset,
        gapLimit,
        maxCount,
        newEpisodeLimit,
        excludeConsecutiveQuiet);
  }

  /** These parameters with another treatment of quiet observations in succession. */
  public LifecycleParameters withExcludeConsecutiveQuiet(boolean newExcludeConsecutiveQuiet) {
    return new LifecycleParameters(
        low,
        high,
        confirmAt,
        metricCap,
        confidenceCap,
        percentReset,
        quietReset,
        gapLimit,
        maxCount,
        episodeLimit,
        newExcludeConsecutiveQuiet);
  }
}
