package io.landshift.ops.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.detection.ClusterOptions;
import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.catalog.ScenePublisher;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.schemas.Alert;
import io.landshift.schemas.Detection;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replays a series through the whole stack and leaves what a consumer heard in a folder.
 *
 * <p>It announces the scenes and then only listens: everything it shows comes out of the topics and
 * the products.
 */
public final class DemoRun {
  /** The alerts that the demo listens to. */
  private static final String FOLDER = ".landshift";

  private static final String SCORE = "vegetation-loss";

  private static final Duration POLL = Duration.ofMillis(100);

  /** Commits of one checkpoint reach the topics a little after each other. */
  private static final long QUIET_NANOS = 1_500_000_000L;

  private DemoRun() {}

  /** Is told what is heard, as it is heard. */
  public interface Listener {
    void announced(long scenes);

    void outcome(SceneOutcome outcome);

    void alert(Alert alert);
  }

  /**
   * What was heard.
   *
   * @param alerts last revision of each, by id
   * @param outcomes last one of each scene, by product id
   * @param seconds from the first announcement to the last alert
   */
  public record Heard(
      Map<String, Alert> alerts, Map<String, SceneOutcome> outcomes, double seconds) {}

  /** Settings of a demo on a folder. */
  public static DetectionSettings settings(Path out) {
    return DetectionSettings.standard(out.resolve(FOLDER).resolve("store"), out.resolve("maps"));
  }

  /**
   * The stack of a demo on a folder.
   *
   * @param settings as {@link #settings}, with what else is wanted
   */
  public static LocalStack start(Path out, EmbeddedKafka.Ports ports, DetectionSettings settings) {
    return LocalStack.start(
        new LocalStack.Options(out.resolve(FOLDER), ports, 2, ClusterOptions.StateBackend.HASHMAP),
        settings);
  }

  /** Announces the series and listens until everything that it causes has been heard. */
  public static Heard replay(LocalStack stack, Path series, Listener listener) {
    try (SceneSource source = Sources.of(series)) {
      return replay(stack, source, listener);
    }
  }

  /** Announces the scenes of a source and listens until everything that they cause is heard. */
  public static Heard replay(LocalStack stack, SceneSource source, Listener listener) {
    long started = System.nanoTime();
    ScenePublisher.Counts counts =
        Announcer.announce(source, stack.bootstrapServers(), stack.codec());
    long expected = counts.announced() + counts.alreadyThere();
    listener.announced(expected);
    try (EventReader<SceneOutcome> outcomes =
            EventReader.open(
                stack.bootstrapServers(),
                Topics.SCENE_OUTCOMES,
                SceneOutcome.class,
                stack.codec());
        EventReader<Detection> detections =
            EventReader.open(
                stack.bootstrapServers(), Topics.DETECTIONS, Detection.class, stack.codec());
        EventReader<Alert> alerts =
            EventReader.open(stack.bootstrapServers(), Topics.ALERTS, Alert.class, stack.codec())) {
      return new Hearing(stack, expected, outcomes, detections, alerts, listener).listen(started);
    }
  }

  /** Listens to three topics until they say the same. */
  private static final class Hearing {
    private final LocalStack stack;
    private final long expected;
    private final EventReader<SceneOutcome> outcomes;
    private final EventReader<Detection> detections;
    private final EventReader<Alert> alerts;
    private final Listener listener;
    private final Map<String, SceneOutcome> outcomeByProduct = new LinkedHashMap<>();
    private final Map<String, Detection> detectionById = new HashMap<>();
    private final Map<String, Alert> alertById = new LinkedHashMap<>();
    private long lastHeard = System.nanoTime();

    Hearing(
        LocalStack stack,
        long expected,
        EventReader<SceneOutcome> outcomes,
        EventReader<Detection> detections,
        EventReader<Alert> alerts,
        Listener listener) {
      this.stack = stack;
      this.expected = expected;
      this.outcomes = outcomes;
      this.detections = detections;
      this.alerts = alerts;
      this.listener = listener;
    }

    Heard listen(long started) {
      while (!isComplete()) {
        if (!stack.isAlive()) {
          throw new IllegalStateException("the detection job has ended; its log says why");
        }
        hear();
      }
      double seconds = (lastHeard - started) / 1e9;
      return new Heard(alertById, outcomeByProduct, seconds);
    }

    private void hear() {
      for (SceneOutcome outcome : outcomes.poll(POLL)) {
        lastHeard = System.nanoTime();
        outcomeByProduct.put(outcome.getProductId(), outcome);
        listener.outcome(outcome);
      }
      for (Detection detection : detections.poll(Duration.ZERO)) {
        lastHeard = System.nanoTime();
        detectionById.put(detection.getObjectId(), detection);
      }
      for (Alert alert : alerts.poll(Duration.ZERO)) {
        lastHeard = System.nanoTime();
        if (alert.getDetection().getScore().equals(SCORE)) {
          listener.alert(alert);
        }
        alertById.put(alert.getAlertId(), alert);
      }
    }

    private boolean isComplete() {
      return outcomeByProduct.size() >= expected
          && System.nanoTime() - lastHeard > QUIET_NANOS
          && detectionById.values().stream().allMatch(this::isAlerted);
    }

    private boolean isAlerted(Detection detection) {
      Alert alert = alertById.get(detection.getObjectId());
      return alert != null && alert.getDetection().equals(detection);
    }
  }

  /** The alerts that the demo listens to, retracted ones left out. */
  public static List<Alert> standing(Heard heard) {
    List<Alert> standing = new ArrayList<>();
    for (Alert alert : heard.alerts().values()) {
      boolean retracted =
          alert.getDetection().getStatus() == io.landshift.schemas.DetectionStatus.RETRACTED;
      if (!retracted && alert.getDetection().getScore().equals(SCORE)) {
        standing.add(alert);
      }
    }
    return standing;
  }

  /** What the run amounts to, as {@code summary.json}. */
  public static ObjectNode summary(Heard heard, DemoTruth.Judgement judgement) {
    ObjectNode summary = summary(heard);
    summary
        .putObject("reference")
        .put("patches", judgement.patches())
        .put("patchesAlerted", judgement.patchesAlerted())
        .put("stablePixels", judgement.stablePixels())
        .put("stablePixelsAlerted", judgement.stablePixelsAlerted());
    return summary;
  }

  /** What a run amounts to of which nobody knows the truth. */
  public static ObjectNode summary(Heard heard) {
    List<SceneOutcome> outcomes = List.copyOf(heard.outcomes().values());
    ObjectNode summary = new ObjectMapper().createObjectNode();
    ObjectNode scenes = summary.putObject("scenes");
    scenes.put("announced", outcomes.size());
    for (SceneOutcome outcome : outcomes) {
      String result = outcome.getResult().name().toLowerCase(java.util.Locale.ROOT);
      scenes.put(result, scenes.path(result).asInt() + 1);
    }
    ObjectNode reasons = scenes.putObject("reasons");
    for (SceneOutcome outcome : outcomes) {
      if (outcome.getReason() != null) {
        String reason = outcome.getReason().name();
        reasons.put(reason, reasons.path(reason).asInt() + 1);
      }
    }
    ObjectNode alerts = summary.putObject("alerts");
    int everConfirmed = 0;
    for (Alert alert : standing(heard)) {
      everConfirmed += alert.getDetection().getConfirmedDate() == null ? 0 : 1;
      String status = alert.getDetection().getStatus().name().toLowerCase(java.util.Locale.ROOT);
      alerts.put(status, alerts.path(status).asInt() + 1);
    }
    alerts.put("everConfirmed", everConfirmed);
    summary.set("coverage", SceneFigures.json(SceneFigures.coverage(outcomes)));
    long decoded = outcomes.stream().mapToLong(SceneOutcome::getBlocksDecoded).sum();
    long distinct = outcomes.stream().mapToLong(SceneOutcome::getBlocksDistinct).sum();
    summary.put("decodesPerBlock", Math.round(100.0 * decoded / Math.max(1, distinct)) / 100.0);
    ObjectNode stages = summary.putObject("secondsByStage");
    SceneFigures.secondsByStage(outcomes).forEach(stages::put);
    summary.put("seconds", Math.round(heard.seconds() * 1000) / 1000.0);
    summary.put("modelDigest", outcomes.isEmpty() ? "" : outcomes.getLast().getModelDigest());
    return summary;
  }
}
