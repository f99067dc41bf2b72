package io.landshift.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.landshift.schemas.Alert;
import io.landshift.schemas.AlertEvent;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Subscription;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsTopologyTest {
  private static final String VERSION = "0.1.0-test";
  private final EventCodec codec = EventCodec.embedded();
  private final Set<String> existingTopics =
      new HashSet<>(Set.of("alerts.office", "alerts.ranger"));

  @TempDir Path state;
  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> detections;
  private TestInputTopic<String, byte[]> subscriptions;
  private TestOutputTopic<String, byte[]> alerts;
  private TestOutputTopic<String, byte[]> deadLetters;

  @BeforeEach
  void start() {
    driver =
        new TopologyTestDriver(
            AlertsTopology.build(codec, existingTopics::contains, VERSION),
            AlertsSettings.of("localhost:9092", state, VERSION).streamsProperties());
    detections = input(Topics.DETECTIONS.name());
    subscriptions = input(Topics.SUBSCRIPTIONS.name());
    alerts = output(Topics.ALERTS.name());
    deadLetters = output(Topics.DEAD_LETTERS.name());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Nested
  class Revisions {
    @Test
    void anObjectsLifeBecomesRevisionsOfItsAlert() {
      // given
      Detection grown = Detections.confirmed().setRevision(3).setAreaM2(12_000).build();
      Detection finished = Detections.finished().setRevision(4).build();

      // when
      detect(Detections.provisional());
      detect(Detections.confirmed());
      detect(Detection.newBuilder(grown));
      detect(Detection.newBuilder(finished));

      // then
      List<TestRecord<String, byte[]>> records = alerts.readRecordsToList();
      assertThat(records).extracting(TestRecord::key).containsOnly(Detections.ID);
      assertThat(records.stream().map(r -> alert(r.value())))
          .extracting(Alert::getAlertId, Alert::getEvent, Alert::getRevision)
          .containsExactly(
              tuple(Detections.ID, AlertEvent.OPENED, 1),
              tuple(Detections.ID, AlertEvent.CONFIRMED, 2),
              tuple(Detections.ID, AlertEvent.UPDATED, 3),
              tuple(Detections.ID, AlertEvent.FINISHED, 4));
      assertThat(alert(records.get(2).value()).getDetection()).isEqualTo(grown);
      assertThat(alert(records.get(3).value()).getDetection()).isEqualTo(finished);
      assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void aSnapshotThatComesAgainSaysNothingNew() {
      // when
      detect(Detections.provisional());
      detect(Detections.provisional());
      detect(Detections.provisional().setTimes(Detections.times(500)));
      detect(Detections.confirmed());
      detect(Detections.confirmed());

      // then
      assertThat(events(alerts)).containsExactly(AlertEvent.OPENED, AlertEvent.CONFIRMED);
    }

    @Test
    void theFirstSnapshotOpensWhateverItsStatus() {
      // when
      detect(Detections.confirmed().setObjectId("a"));
      detect(Detections.finished().setObjectId("b"));

      // then
      assertThat(alertsOn(alerts))
          .extracting(Alert::getEvent, a -> a.getDetection().getStatus())
          .containsExactly(
              tuple(AlertEvent.OPENED, DetectionStatus.CONFIRMED),
              tuple(AlertEvent.OPENED, DetectionStatus.FINISHED));
    }

    @Test
    void anObjectThatNobodyHeardOfIsNotRetracted() {
      // when
      detect(Detections.retracted());

      // then
      assertThat(alerts.isEmpty()).isTrue();

      // when: it comes to life after all
      detect(Detections.provisional().setRevision(3));

      // then
      assertThat(events(alerts)).containsExactly(AlertEvent.OPENED);
    }

    @Test
    void aLateSceneMayCorrectWhatWasSaid() {
      // given
      detect(Detections.provisional());
      detect(Detections.confirmed().setRevision(3));
      alerts.readValuesToList();

      // when: other content at the same revision, a lower revision, an undone confirmation, the end
      detect(Detections.confirmed().setRevision(3).setAreaM2(9_000));
      detect(Detections.confirmed().setRevision(2));
      detect(Detections.provisional().setRevision(2));
      detect(Detections.retracted().setRevision(1));

      // then
      assertThat(alertsOn(alerts))
          .extracting(Alert::getEvent, Alert::getRevision, a -> a.getDetection().getStatus())
          .containsExactly(
              tuple(AlertEvent.UPDATED, 3, DetectionStatus.CONFIRMED),
              tuple(AlertEvent.UPDATED, 2, DetectionStatus.CONFIRMED),
              tuple(AlertEvent.UPDATED, 2, DetectionStatus.PROVISIONAL),
              tuple(AlertEvent.RETRACTED, 1, DetectionStatus.RETRACTED));
    }

    @Test
    void objectsDoNotMix() {
      // when
      detect(Detections.provisional().setObjectId("a"));
      detect(Detections.provisional().setObjectId("b"));
      detect(Detections.confirmed().setObjectId("b"));

      // then
      assertThat(alertsOn(alerts))
          .extracting(Alert::getAlertId, Alert::getEvent)
          .containsExactly(
              tuple("a", AlertEvent.OPENED),
              tuple("b", AlertEvent.OPENED),
              tuple("b", AlertEvent.CONFIRMED));
    }
  }

  @Nested
  class Routing {
    @Test
    void eachSubscriberHearsOfWhatHeAskedFor() {
      // given
      subscribe(subscription("office").setArea(Detections.square(25, 47, 26, 48)));
      subscribe(subscription("ranger").setArea(Detections.square(10, 47, 11, 48)));

      // when
      detect(Detections.provisional());

      // then
      TestOutputTopic<String, byte[]> office = output("alerts.office");
      TestRecord<String, byte[]> record = office.readRecord();
      assertThat(record.key()).isEqualTo(Detections.ID);
      assertThat(record.headers()).isEmpty();
      assertThat(record.value()).isEqualTo(alerts.readValue());
      assertThat(office.isEmpty()).isTrue();
      assertThat(output("alerts.ranger").isEmpty()).isTrue();
    }

    @Test
    void whoHasHeardOfAnAlertHearsOfItsEndAlthoughItNoLongerMatches() {
      // given
      subscribe(subscription("office").setMinimumAreaM2(10_000).setToClasses(List.of("bare")));
      subscribe(subscription("ranger").setMinimumAreaM2(20_000));
      detect(Detections.provisional());

      // when
      detect(Detections.provisional().setRevision(2).setAreaM2(50).setToClass("grass"));
      detect(Detections.retracted().setRevision(3).setAreaM2(0));

      // then
      assertThat(events(output("alerts.office")))
          .containsExactly(AlertEvent.OPENED, AlertEvent.UPDATED, AlertEvent.RETRACTED);
      assertThat(output("alerts.ranger").isEmpty()).isTrue();
    }

    @Test
    void whoWaitsForConfirmationFirstHearsOfThat() {
      // given
      subscribe(subscription("office").setConfirmedOnly(true));

      // when
      detect(Detections.provisional());
      detect(Detections.confirmed());
      detect(Detections.finished());
      detect(Detections.provisional().setObjectId("never confirmed"));
      detect(Detections.retracted().setObjectId("never confirmed"));

      // then
      assertThat(events(output("alerts.office")))
          .containsExactly(AlertEvent.CONFIRMED, AlertEvent.FINISHED);
    }

    @Test
    void aRepeatedSnapshotIsNotRoutedAgain() {
      // given
      subscribe(subscription("office"));

      // when
      detect(Detections.provisional());
      detect(Detections.provisional().setTimes(Detections.times(9)));

      // then
      assertThat(events(output("alerts.office"))).hasSize(1);
    }

    @Test
    void aSubscriptionHoldsFromWhenItComesAndUntilItGoes() {
      // given
      detect(Detections.provisional());

      // when
      subscribe(subscription("office"));
      detect(Detections.confirmed());
      subscriptions.pipeInput("office", (byte[]) null);
      detect(Detections.finished());

      // then
      assertThat(events(output("alerts.office"))).containsExactly(AlertEvent.CONFIRMED);

      // when: the id is used again, by someone who has not heard of the alert
      subscribe(subscription("office").setMinimumAreaM2(1e9));
      detect(Detections.finished().setRevision(4));

      // then
      assertThat(output("alerts.office").isEmpty()).isTrue();
    }

    @Test
    void aChangedSubscriptionCountsForAlertsNotHeardOf() {
      // given
      subscribe(subscription("office"));
      detect(Detections.provisional().setObjectId("a"));

      // when
      subscribe(subscription("office").setScores(List.of("generic")));
      detect(Detections.provisional().setObjectId("b"));
      detect(Detections.confirmed().setObjectId("a"));

      // then
      assertThat(alertsOn(output("alerts.office")))
          .extracting(Alert::getAlertId, Alert::getEvent)
          .containsExactly(tuple("a", AlertEvent.OPENED), tuple("a", AlertEvent.CONFIRMED));
    }

    @Test
    void anAlertForATopicThatIsMissingIsADeadLetterAndTheSubscriberCatchesUpLater() {
      // given
      subscribe(subscription("nowhere"));
      subscribe(subscription("office"));

      // when
      detect(Detections.provisional());

      // then
      DeadLetter letter = letter(deadLetters.readValue());
      assertThat(letter.getReason()).isEqualTo(FailureReason.METADATA_INVALID);
      assertThat(letter.getStage()).isEqualTo("publish");
      assertThat(letter.getMessage()).contains("alerts.nowhere", "create it");
      assertThat(letter.getGridCode()).isEqualTo(Detections.GRID);
      assertThat(letter.getSourceTopic()).isEqualTo("detections");
      assertThat(letter.getPayload().array()).isEqualTo(alerts.readValue());
      assertThat(events(output("alerts.office"))).containsExactly(AlertEvent.OPENED);

      // when
      existingTopics.add("alerts.nowhere");
      detect(Detections.confirmed());

      // then
      assertThat(events(output("alerts.nowhere"))).containsExactly(AlertEvent.CONFIRMED);
      assertThat(deadLetters.isEmpty()).isTrue();
    }
  }

  @Nested
  class BadInput {
    @Test
    void aRecordThatIsNotADetectionIsADeadLetterAndTheStreamGoesOn() {
      // given
      byte[] json = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
      detect(Detections.provisional().setObjectId("a"));

      // when
      detections.pipeInput("x", json);
      detect(Detections.provisional().setObjectId("b"));

      // then
      TestRecord<String, byte[]> record = deadLetters.readRecord();
      DeadLetter letter = letter(record.value());
      assertThat(record.key()).isEqualTo("detections");
      assertThat(letter.getReason()).isEqualTo(FailureReason.RECORD_UNREADABLE);
      assertThat(letter.getStage()).isEqualTo("decode");
      assertThat(letter.getSourceTopic()).isEqualTo("detections");
      assertThat(letter.getSourcePartition()).isZero();
      assertThat(letter.getSourceOffset()).isEqualTo(1);
      assertThat(letter.getPayload().array()).isEqualTo(json);
      assertThat(letter.getCodeVersion()).isEqualTo(VERSION);
      assertThat(alertsOn(alerts)).extracting(Alert::getAlertId).containsExactly("a", "b");
    }

    @Test
    void detectionsThatContradictThemselvesAreDeadLetters() {
      // when
      detections.pipeInput("another key", codec.encode(Detections.provisional().build()));
      detections.pipeInput(null, codec.encode(Detections.provisional().build()));
      detections.pipeInput(Detections.ID, (byte[]) null);
      detections.pipeInput(
          Detections.ID, codec.encode(Detections.provisional().setGeometry("{}").build()));
      detections.pipeInput(Detections.ID, codec.encode(subscription("office").build()));

      // then
      assertThat(letters())
          .extracting(DeadLetter::getReason)
          .containsExactly(
              FailureReason.METADATA_INVALID,
              FailureReason.METADATA_INVALID,
              FailureReason.RECORD_UNREADABLE,
              FailureReason.METADATA_INVALID,
              FailureReason.RECORD_UNREADABLE);
      assertThat(alerts.isEmpty()).isTrue();
    }

    @Test
    void aBadSubscriptionIsOneDeadLetterAndTheOthersAreServed() {
      // given
      byte[] json = "{\"id\":\"broken\"}".getBytes(StandardCharsets.UTF_8);
      byte[] elsewhere = codec.encode(subscription("ranger").build());
      byte[] noArea = codec.encode(subscription("no-area").setArea("POINT (1 2)").build());
      byte[] noTopic = codec.encode(subscription("UPPER").build());
      subscribe(subscription("office"));

      // when
      subscriptions.pipeInput("broken", json);
      subscriptions.pipeInput("other-key", elsewhere);
      subscriptions.pipeInput("no-area", noArea);
      subscriptions.pipeInput("UPPER", noTopic);
      driver.advanceWallClockTime(Duration.ofSeconds(1));
      driver.advanceWallClockTime(Duration.ofSeconds(5));
      detect(Detections.provisional());

      // then
      List<DeadLetter> letters = letters();
      assertThat(letters)
          .extracting(
              DeadLetter::getReason,
              DeadLetter::getSourceOffset,
              letter -> letter.getPayload().remaining())
          .containsExactlyInAnyOrder(
              tuple(FailureReason.RECORD_UNREADABLE, 1L, json.length),
              tuple(FailureReason.METADATA_INVALID, 2L, elsewhere.length),
              tuple(FailureReason.METADATA_INVALID, 3L, noArea.length),
              tuple(FailureReason.METADATA_INVALID, 4L, noTopic.length));
      assertThat(letters)
          .allSatisfy(letter -> {
            assertThat(letter.getStage()).isEqualTo("subscribe");
            assertThat(letter.getSourceTopic()).isEqualTo("subscriptions");
          });
      assertThat(events(output("alerts.office"))).containsExactly(AlertEvent.OPENED);
      assertThat(output("alerts.ranger").isEmpty()).isTrue();
    }

    @Test
    void aSubscriptionThatIsMendedIsServedAndOneThatBreaksAgainIsReportedAgain() {
      // given
      subscribe(subscription("office").setArea("nonsense"));
      driver.advanceWallClockTime(Duration.ofSeconds(1));

      // when
      subscribe(subscription("office"));
      detect(Detections.provisional());
      subscribe(subscription("office").setArea("nonsense"));
      driver.advanceWallClockTime(Duration.ofSeconds(1));
      detect(Detections.confirmed());
      subscribe(subscription("office").setMinimumAreaM2(1e9));
      detect(Detections.finished());

      // then: what came while it was broken is not heard, but the alert is still known
      assertThat(letters()).hasSize(2);
      assertThat(events(output("alerts.office")))
          .containsExactly(AlertEvent.OPENED, AlertEvent.FINISHED);
    }
  }

  private void detect(Detection.Builder snapshot) {
    Detection detection = snapshot.build();
    detections.pipeInput(detection.getObjectId(), codec.encode(detection));
  }

  private void subscribe(Subscription.Builder subscription) {
    Subscription built = subscription.build();
    subscriptions.pipeInput(built.getId(), codec.encode(built));
  }

  private static Subscription.Builder subscription(String id) {
    return Subscription.newBuilder().setId(id);
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer());
  }

  private TestOutputTopic<String, byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private List<Alert> alertsOn(TestOutputTopic<String, byte[]> topic) {
    return topic.readValuesToList().stream().map(this::alert).toList();
  }

  private List<AlertEvent> events(TestOutputTopic<String, byte[]> topic) {
    return alertsOn(topic).stream().map(Alert::getEvent).toList();
  }

  private Alert alert(byte[] bytes) {
    return codec.decode(Alert.class, bytes);
  }

  private List<DeadLetter> letters() {
    return deadLetters.readValuesToList().stream().map(this::letter).toList();
  }

  private DeadLetter letter(byte[] bytes) {
    return codec.decode(DeadLetter.class, bytes);
  }
}
