package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.change.ActivePixels.From;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Replays the prototype's series of one square kilometre of logged forest, on which the rules of
 * objects were measured, and compares with the objects that the prototype made of it. The first
 * line of each resource says where it comes from.
 *
 * <p>The prototype knows the status of every pixel, the tracker those of active pixels only. What
 * follows from that is all that may differ, and is stated here object by object.
 */
class ObjectSeriesTest {
  private static final byte[] UNKNOWN = new byte[100 * 100];

  static {
    Arrays.fill(UNKNOWN, ActivePixels.NO_CLASS);
  }

  /**
   * An object at the end of the series.
   *
   * @param retractedDay -1 if it never was
   * @param size pixels of the footprint
   * @param confirmed confirmed pixels
   * @param box first row, first column, last row, last column of the confirmed pixels
   */
  private record Summary(
      int firstDay,
      int birthDay,
      int confirmedDay,
      int retractedDay,
      int size,
      int confirmed,
      List<Integer> box) {
    boolean isConfirmed() {
      return confirmedDay >= 0;
    }

    Summary withFirstDay(int day) {
      return new Summary(day, birthDay, confirmedDay, retractedDay, size, confirmed, box);
    }

    Summary with(int size, int confirmed, List<Integer> box) {
      return new Summary(firstDay, birthDay, confirmedDay, retractedDay, size, confirmed, box);
    }
  }

  @Test
  void lossMakesTheObjectsThatWereMeasured() throws IOException {
    // given
    List<JsonNode> series = series("/object-series-loss.jsonl.gz");
    List<Summary> measured = measured(series);

    // when
    List<Summary> made = replay(series, false);

    // then
    assertThat(measured).hasSize(57).filteredOn(Summary::isConfirmed).hasSize(50);
    assertThat(made).hasSize(57);
    Summary first = find(measured, 823, 373);
    Summary second = find(measured, 1628, 305);
    Summary third = find(measured, 1958, 35);
    Summary early = find(measured, 1188, 62);
    assertThat(List.of(first.confirmed(), second.confirmed(), third.confirmed()))
        .containsExactly(295, 217, 28);
    assertThat(early.confirmed()).isEqualTo(47);
    Map<Summary, Summary> differ =
        Map.of(
            // One pixel each was confirmed and finished on the same scene, so never listed.
            first, first.with(373, 294, first.box()),
            second, second.with(305, 216, second.box()),
            third, third.with(35, 27, third.box()),
            // Two confirmed pixels were finished before the object was confirmed, so released.
            early, early.with(60, 45, List.of(25, 9, 33, 15)));
    assertThat(made)
        .filteredOn(Summary::isConfirmed)
        .containsExactlyInAnyOrderElementsOf(
            measured.stream()
                .filter(Summary::isConfirmed)
                .map(each -> differ.getOrDefault(each, each))
                .toList());
  }

  @Test
  void toldOfWhatIsFinishedLossMakesEveryObjectThatWasMeasured() throws IOException {
    List<JsonNode> series = series("/object-series-loss.jsonl.gz");
    assertThat(replay(series, true)).containsExactlyInAnyOrderElementsOf(measured(series));
  }

  @Test
  void toldOfWhatIsFinishedGenericMakesEveryObjectThatWasMeasured() throws IOException {
    // given
    List<JsonNode> series = series("/object-series-generic.jsonl.gz");
    List<Summary> measured = measured(series);
    // Pixels that joined later had been disturbed first; the prototype keeps the day of birth.
    Summary first = find(measured, 888, 30);
    Summary second = find(measured, 913, 17);
    Map<Summary, Summary> differ =
        Map.of(first, first.withFirstDay(823), second, second.withFirstDay(903));

    // when
    List<Summary> made = replay(series, true);

    // then
    assertThat(made)
        .containsExactlyInAnyOrderElementsOf(
            measured.stream().map(each -> differ.getOrDefault(each, each)).toList());
  }

  private static Summary find(List<Summary> summaries, int firstDay, int size) {
    List<Summary> found =
        summaries.stream()
            .filter(each -> each.firstDay() == firstDay && each.size() == size)
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static List<Summary> measured(List<JsonNode> series) {
    List<Summary> measured = new ArrayList<>();
    for (JsonNode each : series.getFirst().get("objects")) {
      List<Integer> box = new ArrayList<>();
      each.get("box").forEach(edge -> box.add(edge.intValue()));
      measured.add(
          new Summary(
              each.get("firstDay").intValue(),
              each.get("birthDay").intValue(),
              each.get("confirmedDay").intValue(),
              each.get("retractedDay").intValue(),
              each.get("size").intValue(),
              each.get("confirmed").intValue(),
              box));
    }
    return measured;
  }

  /**
   * The objects of a series.
   *
   * @param told whether pixels of objects that are finished, or disturbed for the first time again,
   *     are listed as active
   */
  private static List<Summary> replay(List<JsonNode> series, boolean told) {
    JsonNode about = series.getFirst();
    ChunkWindow window =
        new ChunkWindow(0, 0, about.get("width").intValue(), about.get("height").intValue());
    TrackerParameters parameters =
        new TrackerParameters(
            about.get("minimumPixels").intValue(), about.get("growthDays").intValue());
    ObjectTracker tracker = new ObjectTracker("clip", "score", parameters);
    LifecycleStatus ground = new LifecycleStatus(window.pixels());
    ObjectTable table = ObjectTable.EMPTY;
    Map<String, Summary> objects = new LinkedHashMap<>();
    for (JsonNode date : series.subList(1, series.size())) {
      int day = date.get("day").intValue();
      for (int k = 0; k < date.get("pixel").size(); k++) {
        int pixel = date.get("pixel").get(k).intValue();
        ground.status()[pixel] = (byte) date.get("status").get(k).intValue();
        ground.firstDay()[pixel] = (short) date.get("firstDay").get(k).intValue();
      }
      LifecycleStatus seen = told ? told(ground, table, window) : ground;
      ActivePixels active =
          ActivePixels.collect(
              seen, window, new short[window.pixels()], UNKNOWN, UNKNOWN, From.PROVISIONAL);
      table = tracker.track(table, active, List.of(window), day, "scene-" + day);
      table.objects().forEach(each -> objects.put(each.id(), summary(each, day)));
    }
    return List.copyOf(objects.values());
  }

  private static LifecycleStatus told(
      LifecycleStatus ground, ObjectTable table, ChunkWindow window) {
    LifecycleStatus told = new LifecycleStatus(ground);
    for (TrackedObject object : table.objects()) {
      PixelRuns footprint = object.footprint();
      for (int run = 0; run < footprint.runs(); run++) {
        for (int x = footprint.start(run); x < footprint.end(run); x++) {
          int pixel = footprint.row(run) * window.width() + x;
          told.status()[pixel] =
              switch (ground.status()[pixel]) {
                case LifecycleStatus.FINISHED_LOW, LifecycleStatus.FINISHED_HIGH ->
                    LifecycleStatus.CONFIRMED_LOW;
                case LifecycleStatus.FIRST_LOW, LifecycleStatus.FIRST_HIGH ->
                    LifecycleStatus.PROVISIONAL_LOW;
                default -> ground.status()[pixel];
              };
        }
      }
    }
    return told;
  }

  private static Summary summary(TrackedObject object, int day) {
    boolean retracted = object.status() == ObjectStatus.RETRACTED;
    return new Summary(
        object.firstDay(),
        object.birthDay(),
        object.confirmedDay(),
        retracted ? day : -1,
        object.footprint().pixels(),
        object.confirmed().pixels(),
        box(object.confirmed()));
  }

  private static List<Integer> box(PixelRuns pixels) {
    int left = Integer.MAX_VALUE;
    int right = -1;
    for (int run = 0; run < pixels.runs(); run++) {
      left = Math.min(left, pixels.start(run));
      right = Math.max(right, pixels.end(run) - 1);
    }
    return pixels.isEmpty()
        ? List.of()
        : List.of(pixels.row(0), left, pixels.row(pixels.runs() - 1), right);
  }

  private static List<JsonNode> series(String resource) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> series = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(ObjectSeriesTest.class.getResourceAsStream(resource))),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        series.add(json.readTree(line));
      }
    }
    return series;
  }
}
