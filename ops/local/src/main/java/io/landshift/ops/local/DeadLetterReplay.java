package io.landshift.ops.local;

import io.landshift.ingest.catalog.TopicReader;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Findings;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Gives the matter of a dead letter another chance: announces its scene again, or sends its record
 * again to where it came from. The letter itself stays where it is.
 *
 * <p>One replay at a time on a broker: opening one ends an earlier one. Each call is one
 * transaction, and what was already sent again is not sent twice. For one thread; owns a producer.
 */
public final class DeadLetterReplay implements AutoCloseable {
  private final String bootstrap;
  private final EventCodec codec;
  private final Clock clock;
  private final KafkaProducer<byte[], byte[]> producer;

  private DeadLetterReplay(
      String bootstrap, EventCodec codec, Clock clock, KafkaProducer<byte[], byte[]> producer) {
    this.bootstrap = bootstrap;
    this.codec = codec;
    this.clock = clock;
    this.producer = producer;
  }

  /**
   * What a call did.
   *
   * @param done whether something was sent
   * @param what was done, or why there was nothing to do
   */
  public record Result(boolean done, String what) {}

  /**
   * Connects.
   *
   * @throws LandshiftException SERVICE_UNAVAILABLE where the broker does not answer
   */
  public static DeadLetterReplay open(String bootstrap, EventCodec codec, Clock clock) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "landshift-dead-letters",
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Topics.DEAD_LETTERS.maximumBytes(),
                // What fitted its topic compressed must fit it again.
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "gzip"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    try {
      producer.initTransactions();
      return new DeadLetterReplay(bootstrap, codec, clock, producer);
    } catch (KafkaException e) {
      producer.close();
      throw unavailable(e);
    }
  }

  /**
   * Announces the letter's scene once more, or sends its record once more to its topic.
   *
   * @throws LandshiftException ASSET_MISSING where there is no such letter, METADATA_INVALID where
   *     it cannot be replayed, SERVICE_UNAVAILABLE where the broker does not take it
   */
  public Result replay(long number) {
    StoredLetter letter = DeadLetterBox.read(bootstrap, codec).letter(number);
    if (letter.state() != StoredLetter.State.OPEN
        && letter.state() != StoredLetter.State.REPEATED) {
      return new Result(false, number + " needs no replay: " + letter.note());
    }
    SceneAvailable scene = letter.scene();
    return scene == null ? sendAgain(letter) : announce(scene, scene.getAccepted());
  }

  /**
   * Announces the letter's scene once more, so that it is not stopped again for the letter's
   * reason.
   *
   * @throws LandshiftException ASSET_MISSING where there is no such letter, METADATA_INVALID where
   *     its reason is none that can be accepted, SERVICE_UNAVAILABLE where the broker does not take
   *     it
   */
  public Result release(long number) {
    DeadLetterBox box = DeadLetterBox.read(bootstrap, codec);
    StoredLetter letter = box.letter(number);
    FailureReason reason = letter.letter().getReason();
    if (letter.scene() == null || !Findings.isFinding(reason)) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "%s is no finding that can be accepted; remove the cause and replay letter %d"
              .formatted(reason, number));
    }
    SceneAvailable last = box.lastAnnouncement(letter.scene());
    boolean settled =
        letter.state() == StoredLetter.State.RESOLVED
            || letter.state() == StoredLetter.State.SUPERSEDED;
    if (settled || last.getAccepted().contains(reason)) {
      return new Result(
          false,
          number
              + " needs no release: "
              + (settled
                  ? letter.note()
                  : "attempt %d accepts %s".formatted(last.getAttempt(), reason)));
    }
    List<FailureReason> accepted = new ArrayList<>(last.getAccepted());
    accepted.add(reason);
    return announce(last, accepted);
  }

  private Result announce(SceneAvailable scene, List<FailureReason> accepted) {
    SceneAvailable again =
        SceneAvailable.newBuilder(scene)
            .setAttempt(scene.getAttempt() + 1)
            .setAccepted(accepted)
            .setAnnouncedAt(Instant.ofEpochMilli(clock.millis()))
            .build();
    byte[] key = scene.getGrid().getCode().getBytes(StandardCharsets.UTF_8);
    send(new ProducerRecord<>(Topics.SCENES.name(), key, codec.encode(again)));
    return new Result(
        true,
        "announced %s again as attempt %d%s"
            .formatted(
                scene.getProductId(),
                again.getAttempt(),
                accepted.isEmpty() ? "" : ", accepting " + accepted));
  }

  private Result sendAgain(StoredLetter stored) {
    DeadLetter letter = stored.letter();
    Topic topic =
        Topics.all().stream()
            .filter(each -> each.name().equals(letter.getSourceTopic()))
            .findFirst()
            .orElseThrow(() -> notReplayable(stored));
    if (letter.getStage().equals("publish")) {
      throw notReplayable(stored);
    }
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic.name(),
            letter.getSourcePartition(),
            key(topic, letter),
            DeadLetterBox.payload(letter),
            List.of(
                new RecordHeader(
                    Topics.REPLAY_HEADER,
                    Long.toString(stored.number()).getBytes(StandardCharsets.UTF_8))));
    send(record);
    return new Result(true, "sent the record of letter " + stored.number() + " to " + topic.name());
  }

  private static LandshiftException notReplayable(StoredLetter stored) {
    return new LandshiftException(
        FailureReason.METADATA_INVALID,
        "letter %d never became a scene (%s): correct its source, then `landshift ingest` it again"
            .formatted(stored.number(), stored.letter().getMessage()));
  }

  /** The key that the record came with, where its topic still has it. */
  private byte @Nullable [] key(Topic topic, DeadLetter letter) {
    byte[][] key = {null};
    new TopicReader(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))
        .records(
            topic,
            record -> {
              if (DeadLetterBox.isSource(record, letter)) {
                key[0] = record.key();
              }
            });
    return key[0];
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.beginTransaction();
      // A record that cannot be sent fails the transaction when it is committed.
      var unused = producer.send(record);
      producer.commitTransaction();
    } catch (KafkaException e) {
      throw unavailable(e);
    }
  }

  private static LandshiftException unavailable(KafkaException e) {
    return new LandshiftException(
        FailureReason.SERVICE_UNAVAILABLE,
        "Kafka does not take what is sent again ("
            + e.getMessage()
            + "). Is the broker running, and does nobody else replay at this moment? Then try it again.",
        e);
  }

  @Override
  public void close() {
    producer.close();
  }
}
