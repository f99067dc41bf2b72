package io.landshift.change;

/**
 * An independent reading of the lifecycle's rules, for one pixel: twelve steps in their order, each
 * literal, none skipped. Slow on purpose.
 */
final class ScalarLifecycle {
  private final LifecycleParameters p;
  int status;
  float maxMetric;
  float confidence;
  short firstDay;
  int count;
  int percent;
  short duration;
  short lastObservedDay;
  short confirmedFirstDay = -1;
  short confirmedDay = -1;

  ScalarLifecycle(LifecycleParameters parameters) {
    p = parameters;
  }

  void first(float m, int d) {
    boolean valid = m == m;
    boolean disturbed = valid && m >= p.low();
    status = !valid ? 255 : m < p.low() ? 0 : m < p.high() ? 1 : 4;
    count = !valid ? 255 : disturbed ? 1 : 0;
    percent = !valid ? 255 : disturbed ? 100 : 0;
    duration = (short) (!valid ? -1 : disturbed ? 1 : 0);
    firstDay = (short) (!valid ? -1 : disturbed ? d : 0);
    confidence = !valid ? Float.NaN : disturbed ? m : 0;
    maxMetric = m;
    lastObservedDay = (short) (valid ? d : -1);
  }

  void next(float m, int d) {
    final boolean valid = m == m;
    final boolean disturbed = valid && m >= p.low();

    // 1
    if (valid && (d - firstDay > p.episodeLimit() || (status > 6 && m >= p.low()))) {
      status = 0;
      percent = 255;
      count = 0;
      maxMetric = 0;
      confidence = 0;
      firstDay = 0;
      lastObservedDay = 0;
    }
    // 2
    final double q =
        0 < percent && percent <= 100 ? Math.floor((100d - percent) / percent * count) : 0;
    // 3
    final boolean isNew = disturbed && (status == 0 || status == 255);
    if (isNew) {
      firstDay = (short) d;
      maxMetric = m;
      percent = 100;
      count = 1;
      duration = 1;
    }
    // 4
    if (disturbed && !isNew) {
      maxMetric = m > maxMetric ? m : maxMetric;
      if (count < p.maxCount()) {
        count = count + 1;
        percent = (int) Math.floor(100d * count / (count + q));
      }
      duration = (short) (d - firstDay + 1);
    }
    // 5
    if (valid && !disturbed && 0 < percent && percent <= 100 && count < p.maxCount() + 1) {
      percent = (int) Math.floor(100d * count / (count + q + 1));
    }
    // 6
    if (valid && !disturbed && status == 255) {
      status = 0;
      percent = 255;
      count = 0;
      maxMetric = 0;
      confidence = 0;
      firstDay = 0;
      lastObservedDay = 0;
    }
    // 7
    if (confidence > 0 && status <= 6 && valid) {
      double square = Math.pow(count, 2);
      double capped = m < p.metricCap() ? m : p.metricCap();
      double mean = (confidence / square * (count + q) + capped) / (count + q + 1);
      double truncated = Math.floor(mean * square);
      confidence =
          (float)
              (truncated < 0 ? 0 : truncated > p.confidenceCap() ? p.confidenceCap() : truncated);
    }
    // 8
    if (disturbed && (status == 0 || status == 255)) {
      confidence = m < p.metricCap() ? m : p.metricCap();
    }
    // 9
    final int lastDisturbed = firstDay + duration - 1;
    // 10
    if (status <= 6 || status == 255) {
      if (maxMetric >= p.high()) {
        group(6, 4, 5);
      } else if (maxMetric >= p.low()) {
        group(3, 1, 2);
      } else if (maxMetric < p.low()) {
        status = 0;
      }
      if ((status == 3 || status == 6) && confirmedDay == -1) {
        confirmedDay = (short) d;
        confirmedFirstDay = firstDay;
      }
    }
    // 11
    boolean over = d - lastDisturbed >= p.gapLimit() && lastDisturbed > 0;
    over |= duration == 1 && m < p.low();
    over |= percent < p.percentReset();
    over |= q >= p.quietReset();
    if (!p.excludeConsecutiveQuiet()) {
      over |= lastObservedDay > lastDisturbed && m < p.low();
    }
    if (status <= 6 && over) {
      if (status == 3) {
        status = 7;
      } else if (status == 6) {
        status = 8;
      } else {
        status = 0;
        percent = 0;
        count = 0;
        maxMetric = 0;
        confidence = 0;
        firstDay = 0;
        duration = 0;
      }
    }
    // 12
    if (valid) {
      lastObservedDay = (short) d;
    }
  }

  private void group(int confirmed, int first, int provisional) {
    final int before = status;
    final boolean isConfirmed = confidence >= p.confirmAt();
    final boolean isFirst = duration == 1;
    if (isConfirmed) {
      status = confirmed;
    }
    if (isFirst) {
      status = first;
    }
    if (!isConfirmed && !isFirst && before != confirmed) {
      status = provisional;
    }
  }
}
