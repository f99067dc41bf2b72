package io.landshift.ingest.catalog;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Announces the scenes of one source on topic {@code scenes}, and what is none on {@code
 * dead-letters}; each once, however often the source is read again.
 *
 * <p>When it is opened it reads what both topics already hold. A scene is known by grid, product
 * and generation, a dead letter by reason and payload. Records are written in transactions: after a
 * crash either all of a batch is there or none. A second publisher of the same source puts the
 * first out of service. Publishers of different sources do not see each other's latest records; the
 * job takes a scene that is announced twice once.
 *
 * <p>Not thread-safe. Owns its producer: close it. After a failure it must be closed; what was not
 * flushed is then not published.
 */
public final class ScenePublisher implements SceneSink, AutoCloseable {
  /** Records in a transaction. */
  static final int BATCH = 500;

  private static final int MAXIMUM_PAYLOAD = 4 << 20;
  private static final String STAGE = "publish";

  private final EventCodec codec;
  private final Clock clock;
  private final String codeVersion;
  private final KafkaProducer<String, byte[]> producer;
  private final Set<String> known;
  private int pending;
  private boolean inTransaction;
  private Counts counts = new Counts(0, 0, 0);

  /**
   * What a publisher has done.
   *
   * @param announced scenes that are new
   * @param alreadyThere scenes that were announced before
   * @param failures entries that are no scenes and were not reported before
   */
  public record Counts(long announced, long alreadyThere, long failures) {}

  private ScenePublisher(
      EventCodec codec,
      Clock clock,
      String codeVersion,
      KafkaProducer<String, byte[]> producer,
      Set<String> known) {
    this.codec = codec;
    this.clock = clock;
    this.codeVersion = codeVersion;
    this.producer = producer;
    this.known = known;
  }

  /**
   * Connects and reads what is already announced.
   *
   * @param kafka how to reach the broker: {@code bootstrap.servers}, security; serialisers and
   *     transactions are set here
   * @param source the source's location: one publisher at a time for each
   * @param codeVersion the version of Landshift, for dead letters
   * @throws LandshiftException SERVICE_UNAVAILABLE where the broker or a topic cannot be reached
   */
  public static ScenePublisher open(
      Map<String, Object> kafka, String source, EventCodec codec, Clock clock, String codeVersion) {
    KafkaProducer<String, byte[]> producer = producer(kafka, source);
    try {
      // Ends the transactions of an earlier publisher first: what it left open is not there.
      producer.initTransactions();
      Set<String> known = new HashSet<>();
      TopicReader reader = new TopicReader(kafka);
      reader.forEach(
          Topics.SCENES, value -> known.add(key(codec.decode(SceneAvailable.class, value))));
      reader.forEach(
          Topics.DEAD_LETTERS,
          value -> {
            DeadLetter letter = codec.decode(DeadLetter.class, value);
            if (letter.getStage().equals(STAGE)) {
              known.add(key(letter));
            }
          });
      return new ScenePublisher(codec, clock, codeVersion, producer, known);
    } catch (KafkaException e) {
      producer.close();
      throw unavailable(e);
    } catch (RuntimeException e) {
      producer.close();
      throw e;
    }
  }

  @Override
  public void scene(SceneAvailable scene) {
    if (!known.add(key(scene))) {
      counts = new Counts(counts.announced(), counts.alreadyThere() + 1, counts.failures());
      return;
    }
    SceneAvailable announced =
        SceneAvailable.newBuilder(scene).setAnnouncedAt(clock.instant()).build();
    send(Topics.SCENES.name(), scene.getGrid().getCode(), codec.encode(announced));
    counts = new Counts(counts.announced() + 1, counts.alreadyThere(), counts.failures());
  }

  @Override
  public void failure(SceneFailure failure) {
    DeadLetter letter = letter(failure, clock.instant());
    if (!known.add(key(letter))) {
      return;
    }
    send(Topics.DEAD_LETTERS.name(), Topics.SCENES.name(), codec.encode(letter));
    counts = new Counts(counts.announced(), counts.alreadyThere(), counts.failures() + 1);
  }

  /** Commits what was handed over so far. */
  @Override
  public void flush() {
    if (!inTransaction) {
      return;
    }
    try {
      producer.commitTransaction();
      inTransaction = false;
      pending = 0;
    } catch (KafkaException e) {
      throw unavailable(e);
    }
  }

  /** What was done so far, also what is not yet flushed. */
  public Counts counts() {
    return counts;
  }

  /** Gives up what was not flushed and disconnects. */
  @Override
  public void close() {
    producer.close();
  }

  private void send(String topic, String key, byte[] value) {
    try {
      if (!inTransaction) {
        producer.beginTransaction();
        inTransaction = true;
      }
      // A record that cannot be sent fails the transaction when it is committed.
      var unused = producer.send(new ProducerRecord<>(topic, key, value));
      pending++;
    } catch (KafkaException e) {
      throw unavailable(e);
    }
    if (pending >= BATCH) {
      flush();
    }
  }

  private DeadLetter letter(SceneFailure failure, Instant now) {
    byte[] payload = failure.payload();
    boolean whole = payload.length <= MAXIMUM_PAYLOAD;
    return DeadLetter.newBuilder()
        .setReason(failure.reason())
        .setStage(STAGE)
        .setMessage(
            failure.source()
                + ", "
                + failure.document()
                + ": "
                + failure.message()
                + (whole ? "" : " (Only the first 4 MiB of it are kept here.)"))
        .setPayload(ByteBuffer.wrap(whole ? payload : Arrays.copyOf(payload, MAXIMUM_PAYLOAD)))
        .setCodeVersion(codeVersion)
        .setFailedAt(now)
        .build();
  }

  private static String key(SceneAvailable scene) {
    return "scene\n"
        + scene.getGrid().getCode()
        + "\n"
        + scene.getProductId()
        + "\n"
        + scene.getGeneration();
  }

  private static String key(DeadLetter letter) {
    MessageDigest digest = sha256();
    digest.update(letter.getMessage().getBytes(StandardCharsets.UTF_8));
    digest.update(letter.getPayload().duplicate());
    return "letter\n" + letter.getReason() + "\n" + HexFormat.of().formatHex(digest.digest());
  }

  private static KafkaProducer<String, byte[]> producer(Map<String, Object> kafka, String source) {
    Map<String, Object> config = new HashMap<>(kafka);
    byte[] digest = sha256().digest(source.getBytes(StandardCharsets.UTF_8));
    config.put(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
        "landshift-ingest-" + HexFormat.of().formatHex(digest, 0, 8));
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.DEAD_LETTERS.maximumBytes());
    config.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
    config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 5);
    try {
      return new KafkaProducer<>(config);
    } catch (KafkaException e) {
      throw unavailable(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new LandshiftException(
          FailureReason.INTERNAL, "This Java has no SHA-256, which every Java must have.", e);
    }
  }

  static LandshiftException unavailable(KafkaException e) {
    return new LandshiftException(
        FailureReason.SERVICE_UNAVAILABLE,
        "Kafka does not take the scenes ("
            + e.getMessage()
            + "). Is the broker running, do the"
            + " topics exist, and is this the only publisher of the source? Then run it again.",
        e);
  }
}
