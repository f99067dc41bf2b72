package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ops.local.EmbeddedKafka;
import io.landshift.ops.local.EventReader;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up}, {@code ingest}, {@code subscribe} and {@code alerts} as processes of their own. */
@Tag("st")
class UpST {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 300;

  /** {@code up} takes at most so many, one after the other. */
  private static final int PORTS = 4;

  /** Alerts are told up to the end of this day: enough for two waves of clear-cuts. */
  private static final String LAST_DAY = "2018-09-30";

  private static final List<String> OPENED =
      List.of(
          "lang",
          "lang.reflect",
          "io",
          "net",
          "nio",
          "text",
          "time",
          "util",
          "util.concurrent",
          "util.concurrent.atomic",
          "util.concurrent.locks");

  @TempDir Path folder;

  private final Queue<Process> started = new ConcurrentLinkedQueue<>();
  private final AtomicInteger commands = new AtomicInteger();

  @AfterEach
  void killWhatIsLeft() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void aKillInTheMiddleOfAnIngestChangesNoAlert() throws Exception {
    // given
    Path series = unpack(demoZip(), folder.resolve("series"));
    int port = freePorts();

    // when: at the same time, as each mostly waits for processes to start and alerts to settle
    Told quiet;
    Told killed;
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      Future<Told> one = both.submit(() -> run("quiet", port, series, false));
      Future<Told> other = both.submit(() -> run("killed", port + PORTS, series, true));
      quiet = one.get();
      killed = other.get();
    }

    // then
    assertThat(quiet.alerts()).hasSizeGreaterThan(5);
    assertThat(quiet.alerts().values()).anyMatch(alert -> alert.contains("\"confirmed\""));
    assertThat(quiet.letters()).isNotEqualTo("0 letters");
    assertThat(quiet.subscribed()).isNotEmpty();
    assertThat(quiet.alerts()).containsAllEntriesOf(quiet.subscribed());
    assertThat(quiet.subscribed().size()).isLessThanOrEqualTo(quiet.alerts().size());
    assertThat(killed).as("killed together with its schema registry").isEqualTo(quiet);
  }

  /**
   * What a stack told.
   *
   * @param alerts the last revision of each, by id
   * @param subscribed the same of those that a subscriber heard
   * @param scenes what became of each, by product
   * @param letters how many dead letters there are
   */
  private record Told(
      Map<String, String> alerts,
      Map<String, String> subscribed,
      Map<String, String> scenes,
      String letters) {}

  /** Undisturbed; or with a schema registry, and killed together with it. */
  private Told run(String name, int port, Path series, boolean disturbed) throws Exception {
    String bootstrap = "127.0.0.1:" + port;
    Path data = folder.resolve(name);
    Process up = up(name, data, port, disturbed);
    List<String> broker = new ArrayList<>(List.of("--bootstrap", bootstrap));
    EventCodec codec = EventCodec.embedded();
    if (disturbed) {
      String registry = "http://127.0.0.1:%d/apis/ccompat/v7".formatted(port + 2);
      assertThat(console(name)).content().contains("registry: " + registry);
      broker.addAll(List.of("--registry", registry));
      codec = EventCodec.configured(URI.create(registry));
    }
    String subscribed = command(broker, "subscribe", "forester", "--confirmed");
    assertThat(subscribed).contains("alerts.forester");
    String ingested = command(broker, "ingest", series.toString());
    int scenes = Integer.parseInt(ingested.substring(0, ingested.indexOf(' ')));
    assertThat(scenes).isGreaterThan(50);
    if (disturbed) {
      awaitOutcomes(bootstrap, codec, scenes / 3, scenes);
      up.destroyForcibly();
      assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
      up = up(name + "-again", data, port, disturbed);
      assertThat(command(broker, "ingest", series.toString()))
          .startsWith("0 announced, " + scenes + " known before");
    }
    Map<String, String> results = awaitOutcomes(bootstrap, codec, scenes, Integer.MAX_VALUE);
    Map<String, String> alerts = settledAlerts(broker);
    Map<String, String> heard = settledAlerts(broker, "--subscription", "forester");
    String letters = command(broker, "dead-letters", "list").lines().toList().getLast();
    if (disturbed) {
      assertNothingIsReadWithoutRegistry(bootstrap);
    }
    up.destroy();
    assertThat(up.waitFor(60, TimeUnit.SECONDS)).as("up ends when it is told to").isTrue();
    return new Told(alerts, heard, results, letters);
  }

  private void assertNothingIsReadWithoutRegistry(String bootstrap) throws Exception {
    for (List<String> words : List.of(List.of("alerts"), List.of("dead-letters", "list"))) {
      List<String> all = new ArrayList<>(words);
      all.addAll(List.of("--bootstrap", bootstrap));
      Path console = console("without-registry-" + words.getFirst());
      Process process = start(console, all);
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(words.toString()).isEqualTo(3);
      assertThat(errors(console)).content().contains("--registry URL");
    }
  }

  private Path console(String name) {
    return folder.resolve(name + ".txt");
  }

  private Process up(String name, Path data, int port, boolean registered) throws Exception {
    Path console = console(name);
    List<String> words =
        new ArrayList<>(List.of("up", "--data", data.toString(), "--port", String.valueOf(port)));
    if (registered) {
      words.add("--registry");
    }
    Process up = start(console, words);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.readString(console).contains("up: 127.0.0.1:" + port)) {
      assertThat(up.isAlive()).as(Files.readString(console)).isTrue();
      assertThat(System.nanoTime()).as(Files.readString(console)).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return up;
  }

  /** Waits for so many scenes; returns what became of each. */
  private static Map<String, String> awaitOutcomes(
      String bootstrap, EventCodec codec, int wanted, int tooMany) {
    Map<String, String> results = new TreeMap<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try (EventReader<SceneOutcome> reader =
        EventReader.open(bootstrap, Topics.SCENE_OUTCOMES, SceneOutcome.class, codec)) {
      while (results.size() < wanted) {
        assertThat(System.nanoTime())
            .as("%d of %d scenes", results.size(), wanted)
            .isLessThan(deadline);
        for (SceneOutcome outcome : reader.poll(Duration.ofMillis(50))) {
          results.put(outcome.getProductId(), outcome.getResult() + " " + outcome.getScores());
        }
      }
    }
    assertThat(results.size()).as("scenes done before the kill").isLessThan(tooMany);
    return results;
  }

  /** The last revision of each alert, once two readings in a row say the same. */
  private Map<String, String> settledAlerts(List<String> broker, String... options)
      throws Exception {
    Map<String, String> before = Map.of();
    Map<String, String> now = alerts(broker, options);
    while (!now.equals(before)) {
      TimeUnit.SECONDS.sleep(3);
      before = now;
      now = alerts(broker, options);
    }
    return now;
  }

  private Map<String, String> alerts(List<String> broker, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("alerts", "--json"));
    words.addAll(List.of(options));
    Map<String, String> last = new TreeMap<>();
    Set<String> revisions = new HashSet<>();
    for (String line : command(broker, words.toArray(String[]::new)).lines().toList()) {
      JsonNode alert = JSON.readTree(line);
      String id = alert.get("id").asText();
      assertThat(revisions.add(line)).as("told once: " + line).isTrue();
      last.put(id, alert.toString());
    }
    return last;
  }

  private String command(List<String> broker, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(broker);
    Path console = console("command-" + commands.incrementAndGet());
    Process process = start(console, all);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(console);
    assertThat(process.exitValue()).as(said + Files.readString(errors(console))).isZero();
    return said;
  }

  private static Path errors(Path console) {
    return console.resolveSibling(console.getFileName() + ".err");
  }

  private Process start(Path console, List<String> words) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Xmx1g");
    // Each of some twenty programs is over within a minute or two: too short for the best compiler.
    line.add("-XX:TieredStopAtLevel=1");
    line.add("-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.landshift.schemas");
    line.add("-Dlandshift.registry=" + System.getProperty("landshift.registry"));
    line.add("--enable-native-access=ALL-UNNAMED");
    for (String name : OPENED) {
      line.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED");
    }
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    line.addAll(words);
    Process process =
        new ProcessBuilder(line)
            .redirectOutput(console.toFile())
            .redirectError(errors(console).toFile())
            .start();
    started.add(process);
    return process;
  }

  /** The first of as many free ports in a row as two of {@code up} take. */
  private static int freePorts() {
    while (true) {
      int port = EmbeddedKafka.Ports.free().broker();
      if (areFree(port, 2 * PORTS)) {
        return port;
      }
      System.out.println("not all of the ports from " + port + " are free, another try");
    }
  }

  private static boolean areFree(int port, int count) {
    if (count == 0) {
      return true;
    }
    try (ServerSocket socket = listen(port)) {
      return areFree(socket.getLocalPort() + 1, count - 1);
    } catch (IOException | IllegalArgumentException taken) {
      return false;
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  private static Path demoZip() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("ops/demo"))) {
      at = at.getParent();
    }
    return at.resolve("ops/demo/romania-forest-s2-l2a.zip");
  }

  /** The demo's collection as a folder, without what was sensed later. */
  private static Path unpack(Path zip, Path to) throws IOException {
    try (InputStream bytes = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(bytes)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        Path file = to.resolve(entry.getName()).normalize();
        if (!entry.isDirectory() && file.startsWith(to)) {
          Files.createDirectories(file.getParent());
          Files.copy(entries, file);
        }
      }
    }
    Path collection = to.resolve("collection.json");
    ObjectNode document = (ObjectNode) JSON.readTree(collection.toFile());
    ArrayNode kept = JSON.createArrayNode();
    for (JsonNode link : document.get("links")) {
      if (!link.get("rel").asText().equals("item") || isEarly(to, link)) {
        kept.add(link);
      }
    }
    document.set("links", kept);
    JSON.writeValue(collection.toFile(), document);
    return to;
  }

  private static boolean isEarly(Path root, JsonNode link) throws IOException {
    JsonNode item = JSON.readTree(root.resolve(link.get("href").asText()).toFile());
    return item.at("/properties/datetime").asText().compareTo(LAST_DAY + "T24") < 0;
  }
}
