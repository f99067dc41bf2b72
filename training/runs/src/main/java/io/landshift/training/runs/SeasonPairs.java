package io.landshift.training.runs;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.training.evaluation.FalseAlarms;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Sample;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What bundles call changed between two dates of ground on which nothing happened: all of it is a
 * false alarm. Each later look is compared with a single earlier one, as pairs of dates are.
 *
 * @param ground which, for people
 * @param found by pairing and bundle; pairings of which there is no pair are left out
 */
record SeasonPairs(String ground, Map<Pairing, Map<String, Tally>> found) {
  /** A pair needs so much of the ground to be clear on both dates. */
  private static final double LEAST_CLEAR = 0.5;

  /** Smaller patches are no alarm: what serving wants by default. */
  private static final int LEAST_PIXELS = 5;

  /** How two dates lie to each other. */
  enum Pairing {
    /** At most 30 days of the year apart, in different years: what is left without seasons. */
    SAME_SEASON("same season, another year"),
    /** At least 60 days of the year apart. */
    OTHER_SEASON("another season");

    private final String title;

    Pairing(String title) {
      this.title = title;
    }

    /** For people. */
    String title() {
      return title;
    }

    private boolean holds(LocalDate earlier, LocalDate later) {
      int days = Math.abs(later.getDayOfYear() - earlier.getDayOfYear());
      int apart = Math.min(days, 365 - Math.min(days, 365));
      return switch (this) {
        case SAME_SEASON -> apart <= 30 && ChronoUnit.DAYS.between(earlier, later) > 300;
        case OTHER_SEASON -> apart >= 60;
      };
    }
  }

  /**
   * What a bundle made of all pairs of a kind.
   *
   * @param shares of the pixels of each pair that reach the high threshold, sorted
   * @param low pixels that reach the low threshold
   * @param high likewise
   * @param alarms patches that reach the high threshold, on the ground of all pairs together
   */
  record Tally(double[] shares, long pixels, long low, long high, FalseAlarms alarms) {
    /** How many pairs. */
    int pairs() {
      return shares.length;
    }

    /** The share of the middle pair. */
    double median() {
      return shares[shares.length / 2];
    }

    private Tally plus(Tally other) {
      double[] both = Arrays.copyOf(shares, shares.length + other.shares.length);
      System.arraycopy(other.shares, 0, both, shares.length, other.shares.length);
      Arrays.sort(both);
      return new Tally(
          both,
          pixels + other.pixels,
          low + other.low,
          high + other.high,
          alarms.plus(other.alarms));
    }
  }

  /**
   * Compares all pairs of dates.
   *
   * @param bundles by the name they are told by; all are measured on the same pixels
   * @param stable where nothing happened, [row * width + column]
   * @param pixelMetres side of a pixel
   */
  static SeasonPairs of(
      Map<String, Bundle> bundles,
      Sample.Unlabelled series,
      boolean[] stable,
      double pixelMetres,
      String ground) {
    Map<String, ModelSession> sessions = new LinkedHashMap<>();
    try {
      Map<String, List<ServedLook>> looks = new LinkedHashMap<>();
      List<Look> clear =
          series.looks().stream().filter(look -> isClear(look, look, stable)).toList();
      bundles.forEach((name, bundle) -> {
        ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu());
        sessions.put(name, session);
        looks.put(name, clear.stream().map(look -> ServedLook.of(session, look)).toList());
      });
      Map<Pairing, Map<String, Tally>> found = new EnumMap<>(Pairing.class);
      for (Pair pair : pairs(clear, stable)) {
        Map<String, Tally> tallies =
            tallies(sessions, looks, pair, stable, series.width(), pixelMetres);
        tallies.forEach((name, tally) ->
            found
                .computeIfAbsent(pair.pairing(), key -> new LinkedHashMap<>())
                .merge(name, tally, Tally::plus));
      }
      return new SeasonPairs(ground, found);
    } finally {
      sessions.values().forEach(ModelSession::close);
    }
  }

  /** Numbers of an earlier and a later look, and how they lie to each other. */
  private record Pair(int earlier, int later, Pairing pairing) {}

  private static List<Pair> pairs(List<Look> looks, boolean[] stable) {
    List<Pair> pairs = new ArrayList<>();
    for (int later = 1; later < looks.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        for (Pairing pairing : Pairing.values()) {
          if (pairing.holds(day(looks.get(earlier)), day(looks.get(later)))
              && isClear(looks.get(earlier), looks.get(later), stable)) {
            pairs.add(new Pair(earlier, later, pairing));
          }
        }
      }
    }
    return pairs;
  }

  /** What each bundle made of a pair; empty where no pixel has a score of all of them. */
  private static Map<String, Tally> tallies(
      Map<String, ModelSession> sessions,
      Map<String, List<ServedLook>> looks,
      Pair pair,
      boolean[] stable,
      int width,
      double pixelMetres) {
    Map<String, float[]> scores = new LinkedHashMap<>();
    sessions.forEach((name, session) -> {
      List<ServedLook> served = Objects.requireNonNull(looks.get(name));
      scores.put(
          name,
          ServedScores.of(session, List.of(served.get(pair.earlier())), served.get(pair.later())));
    });
    boolean[] told = told(scores, stable);
    Map<String, Tally> tallies = new LinkedHashMap<>();
    if (any(told)) {
      scores.forEach((name, each) -> {
        Score thresholds =
            Objects.requireNonNull(sessions.get(name)).manifest().scores().getFirst();
        tallies.put(name, tally(each, told, thresholds, width, pixelMetres));
      });
    }
    return tallies;
  }

  private static LocalDate day(Look look) {
    return Objects.requireNonNull(look.time(), "looks of a series have dates")
        .atZone(ZoneOffset.UTC)
        .toLocalDate();
  }

  private static boolean isClear(Look one, Look other, boolean[] stable) {
    int ground = 0;
    int clear = 0;
    for (int pixel = 0; pixel < stable.length; pixel++) {
      boolean both =
          one.quality()[pixel] == Quality.CLEAR && other.quality()[pixel] == Quality.CLEAR;
      ground += stable[pixel] ? 1 : 0;
      clear += stable[pixel] && both ? 1 : 0;
    }
    return clear > 0 && clear >= LEAST_CLEAR * ground;
  }

  private static boolean[] told(Map<String, float[]> scores, boolean[] stable) {
    boolean[] told = stable.clone();
    for (float[] each : scores.values()) {
      for (int pixel = 0; pixel < told.length; pixel++) {
        told[pixel] &= !Float.isNaN(each[pixel]);
      }
    }
    return told;
  }

  private static boolean any(boolean[] told) {
    for (boolean each : told) {
      if (each) {
        return true;
      }
    }
    return false;
  }

  /** Of one pair. */
  static Tally tally(
      float[] scores, boolean[] told, Score thresholds, int width, double pixelMetres) {
    boolean[] called = new boolean[told.length];
    long pixels = 0;
    long low = 0;
    long high = 0;
    for (int pixel = 0; pixel < told.length; pixel++) {
      called[pixel] = told[pixel] && scores[pixel] >= thresholds.high();
      pixels += told[pixel] ? 1 : 0;
      low += told[pixel] && scores[pixel] >= thresholds.low() ? 1 : 0;
      high += called[pixel] ? 1 : 0;
    }
    return new Tally(
        new double[] {(double) high / pixels},
        pixels,
        low,
        high,
        FalseAlarms.of(called, told, width, pixelMetres, LEAST_PIXELS));
  }
}
