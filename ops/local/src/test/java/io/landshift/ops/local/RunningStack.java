package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.landshift.detection.ClusterOptions;
import io.landshift.detection.DetectionSettings;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.ModelRelease;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The whole system on two slots, with what it has said so far. For one thread. */
final class RunningStack implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalStack stack;
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventReader<SceneOutcome> outcomeReader;
  private final EventReader<DeadLetter> letterReader;
  private final List<SceneOutcome> outcomes = new ArrayList<>();
  private final List<DeadLetter> letters = new ArrayList<>();
  private final SceneAvailable template;
  private int scenes;

  RunningStack(Path folder, DetectionSettings settings, SceneAvailable template) {
    this.template = template;
    stack =
        LocalStack.start(
            new LocalStack.Options(
                folder, EmbeddedKafka.Ports.free(), 2, ClusterOptions.StateBackend.HASHMAP),
            settings);
    String brokers = stack.bootstrapServers();
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers, "max.request.size", 8 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    outcomeReader =
        EventReader.open(brokers, Topics.SCENE_OUTCOMES, SceneOutcome.class, stack.codec());
    letterReader = EventReader.open(brokers, Topics.DEAD_LETTERS, DeadLetter.class, stack.codec());
  }

  LocalStack stack() {
    return stack;
  }

  /** A good scene that was not announced before, sensed after all others. */
  SceneAvailable scene() {
    scenes++;
    return SceneAvailable.newBuilder(template)
        .setProductId("scene-" + scenes)
        .setSensingTime(template.getSensingTime().plus(Duration.ofDays(scenes)))
        .build();
  }

  void announce(SceneAvailable scene) throws Exception {
    send(Topics.SCENES, scene.getGrid().getCode(), stack.codec().encode(scene));
  }

  void release(String digest, String href) throws Exception {
    ModelRelease release =
        ModelRelease.newBuilder()
            .setName("spectral-baseline")
            .setDigest(digest)
            .setHref(href)
            .setReleasedAt(Instant.EPOCH)
            .build();
    send(Topics.MODEL_RELEASES, release.getName(), stack.codec().encode(release));
  }

  RecordMetadata send(Topic topic, String key, byte[] value) throws Exception {
    return producer
        .send(new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), value))
        .get();
  }

  /** Announces a good scene and waits until it is processed. */
  SceneOutcome processOne() throws Exception {
    SceneAvailable scene = scene();
    announce(scene);
    SceneOutcome outcome = outcomeOf(scene, 1);
    assertThat(outcome.getResult()).as(outcome.getMessage()).isEqualTo(SceneResult.PROCESSED);
    return outcome;
  }

  /** Waits for the {@code count}-th outcome of a scene, and that there is none yet after it. */
  SceneOutcome outcomeOf(SceneAvailable scene, int count) {
    Predicate<SceneOutcome> ofScene =
        outcome -> outcome.getProductId().equals(scene.getProductId());
    await().atMost(PATIENCE).until(() -> count(outcomes(), ofScene) >= count);
    List<SceneOutcome> all = outcomes.stream().filter(ofScene).toList();
    assertThat(all).hasSize(count);
    return all.getLast();
  }

  /** Waits for the only dead letter of this kind. */
  DeadLetter letter(Predicate<DeadLetter> kind) {
    await().atMost(PATIENCE).until(() -> count(letters(), kind) > 0);
    List<DeadLetter> all = letters.stream().filter(kind).toList();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /** All dead letters so far. */
  List<DeadLetter> letters() {
    letters.addAll(letterReader.poll(Duration.ofMillis(100)));
    return letters;
  }

  private List<SceneOutcome> outcomes() {
    outcomes.addAll(outcomeReader.poll(Duration.ofMillis(100)));
    return outcomes;
  }

  private static <T> long count(List<T> all, Predicate<T> kind) {
    return all.stream().filter(kind).count();
  }

  @Override
  public void close() {
    letterReader.close();
    outcomeReader.close();
    producer.close();
    stack.close();
  }
}
