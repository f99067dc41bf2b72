package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleTest {
  private static final LifecycleParameters DEFAULTS = LifecycleParameters.defaults();

  @Test
  void equalsThePublicProcessorInEveryField() throws IOException {
    // given
    List<JsonNode> series = goldenSeries();
    assertThat(series).hasSize(240);
    int pixels = series.size();
    int dates = series.getFirst().get("days").size();
    for (JsonNode one : series) {
      assertThat(one.get("days")).hasSize(dates);
    }

    // when, then
    for (int pixel = 0; pixel < pixels; pixel++) {
      JsonNode one = series.get(pixel);
      LifecycleStatus state = null;
      for (int t = 0; t < dates; t++) {
        float[] metric = {metric(one.get("metric").get(t))};
        int day = one.get("days").get(t).intValue();
        state =
            state == null
                ? Lifecycle.first(metric, day, DEFAULTS)
                : Lifecycle.fold(state, metric, day, DEFAULTS);
        assertEqualsGolden(one, t, state);
      }
    }
  }

  private static void assertEqualsGolden(JsonNode series, int t, LifecycleStatus state) {
    String where = "series " + series.get("id") + " observation " + t + " ";
    JsonNode expected = series.get("expected");
    assertThat(state.status()[0] & 0xFF)
        .as(where + "status")
        .isEqualTo(expected.get("status").get(t).intValue());
    assertThat(rounded(state.maxMetric()[0]))
        .as(where + "maxMetric")
        .isEqualTo(rounded(metric(expected.get("maxMetric").get(t))));
    assertThat(rounded(state.confidence()[0]))
        .as(where + "confidence")
        .isEqualTo(rounded(metric(expected.get("confidence").get(t))));
    assertThat((int) state.firstDay()[0])
        .as(where + "firstDay")
        .isEqualTo(expected.get("firstDay").get(t).intValue());
    assertThat(state.count()[0] & 0xFF)
        .as(where + "count")
        .isEqualTo(expected.get("count").get(t).intValue());
    assertThat(state.percent()[0] & 0xFF)
        .as(where + "percent")
        .isEqualTo(expected.get("percent").get(t).intValue());
    assertThat((int) state.duration()[0])
        .as(where + "duration")
        .isEqualTo(expected.get("duration").get(t).intValue());
    assertThat((int) state.lastObservedDay()[0])
        .as(where + "lastObservedDay")
        .isEqualTo(expected.get("lastObservedDay").get(t).intValue());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void equalsTheRulesReadLiterallyOnRandomSeries(long seed) {
    // given
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    LifecycleParameters parameters = randomParameters(random);
    int pixels = 400;
    ScalarLifecycle[] oracle = new ScalarLifecycle[pixels];
    Arrays.setAll(oracle, i -> new ScalarLifecycle(parameters));
    LifecycleStatus state = null;
    int day = 1 + random.nextInt(300);
    float[] level = new float[pixels];

    for (int t = 0; t < 400; t++) {
      // when
      float[] metric = randomMetric(random, level);
      if (state == null) {
        state = Lifecycle.first(metric, day, parameters);
      } else {
        state = Lifecycle.fold(state, metric, day, parameters);
      }

      // then
      for (int i = 0; i < pixels; i++) {
        if (t == 0) {
          oracle[i].first(metric[i], day);
        } else {
          oracle[i].next(metric[i], day);
        }
        assertThat(fields(state, i)).as("pixel %d time %d", i, t).isEqualTo(fields(oracle[i]));
      }
      day += random.nextInt(20) == 0 ? random.nextInt(400) : random.nextInt(12);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void aLateObservationFoldedInItsPlaceEndsInTheStateOfTheSortedOrder(long seed) {
    // given
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    float[] level = new float[200];
    List<Observation> observations = new ArrayList<>();
    for (int t = 0; t < 40; t++) {
      observations.add(new Observation(200 + 9 * t, randomMetric(random, level)));
    }
    LifecycleStatus sorted = foldAll(observations);

    // when
    List<Observation> arrivals = new ArrayList<>(observations);
    Collections.shuffle(arrivals, random);
    List<Observation> history = new ArrayList<>();
    List<LifecycleStatus> states = new ArrayList<>();
    for (Observation arrival : arrivals) {
      int place =
          -1 - Collections.binarySearch(history, arrival, Comparator.comparing(Observation::day));
      history.add(place, arrival);
      states.subList(place, states.size()).clear();
      for (int k = place; k < history.size(); k++) {
        Observation each = history.get(k);
        states.add(
            k == 0
                ? Lifecycle.first(each.metric(), each.day(), DEFAULTS)
                : Lifecycle.fold(states.get(k - 1), each.metric(), each.day(), DEFAULTS));
      }
    }

    // then
    assertThat(states.getLast()).isEqualTo(sorted);
    assertThat(bytes(states.getLast())).isEqualTo(bytes(sorted));
  }

  @Test
  void leavesTheStateBeforeAsItIs() {
    // given
    LifecycleStatus before = Lifecycle.first(new float[] {5, 0, Float.NaN}, 100, DEFAULTS);
    byte[] bytes = bytes(before);

    // when
    Lifecycle.fold(before, new float[] {5, 5, 5}, 110, DEFAULTS);

    // then
    assertThat(bytes(before)).isEqualTo(bytes);
  }

  @Test
  void keepsTheFirstConfirmationOfAPixelForEver() {
    // given
    LifecycleStatus state = Lifecycle.first(new float[] {0}, 400, DEFAULTS);
    for (int day = 410; day <= 450; day += 10) {
      state = Lifecycle.fold(state, new float[] {6}, day, DEFAULTS);
    }
    assertThat(state.status()).containsExactly(LifecycleStatus.CONFIRMED_HIGH);
    short confirmedDay = state.confirmedDay()[0];

    // when
    for (int day = 900; day <= 950; day += 10) {
      state = Lifecycle.fold(state, new float[] {9}, day, DEFAULTS);
    }

    // then
    assertThat(state.firstDay()).containsExactly((short) 900);
    assertThat(state.confirmedFirstDay()).containsExactly((short) 410);
    assertThat(state.confirmedDay()).containsExactly(confirmedDay);
    assertThat((int) confirmedDay).isBetween(420, 450);
  }

  @Test
  void refusesAnotherNumberOfPixelsAndDaysThatDoNotFit() {
    LifecycleStatus state = Lifecycle.first(new float[2], 1, DEFAULTS);
    assertThatThrownBy(() -> Lifecycle.fold(state, new float[3], 2, DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Lifecycle.fold(state, new float[2], 0, DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Lifecycle.fold(state, new float[2], 40_000, DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] bytes(LifecycleStatus status) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      status.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(out.size()).isEqualTo(status.byteLength());
    return out.toByteArray();
  }

  private static LifecycleStatus status(byte[] bytes) throws IOException {
    return LifecycleStatus.read(new ByteArrayInputStream(bytes));
  }

  @Test
  void bytesOfMoreThanOnePieceAreReadBack() throws IOException {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    Random random = new Random(seed);
    int pixels = 4096 + random.nextInt(2 * 4096);
    LifecycleStatus state = Lifecycle.first(metrics(random, pixels), 100, DEFAULTS);
    state = Lifecycle.fold(state, metrics(random, pixels), 110, DEFAULTS);

    // when, then
    assertThat(status(bytes(state))).as("seed %d", seed).isEqualTo(state);
  }

  private static float[] metrics(Random random, int pixels) {
    float[] metrics = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      metrics[i] = random.nextInt(5) == 0 ? Float.NaN : 8 * random.nextFloat();
    }
    return metrics;
  }

  @Test
  void bytesAreReadBackAndDamagedBytesAreRefused() throws IOException {
    // given
    LifecycleStatus state = Lifecycle.first(new float[] {5, 3, 0, Float.NaN}, 100, DEFAULTS);
    state = Lifecycle.fold(state, new float[] {5, 3, 4, Float.NaN}, 110, DEFAULTS);
    byte[] bytes = bytes(state);

    // when, then
    assertThat(status(bytes)).isEqualTo(state);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> status(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> status(longer)).isInstanceOf(IllegalArgumentException.class);
    byte[] other = bytes.clone();
    other[0] ^= 1;
    assertThatThrownBy(() -> status(other)).isInstanceOf(IllegalArgumentException.class);
    byte[] negative = bytes.clone();
    negative[7] = (byte) 0x80;
    assertThatThrownBy(() -> status(negative)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bytesAreLittleEndianFieldAfterField() {
    // given
    LifecycleStatus state = Lifecycle.first(new float[] {3}, 0x0102, DEFAULTS);

    // when
    byte[] bytes = bytes(state);

    // then
    assertThat(bytes)
        .startsWith('L', 'F', 'C', '1', 1, 0, 0, 0, 1, 1, 100)
        .endsWith(2, 1, 1, 0, 2, 1, 255, 255, 255, 255);
  }

  private record Observation(int day, float[] metric) {}

  private static LifecycleStatus foldAll(List<Observation> observations) {
    LifecycleStatus state = null;
    for (Observation each : observations) {
      state =
          state == null
              ? Lifecycle.first(each.metric(), each.day(), DEFAULTS)
              : Lifecycle.fold(state, each.metric(), each.day(), DEFAULTS);
    }
    return Objects.requireNonNull(state);
  }

  private static LifecycleParameters randomParameters(Random random) {
    if (random.nextInt(3) == 0) {
      return DEFAULTS;
    }
    return DEFAULTS
        .withCaps(random.nextBoolean() ? 10 : 4, random.nextBoolean() ? 1000 : 50)
        .withGapLimit(1 + random.nextInt(90))
        .withEpisode(1 + random.nextInt(100), 1 + random.nextInt(12), 1 + random.nextInt(500))
        .withExcludeConsecutiveQuiet(random.nextInt(3) > 0);
  }

  /** Each pixel stays at a level for a while: never seen, quiet, doubtful, low, high. */
  private static float[] randomMetric(Random random, float[] level) {
    float[] metric = new float[level.length];
    for (int i = 0; i < metric.length; i++) {
      if (random.nextInt(12) == 0) {
        level[i] = new float[] {0, 0, 1, 2, 3, 6, 14}[random.nextInt(7)];
      }
      boolean cloud = random.nextInt(10) < 2 + i % 4;
      metric[i] = cloud ? Float.NaN : Math.max(0, level[i] + 1.2f * (float) random.nextGaussian());
      if (random.nextInt(40) == 0) {
        metric[i] = random.nextBoolean() ? 2.5f : 4.5f;
      }
    }
    return metric;
  }

  private static List<Number> fields(LifecycleStatus s, int i) {
    return List.of(
        s.status()[i] & 0xFF,
        s.maxMetric()[i],
        s.confidence()[i],
        s.firstDay()[i],
        s.count()[i] & 0xFF,
        s.percent()[i] & 0xFF,
        s.duration()[i],
        s.lastObservedDay()[i],
        s.confirmedFirstDay()[i],
        s.confirmedDay()[i]);
  }

  private static List<Number> fields(ScalarLifecycle s) {
    return List.of(
        s.status,
        s.maxMetric,
        s.confidence,
        s.firstDay,
        s.count,
        s.percent,
        s.duration,
        s.lastObservedDay,
        s.confirmedFirstDay,
        s.confirmedDay);
  }

  private static List<JsonNode> goldenSeries() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> series = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        LifecycleTest.class.getResourceAsStream("/dist-lifecycle.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        series.add(json.readTree(line));
      }
    }
    return series;
  }

  private static float metric(JsonNode number) {
    return number.isNull() ? Float.NaN : number.floatValue();
  }

  private static String rounded(float number) {
    return Float.isNaN(number)
        ? "NaN"
        : new BigDecimal(number).setScale(4, RoundingMode.HALF_EVEN).toPlainString();
  }
}
