package io.landshift.ops.local;

import io.landshift.ingest.catalog.TopicReader;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What the topics know of all dead letters at one moment: the letters, the announcements and
 * outcomes of their scenes, and what was sent again. Nothing is kept besides the topics. Immutable.
 */
public final class DeadLetterBox {
  private final List<StoredLetter> letters;
  private final Facts facts;

  private DeadLetterBox(List<StoredLetter> letters, Facts facts) {
    this.letters = letters;
    this.facts = facts;
  }

  /**
   * Reads the topics to their present end. A letter that cannot be read is left out.
   *
   * @throws LandshiftException SERVICE_UNAVAILABLE where a topic or the broker cannot be read,
   *     RECORD_UNREADABLE where there are letters and none can be read, as with another registry
   */
  public static DeadLetterBox read(String bootstrap, EventCodec codec) {
    TopicReader reader =
        new TopicReader(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
    List<Numbered> numbered = new ArrayList<>();
    List<LandshiftException> unreadable = new ArrayList<>();
    reader.records(
        Topics.DEAD_LETTERS,
        record -> {
          if (record.partition() != 0) {
            throw new LandshiftException(
                FailureReason.METADATA_INVALID,
                "topic dead-letters has several partitions, but a letter's number is its place in one: make the topic with one, as `landshift up` does");
          }
          if (record.value() != null) {
            try {
              DeadLetter letter = codec.decode(DeadLetter.class, record.value());
              numbered.add(new Numbered(record.offset(), letter, sceneOf(letter, codec)));
            } catch (LandshiftException e) {
              unreadable.add(e);
              throw e;
            }
          }
        });
    if (numbered.isEmpty() && !unreadable.isEmpty()) {
      throw unreadable.getLast();
    }
    Facts facts = Facts.read(reader, codec, numbered);
    return new DeadLetterBox(numbered.stream().map(facts::judge).toList(), facts);
  }

  /** All letters, oldest first. */
  public List<StoredLetter> letters() {
    return letters;
  }

  /**
   * The letter of a number.
   *
   * @throws LandshiftException ASSET_MISSING where there is none
   */
  public StoredLetter letter(long number) {
    return letters.stream()
        .filter(each -> each.number() == number)
        .findFirst()
        .orElseThrow(() ->
            new LandshiftException(
                FailureReason.ASSET_MISSING,
                "there is no dead letter "
                    + number
                    + ": `landshift dead-letters list` has the numbers"));
  }

  /** The last announcement of this generation of the scene, or {@code scene} where none is kept. */
  SceneAvailable lastAnnouncement(SceneAvailable scene) {
    return facts.announcements().getOrDefault(Generation.of(scene), scene);
  }

  /** The scene that a letter is about; null where its payload is no announcement. */
  private static @Nullable SceneAvailable sceneOf(DeadLetter letter, EventCodec codec) {
    if (letter.getProductId() == null || !Topics.SCENES.name().equals(letter.getSourceTopic())) {
      return null;
    }
    return codec.decode(SceneAvailable.class, payload(letter));
  }

  static byte[] payload(DeadLetter letter) {
    byte[] payload = new byte[letter.getPayload().remaining()];
    letter.getPayload().duplicate().get(payload);
    return payload;
  }

  /** A letter with its place, and the scene it is about. */
  private record Numbered(long number, DeadLetter letter, @Nullable SceneAvailable scene) {
    StoredLetter stored(StoredLetter.State state, String note) {
      return new StoredLetter(number, letter, scene, state, note);
    }
  }

  /** One product on one grid. */
  private record Product(String gridCode, String productId) {}

  private record Generation(Product product, long number) {
    static Generation of(SceneAvailable scene) {
      Product product = new Product(scene.getGrid().getCode(), scene.getProductId());
      return new Generation(product, scene.getGeneration());
    }
  }

  /** What letters say the same. */
  private record Matter(Generation generation, int attempt, FailureReason reason) {
    static Matter of(SceneAvailable scene, DeadLetter letter) {
      return new Matter(Generation.of(scene), scene.getAttempt(), letter.getReason());
    }
  }

  /**
   * What all topics say together.
   *
   * @param announcements the one with the highest attempt
   * @param results how each generation ended last
   * @param newest the newest generation that was processed
   * @param lastLetters the number of the last letter of a matter
   * @param sentAgain numbers of letters whose record was sent again
   * @param overtaken numbers of letters whose record has a newer one of its key, which counts
   */
  private record Facts(
      Map<Generation, SceneAvailable> announcements,
      Map<Generation, SceneResult> results,
      Map<Product, Long> newest,
      Map<Matter, Long> lastLetters,
      Set<Long> sentAgain,
      Set<Long> overtaken) {

    static Facts read(TopicReader reader, EventCodec codec, List<Numbered> letters) {
      Facts facts =
          new Facts(
              new HashMap<>(),
              new HashMap<>(),
              new HashMap<>(),
              new HashMap<>(),
              new HashSet<>(),
              new HashSet<>());
      reader.records(
          Topics.SCENES,
          record -> {
            facts.noteReplay(record);
            if (record.value() != null) {
              SceneAvailable scene = codec.decode(SceneAvailable.class, record.value());
              facts.announcements.merge(
                  Generation.of(scene),
                  scene,
                  (old, now) -> now.getAttempt() > old.getAttempt() ? now : old);
            }
          });
      reader.records(
          Topics.SCENE_OUTCOMES,
          record -> {
            if (record.value() != null) {
              facts.note(codec.decode(SceneOutcome.class, record.value()));
            }
          });
      for (Numbered each : letters) {
        if (each.scene() != null) {
          facts.lastLetters.put(Matter.of(each.scene(), each.letter()), each.number());
        }
      }
      Topics.all().forEach(topic -> facts.noteOvertaken(reader, topic, letters));
      return facts;
    }

    private void note(SceneOutcome outcome) {
      Product product = new Product(outcome.getGridCode(), outcome.getProductId());
      results.put(new Generation(product, outcome.getGeneration()), outcome.getResult());
      if (outcome.getResult() == SceneResult.PROCESSED) {
        newest.merge(product, outcome.getGeneration(), Math::max);
      }
    }

    private void noteReplay(ConsumerRecord<byte[], byte[]> record) {
      Header header = record.headers().lastHeader(Topics.REPLAY_HEADER);
      if (header != null) {
        sentAgain.add(Long.valueOf(new String(header.value(), StandardCharsets.UTF_8)));
      }
    }

    /** Announcements all count, so none overtakes another; of the other topics the latest does. */
    private void noteOvertaken(TopicReader reader, Topic topic, List<Numbered> letters) {
      List<Numbered> ours =
          letters.stream()
              .filter(each -> topic.name().equals(each.letter().getSourceTopic()))
              .toList();
      if (ours.isEmpty() || topic.equals(Topics.SCENES)) {
        return;
      }
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      reader.records(
          topic,
          record -> {
            noteReplay(record);
            records.add(record);
          });
      for (Numbered each : ours) {
        if (isOvertaken(each.letter(), records)) {
          overtaken.add(each.number());
        }
      }
    }

    private static boolean isOvertaken(
        DeadLetter letter, List<ConsumerRecord<byte[], byte[]>> records) {
      byte[] key = null;
      boolean overtaken = false;
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (isSource(record, letter)) {
          key = record.key();
          overtaken = false;
        } else if (key != null && Arrays.equals(key, record.key())) {
          overtaken = true;
        }
      }
      return overtaken;
    }

    StoredLetter judge(Numbered letter) {
      SceneAvailable scene = letter.scene();
      return scene == null ? judgeRecord(letter) : judgeScene(letter, scene);
    }

    private StoredLetter judgeScene(Numbered letter, SceneAvailable scene) {
      Generation generation = Generation.of(scene);
      if (newest.getOrDefault(generation.product(), Long.MIN_VALUE) > scene.getGeneration()) {
        return letter.stored(
            StoredLetter.State.SUPERSEDED, "a newer generation of the product was processed");
      }
      if (results.get(generation) == SceneResult.PROCESSED) {
        return letter.stored(StoredLetter.State.RESOLVED, "the scene was processed");
      }
      int attempt = announcements.getOrDefault(generation, scene).getAttempt();
      if (attempt > scene.getAttempt()) {
        return letter.stored(StoredLetter.State.REPLAYED, "announced again as attempt " + attempt);
      }
      long last = lastLetters.getOrDefault(Matter.of(scene, letter.letter()), letter.number());
      return last > letter.number()
          ? letter.stored(StoredLetter.State.REPEATED, "told again by letter " + last)
          : letter.stored(StoredLetter.State.OPEN, "");
    }

    private StoredLetter judgeRecord(Numbered letter) {
      if (sentAgain.contains(letter.number())) {
        return letter.stored(StoredLetter.State.REPLAYED, "the record was sent again");
      }
      return overtaken.contains(letter.number())
          ? letter.stored(
              StoredLetter.State.SUPERSEDED,
              "a newer record of its key is in topic " + letter.letter().getSourceTopic())
          : letter.stored(StoredLetter.State.OPEN, "");
    }
  }

  /**
   * Whether a record is the one that a letter is about. Letters of releases do not know its place.
   */
  static boolean isSource(ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
    if (record.headers().lastHeader(Topics.REPLAY_HEADER) != null) {
      return false;
    }
    if (letter.getSourceOffset() == null) {
      return Arrays.equals(record.value(), payload(letter));
    }
    return Integer.valueOf(record.partition()).equals(letter.getSourcePartition())
        && Long.valueOf(record.offset()).equals(letter.getSourceOffset());
  }
}
