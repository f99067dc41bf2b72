package io.landshift.change;

/**
 * The disturbance lifecycle of OPERA DIST-ALERT: a pixel that is seen disturbed again and again
 * becomes provisional, then confirmed, then finished.
 *
 * <p>The rules and their order are those of the public processor (opera-adt/dist-s1), to the last
 * bit: so are the types, of which some wrap. Metrics are in standard deviations, at least 0; NaN is
 * a pixel that was not seen. Days count from one origin, are at least 1 and at most 32,767.
 *
 * <p>Pure functions; safe for use by several threads.
 */
public final class Lifecycle {
  private Lifecycle() {}

  /**
   * The state after the first observation of all.
   *
   * @param metric one number per pixel, NaN where not seen
   * @param day the day of the observation
   */
  public static LifecycleStatus first(float[] metric, int day, LifecycleParameters parameters) {
    LifecycleStatus after = new LifecycleStatus(metric.length);
    short today = requireDay(day);
    for (int i = 0; i < metric.length; i++) {
      float m = metric[i];
      after.maxMetric()[i] = m;
      if (Float.isNaN(m)) {
        after.status()[i] = LifecycleStatus.NO_DATA;
        after.count()[i] = (byte) 255;
        after.percent()[i] = (byte) 255;
        after.duration()[i] = -1;
        after.firstDay()[i] = -1;
        after.confidence()[i] = Float.NaN;
        after.lastObservedDay()[i] = -1;
        continue;
      }
      after.lastObservedDay()[i] = today;
      if (m >= parameters.low()) {
        boolean high = m >= parameters.high();
        after.status()[i] = high ? LifecycleStatus.FIRST_HIGH : LifecycleStatus.FIRST_LOW;
        after.count()[i] = 1;
        after.percent()[i] = 100;
        after.duration()[i] = 1;
        after.firstDay()[i] = today;
        after.confidence()[i] = m;
      }
    }
    return after;
  }

  /**
   * The state after a later observation; {@code before} is left as it is.
   *
   * <p>The day must not be before that of the observation before: for a late scene, fold again from
   * its place.
   *
   * @param metric one number per pixel, NaN where not seen
   * @param day the day of the observation
   * @throws IllegalArgumentException if the numbers of pixels differ
   */
  public static LifecycleStatus fold(
      LifecycleStatus before, float[] metric, int day, LifecycleParameters parameters) {
    LifecycleStatus after = new LifecycleStatus(before);
    advance(after, metric, day, parameters);
    return after;
  }

  /**
   * As {@link #fold}, in the state's own place: for the only owner of a state, before it is handed
   * on.
   *
   * @param state becomes the state after the observation
   */
  public static void advance(
      LifecycleStatus state, float[] metric, int day, LifecycleParameters parameters) {
    if (metric.length != state.pixels()) {
      throw new IllegalArgumentException(
          metric.length + " metrics for the state of " + state.pixels() + " pixels");
    }
    short today = requireDay(day);
    boolean outlived = day > parameters.episodeLimit();
    for (int i = 0; i < metric.length; i++) {
      float m = metric[i];
      if (state.status()[i] == LifecycleStatus.NO_DATA && Float.isNaN(m)) {
        continue;
      }
      if (!staysQuiet(state, i, m, parameters)) {
        foldPixel(state, i, m, today, parameters);
        continue;
      }
      boolean valid = !Float.isNaN(m);
      if (valid && outlived) {
        state.percent()[i] = (byte) 255;
        state.maxMetric()[i] = 0;
      } else if (state.percent()[i] == 0) {
        state.maxMetric()[i] = 0;
        state.duration()[i] = 0;
      }
      if (valid) {
        state.lastObservedDay()[i] = today;
      }
    }
  }

  private static short requireDay(int day) {
    if (day < 1 || day > Short.MAX_VALUE) {
      throw new IllegalArgumentException("day " + day + " is not within 1.." + Short.MAX_VALUE);
    }
    return (short) day;
  }

  /**
   * Whether nothing is going on and nothing begins: true of nearly every pixel, for which the rules
   * come down to a few lines. No count means no first day, no confidence and a percentage of 0 or
   * 255.
   */
  private static boolean staysQuiet(
      LifecycleStatus state, int i, float m, LifecycleParameters parameters) {
    return !(m >= parameters.low())
        && state.status()[i] == LifecycleStatus.NONE
        && state.count()[i] == 0
        && state.duration()[i] <= 0
        && state.maxMetric()[i] < parameters.low()
        && parameters.excludeConsecutiveQuiet();
  }

  private static void foldPixel(
      LifecycleStatus s, int i, float m, short day, LifecycleParameters p) {
    boolean valid = !Float.isNaN(m);
    if (valid && (day - s.firstDay()[i] > p.episodeLimit() || (ended(s, i) && m >= p.low()))) {
      clear(s, i, 255);
    }
    int quiet = quietSoFar(s, i);
    if (valid) {
      boolean begins = idle(s, i) && m >= p.low();
      if (m >= p.low()) {
        countDisturbed(s, i, m, day, quiet, p);
      } else {
        countQuiet(s, i, quiet, p);
      }
      updateConfidence(s, i, m, quiet, p);
      if (begins) {
        s.confidence()[i] = Math.min(m, p.metricCap());
      }
    }
    int lastDisturbed = s.firstDay()[i] + s.duration()[i] - 1;
    label(s, i, day, p);
    if (statusOf(s, i) <= 6 && isOver(s, i, m, day, quiet, lastDisturbed, p)) {
      finish(s, i);
    }
    if (valid) {
      s.lastObservedDay()[i] = day;
    }
  }

  private static int statusOf(LifecycleStatus s, int i) {
    return s.status()[i] & 0xFF;
  }

  private static boolean ended(LifecycleStatus s, int i) {
    return statusOf(s, i) > 6;
  }

  private static boolean idle(LifecycleStatus s, int i) {
    return s.status()[i] == LifecycleStatus.NONE || s.status()[i] == LifecycleStatus.NO_DATA;
  }

  /** The duration keeps its value, as in the reference. */
  private static void clear(LifecycleStatus s, int i, int percent) {
    s.status()[i] = LifecycleStatus.NONE;
    s.percent()[i] = (byte) percent;
    s.count()[i] = 0;
    s.maxMetric()[i] = 0;
    s.confidence()[i] = 0;
    s.firstDay()[i] = 0;
    s.lastObservedDay()[i] = 0;
  }

  private static int quietSoFar(LifecycleStatus s, int i) {
    int percent = s.percent()[i] & 0xFF;
    int count = s.count()[i] & 0xFF;
    return percent > 0 && percent <= 100 ? (int) ((100.0 - percent) / percent * count) : 0;
  }

  private static void countDisturbed(
      LifecycleStatus s, int i, float m, short day, int quiet, LifecycleParameters p) {
    if (idle(s, i)) {
      s.firstDay()[i] = day;
      s.maxMetric()[i] = m;
      s.percent()[i] = 100;
      s.count()[i] = 1;
      s.duration()[i] = 1;
      return;
    }
    s.maxMetric()[i] = Math.max(s.maxMetric()[i], m);
    int count = s.count()[i] & 0xFF;
    if (count < p.maxCount()) {
      count++;
      s.count()[i] = (byte) count;
      s.percent()[i] = (byte) (100 * count / (count + quiet));
    }
    s.duration()[i] = (short) (day - s.firstDay()[i] + 1);
  }

  private static void countQuiet(LifecycleStatus s, int i, int quiet, LifecycleParameters p) {
    int percent = s.percent()[i] & 0xFF;
    int count = s.count()[i] & 0xFF;
    if (percent > 0 && percent <= 100 && count < p.maxCount() + 1) {
      s.percent()[i] = (byte) (100 * count / (count + quiet + 1));
    }
    if (s.status()[i] == LifecycleStatus.NO_DATA) {
      clear(s, i, 255);
    }
  }

  private static void updateConfidence(
      LifecycleStatus s, int i, float m, int quiet, LifecycleParameters p) {
    double confidence = s.confidence()[i];
    if (!(confidence > 0) || ended(s, i)) {
      return;
    }
    int count = s.count()[i] & 0xFF;
    double weight = (double) count * count;
    double mean =
        (confidence / weight * (count + quiet) + Math.min(m, p.metricCap())) / (count + quiet + 1);
    double updated = (double) (long) (mean * weight);
    s.confidence()[i] = (float) Math.min(Math.max(updated, 0), p.confidenceCap());
  }

  private static void label(LifecycleStatus s, int i, short day, LifecycleParameters p) {
    if (ended(s, i) && s.status()[i] != LifecycleStatus.NO_DATA) {
      return;
    }
    float maxMetric = s.maxMetric()[i];
    if (maxMetric < p.low()) {
      s.status()[i] = LifecycleStatus.NONE;
      return;
    }
    if (Float.isNaN(maxMetric)) {
      return;
    }
    boolean high = maxMetric >= p.high();
    byte confirmed = high ? LifecycleStatus.CONFIRMED_HIGH : LifecycleStatus.CONFIRMED_LOW;
    if (s.duration()[i] == 1) {
      s.status()[i] = high ? LifecycleStatus.FIRST_HIGH : LifecycleStatus.FIRST_LOW;
    } else if (s.confidence()[i] >= p.confirmAt()) {
      s.status()[i] = confirmed;
    } else if (s.status()[i] != confirmed) {
      s.status()[i] = high ? LifecycleStatus.PROVISIONAL_HIGH : LifecycleStatus.PROVISIONAL_LOW;
    }
    if (s.status()[i] == confirmed && s.confirmedDay()[i] < 0) {
      s.confirmedFirstDay()[i] = s.firstDay()[i];
      s.confirmedDay()[i] = day;
    }
  }

  private static boolean isOver(
      LifecycleStatus s,
      int i,
      float m,
      short day,
      int quiet,
      int lastDisturbed,
      LifecycleParameters p) {
    boolean quietNow = m < p.low();
    return (day - lastDisturbed >= p.gapLimit() && lastDisturbed > 0)
        || (s.duration()[i] == 1 && quietNow)
        || (s.percent()[i] & 0xFF) < p.percentReset()
        || quiet >= p.quietReset()
        || (!p.excludeConsecutiveQuiet() && s.lastObservedDay()[i] > lastDisturbed && quietNow);
  }

  private static void finish(LifecycleStatus s, int i) {
    switch (s.status()[i]) {
      case LifecycleStatus.CONFIRMED_LOW -> s.status()[i] = LifecycleStatus.FINISHED_LOW;
      case LifecycleStatus.CONFIRMED_HIGH -> s.status()[i] = LifecycleStatus.FINISHED_HIGH;
      default -> {
        s.status()[i] = LifecycleStatus.NONE;
        s.percent()[i] = 0;
        s.count()[i] = 0;
        s.maxMetric()[i] = 0;
        s.confidence()[i] = 0;
        s.firstDay()[i] = 0;
        s.duration()[i] = 0;
      }
    }
  }
}
