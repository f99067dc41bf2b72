package io.landshift.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
  @Test
  void namesAreDistinctAndKafkaTakesThem() {
    // given
    List<String> names = Topics.all().stream().map(io.landshift.schemas.Topic::name).toList();

    // then
    assertThat(names)
        .doesNotHaveDuplicates()
        .contains("scenes", "scene-outcomes", "detections", "alerts", "subscriptions")
        .contains("model-releases", "feedback", "dead-letters")
        .allSatisfy(Topic::validate);
  }

  @Test
  void stateIsCompactedAndEventsAreKeptForAWhile() {
    // then
    assertThat(Topics.ALERTS.configs())
        .containsEntry("cleanup.policy", "compact")
        .doesNotContainKey("retention.ms");
    assertThat(Topics.SUBSCRIPTIONS.configs()).containsEntry("cleanup.policy", "compact");
    assertThat(Topics.MODEL_RELEASES.configs()).containsEntry("cleanup.policy", "compact");
    assertThat(Topics.SCENES.configs())
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", "-1");
    assertThat(Topics.DEAD_LETTERS.configs())
        .containsEntry("retention.ms", Long.toString(90L * 24 * 3600 * 1000));
  }

  @Test
  void retentionCountsFromArrivalSoThatOldScenesAreNotDeletedAtOnce() {
    // then
    assertThat(Topics.all())
        .allSatisfy(topic ->
            assertThat(topic.configs()).containsEntry("message.timestamp.type", "LogAppendTime"));
  }

  @Test
  void aDeadLetterHoldsTheLargestRecordOfAnyOtherTopic() {
    // then
    assertThat(Topics.all())
        .filteredOn(topic -> topic != Topics.DEAD_LETTERS)
        .allSatisfy(topic ->
            assertThat(topic.maximumBytes()).isLessThan(Topics.DEAD_LETTERS.maximumBytes()));
    assertThat(Topics.ALERTS.maximumBytes()).isGreaterThan(Topics.DETECTIONS.maximumBytes());
  }

  @Test
  void everyEventHasItsTopicAndItsSample() {
    // given
    List<Class<? extends SpecificRecord>> values =
        Topics.all().stream()
            .<Class<? extends SpecificRecord>>map(io.landshift.schemas.Topic::value)
            .toList();

    // then
    assertThat(Samples.all()).extracting(Object::getClass).isEqualTo(values);
  }

  @Test
  void everyTypeAndFieldIsDocumented() {
    // then
    for (Schema type : Landshift.PROTOCOL.getTypes()) {
      assertThat(type.getDoc()).as(type.getFullName()).isNotBlank();
      if (type.getType() == Schema.Type.RECORD) {
        assertThat(type.getFields())
            .allSatisfy(field ->
                assertThat(field.doc()).as(type.getName() + "." + field.name()).isNotBlank());
      } else {
        assertThat(type.getEnumDefault())
            .as(type.getName() + " needs a default for symbols yet to come")
            .isNotNull();
      }
    }
  }

  @Test
  void aSubscriberHasATopicOfHisOwn() {
    // when
    io.landshift.schemas.Topic topic = Topics.alertsOf("forest-office-7");

    // then
    assertThat(topic.name()).isEqualTo("alerts.forest-office-7");
    assertThat(topic.value()).isEqualTo(Alert.class);
    assertThat(topic.compacted()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "a b",
        "a/b",
        "a.b",
        "-a",
        "ä",
        "a_b",
        "a\n",
        "..",
        "a123456789012345678901234567890123456789012345678901234567890123"
      })
  void anIdThatIsNoTopicNameIsRefused(String id) {
    // then
    assertThatThrownBy(() -> Topics.alertsOf(id))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }
}
