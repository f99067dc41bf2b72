package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.detection.ClusterOptions;
import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.ops.local.EmbeddedKafka;
import io.landshift.ops.local.EventReader;
import io.landshift.ops.local.LocalStack;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dead-letters} beside a whole stack: what it lists, and what becomes of what it sends. */
@Tag("it")
class DeadLettersCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SIDE = 64;
  private static final String[] BANDS = {"B02", "B03", "B04", "B08", "B8A", "B11", "B12"};
  private static final int[] FOREST = {250, 450, 280, 3300, 3500, 1500, 700};
  private static final int[] BARE = {700, 1000, 1300, 2100, 2200, 3000, 2500};

  @TempDir Path folder;
  private LocalStack stack;
  private EventReader<SceneOutcome> reader;
  private final List<SceneOutcome> outcomes = new ArrayList<>();
  private final List<LocalDate> dates = new ArrayList<>();

  @BeforeEach
  void start() {
    stack =
        LocalStack.start(
            new LocalStack.Options(
                folder.resolve("state"),
                EmbeddedKafka.Ports.free(),
                1,
                ClusterOptions.StateBackend.HASHMAP),
            DetectionSettings.standard(folder.resolve("store"), folder.resolve("products")));
    reader =
        EventReader.open(
            stack.bootstrapServers(),
            Topics.SCENE_OUTCOMES,
            SceneOutcome.class,
            EventCodec.embedded());
  }

  @AfterEach
  void stop() {
    reader.close();
    stack.close();
  }

  private String run(Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.add("--bootstrap");
    all.add(stack.bootstrapServers());
    Shell.Ran ran = Shell.run(all.toArray());
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran.out();
  }

  private List<JsonNode> letters(Object... filters) throws IOException {
    List<Object> words = new ArrayList<>(List.of("dead-letters", "list", "--json"));
    words.addAll(List.of(filters));
    List<JsonNode> letters = new ArrayList<>();
    for (String line : run(words.toArray()).lines().toList()) {
      letters.add(JSON.readTree(line));
    }
    return letters;
  }

  /** Adds scenes to the series; from {@code felled} on, most of the forest is bare ground. */
  private void ingest(LocalDate felled, LocalDate... more) throws IOException {
    Path series = Files.createDirectories(folder.resolve("series"));
    for (LocalDate date : more) {
      raster(series.resolve(date + ".tif"), !date.isBefore(felled), date.toEpochDay());
      dates.add(date);
    }
    List<String> scenes =
        dates.stream()
            .map(date -> "{\"file\": \"%s.tif\", \"date\": \"%s\"}".formatted(date, date))
            .toList();
    Files.writeString(
        series.resolve("series.json"),
        "{\"sensor\": \"sentinel-2-msi\", \"scale\": 0.0001, \"offset\": 0, \"nodata\": 0, \"scenes\": %s}"
            .formatted(scenes));
    assertThat(run("ingest", series)).startsWith(more.length + " announced");
  }

  private static void raster(Path file, boolean felled, long seed) {
    Random random = new Random(seed);
    short[][] planes = new short[BANDS.length][SIDE * SIDE];
    for (int band = 0; band < planes.length; band++) {
      for (int i = 0; i < SIDE * SIDE; i++) {
        boolean bare = felled && i < SIDE * SIDE * 6 / 10;
        planes[band][i] = (short) ((bare ? BARE : FOREST)[band] + random.nextInt(20));
      }
    }
    CogWriter.write(
        file,
        new Grid("RASTER", "EPSG:32633", 512_000.0, 5_120_000.0, 10.0, SIDE, SIDE),
        new PixelWindow(0, 0, SIDE, SIDE),
        CogLayout.of(RasterType.UINT16, BANDS),
        RowSource.ofShorts(SIDE, planes));
  }

  private SceneResult lastResult(LocalDate date) {
    outcomes.addAll(reader.poll(Duration.ofMillis(100)));
    return outcomes.stream()
        .filter(outcome -> outcome.getProductId().contains(date.toString()))
        .reduce((first, second) -> second)
        .map(SceneOutcome::getResult)
        .orElse(SceneResult.OTHER);
  }

  private void awaitResult(LocalDate date, SceneResult result) {
    await().atMost(PATIENCE).until(() -> lastResult(date) == result);
  }

  private String onlyState(Object... filters) throws IOException {
    List<JsonNode> letters = letters(filters);
    assertThat(letters).hasSize(1);
    return letters.getFirst().get("state").asText();
  }

  @Test
  void aQuarantinedSceneIsListedWithEvidenceAndReleasedUntilItsAlertsAppear() throws Exception {
    // given: six summers' looks, one on which most of the ground changed, and one after it
    LocalDate felled = LocalDate.of(2021, 7, 5);
    LocalDate after = LocalDate.of(2021, 7, 9);
    for (int year = 2018; year <= 2020; year++) {
      ingest(felled, LocalDate.of(year, 7, 1), LocalDate.of(year, 7, 11));
    }
    awaitResult(LocalDate.of(2020, 7, 11), SceneResult.PROCESSED);
    ingest(felled, felled);
    awaitResult(felled, SceneResult.QUARANTINED);
    ingest(felled, after);
    awaitResult(after, SceneResult.PROCESSED);

    // when
    await().atMost(PATIENCE).until(() -> !letters("--reason", "SUSPICIOUS_CHANGE").isEmpty());
    JsonNode letter = letters("--reason", "SUSPICIOUS_CHANGE", "--stage", "fold").getFirst();
    String number = letter.get("number").asText();
    String table = run("dead-letters", "list");
    String alertsBefore = run("alerts");
    String released = run("dead-letters", "release", number);
    String twice = run("dead-letters", "release", number);

    // then
    assertThat(letter.get("state").asText()).isEqualTo("open");
    assertThat(letter.at("/evidence/pixels that score high, vegetation-loss").asText())
        .startsWith("60.")
        .contains("expected at most 30 %");
    assertThat(table)
        .contains("SUSPICIOUS_CHANGE", felled.toString(), "vegetation-loss: 60.", "1 letters");
    assertThat(alertsBefore).isEmpty();
    assertThat(released).contains("as attempt 1, accepting [SUSPICIOUS_CHANGE]");
    assertThat(twice).contains("needs no release");
    awaitResult(felled, SceneResult.PROCESSED);
    await().atMost(PATIENCE).until(() -> run("alerts").contains("vegetation-loss"));
    assertThat(run("alerts")).contains("since " + felled);
    assertThat(onlyState("--reason", "SUSPICIOUS_CHANGE")).isEqualTo("resolved");
    assertThat(letters("--pending")).isEmpty();
    assertThat(run("dead-letters", "replay", number)).contains("needs no replay");
  }

  @Test
  void aSceneWhoseFileWasMissingIsReplayedOnceItIsThere() throws Exception {
    // given
    LocalDate date = LocalDate.of(2019, 7, 1);
    LocalDate other = LocalDate.of(2019, 7, 11);
    Path file = folder.resolve("series").resolve(date + ".tif");
    Path away = folder.resolve("away.tif");
    ingest(LocalDate.MAX, other);
    awaitResult(other, SceneResult.PROCESSED);
    stopReading(date, file, away);

    // when
    JsonNode letter = letters("--since", "2026-01-01").getFirst();
    String number = letter.get("number").asText();
    Shell.Ran release =
        Shell.run("dead-letters", "release", number, "--bootstrap", stack.bootstrapServers());
    run("dead-letters", "replay", number);
    awaitLetters(2);
    List<JsonNode> again = letters();
    Files.move(away, file);
    String last = again.getLast().get("number").asText();
    String replayed = run("dead-letters", "replay", last, number);

    // then
    assertThat(letter.get("productId").asText()).contains(date.toString());
    assertThat(release.code()).isEqualTo(3);
    assertThat(release.err()).contains("is no finding that can be accepted");
    assertThat(again.getFirst().get("state").asText()).isEqualTo("replayed");
    assertThat(again.getLast().get("attempt").asInt()).isEqualTo(1);
    assertThat(replayed).contains("as attempt 2", number + " needs no replay");
    awaitResult(date, SceneResult.PROCESSED);
    assertThat(letters()).allMatch(each -> each.get("state").asText().equals("resolved"));
    assertThat(letters("--grid", "elsewhere")).isEmpty();
    assertThat(letters("--since", "2999-01-01T00:00:00Z")).isEmpty();
  }

  /** Announces a scene whose file is moved away before the job sees it: it cannot be opened. */
  private void stopReading(LocalDate date, Path file, Path away) throws IOException {
    Files.createDirectories(file.getParent());
    raster(file, false, 1);
    byte[] whole = Files.readAllBytes(file);
    Files.write(away, whole);
    // Its head is there, so that it is announced; its pixels are not.
    byte[] head = java.util.Arrays.copyOf(whole, whole.length / 3);
    dates.add(date);
    Files.write(file, head);
    Files.writeString(
        folder.resolve("series/series.json"),
        "{\"sensor\": \"sentinel-2-msi\", \"scale\": 0.0001, \"offset\": 0, \"nodata\": 0, \"scenes\": [{\"file\": \"%s.tif\", \"date\": \"%s\"}]}"
            .formatted(date, date));
    run("ingest", folder.resolve("series"));
    awaitResult(date, SceneResult.REFUSED);
    Files.delete(file);
    awaitLetters(1);
  }

  private void awaitLetters(int count) {
    await().atMost(PATIENCE).until(() -> letters().size() == count);
  }

  @Test
  void aRecordThatIsNoSceneIsShownAndSentAgainOnce() throws Exception {
    // given
    byte[] garbage = "no scene".getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "scenes", "MGRS-33TWL".getBytes(StandardCharsets.UTF_8), garbage))
          .get();
    }
    awaitLetters(1);

    // when
    String number = letters().getFirst().get("number").asText();
    String shown = run("dead-letters", "show", number);
    String first = run("dead-letters", "replay", number);
    awaitLetters(2);
    String second = run("dead-letters", "replay", number);

    // then
    assertThat(shown).contains("RECORD_UNREADABLE", "decode", "8 bytes: no scene", "from scenes-");
    assertThat(first).contains("sent the record of letter " + number + " to scenes");
    assertThat(second).contains("needs no replay: the record was sent again");
    assertThat(letters().getFirst().get("state").asText()).isEqualTo("replayed");
    assertThat(letters().getLast().get("state").asText()).isEqualTo("open");
    assertThat(letters().getLast().get("sourcePartition"))
        .isEqualTo(letters().getFirst().get("sourcePartition"));
  }

  @Test
  void whatIsNotThereOrNotSaidIsExplained() {
    // when
    Shell.Ran absent =
        Shell.run("dead-letters", "show", 7, "--bootstrap", stack.bootstrapServers());
    Shell.Ran nothing = Shell.run("dead-letters");
    Shell.Ran when = Shell.run("dead-letters", "list", "--since", "yesterday");

    // then
    assertThat(absent.code()).isEqualTo(3);
    assertThat(absent.err()).contains("there is no dead letter 7");
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).contains("list, show, replay or release");
    assertThat(when.code()).isEqualTo(2);
    assertThat(when.err()).contains("--since takes");
  }
}
