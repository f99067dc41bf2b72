package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.ops.local.EmbeddedKafka.Ports;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class TopicCreatorIT {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private static Admin admin;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(directory, Ports.free());
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @AfterAll
  static void stop() {
    admin.close();
    kafka.close();
  }

  @Test
  void createsTheWholeCatalogueAndAgainChangesNothing() throws Exception {
    // given
    TopicCreator creator = new TopicCreator(admin);
    List<String> names = Topics.all().stream().map(Topic::name).toList();

    // when
    creator.create(Topics.all());
    Map<String, TopicDescription> first = admin.describeTopics(names).allTopicNames().get();
    creator.create(Topics.all());
    Map<String, TopicDescription> second = admin.describeTopics(names).allTopicNames().get();

    // then
    assertThat(first.keySet()).containsExactlyInAnyOrderElementsOf(names);
    assertThat(second).isEqualTo(first);
    for (Topic topic : Topics.all()) {
      assertThat(first.get(topic.name()).partitions()).hasSize(topic.partitions());
      Config config = config(topic.name());
      topic
          .configs()
          .forEach((key, value) -> assertThat(config.get(key).value()).as(key).isEqualTo(value));
    }
    assertThat(config("alerts").get("cleanup.policy").value()).isEqualTo("compact");
  }

  @Test
  void leavesATopicThatSomebodyTuned() throws Exception {
    // given
    Topic topic = Topics.alertsOf("tuned");
    admin
        .createTopics(
            List.of(
                new NewTopic(topic.name(), 3, (short) 1)
                    .configs(Map.of("cleanup.policy", "delete", "retention.ms", "1234567"))))
        .all()
        .get();

    // when
    new TopicCreator(admin).create(List.of(topic));

    // then
    assertThat(config(topic.name()).get("retention.ms").value()).isEqualTo("1234567");
  }

  @Test
  void refusesATopicThatWouldLoseWhatItMustKeep() throws Exception {
    // given
    Topic topic = Topics.alertsOf("compacted-by-mistake");
    admin
        .createTopics(
            List.of(
                new NewTopic(topic.name(), 1, (short) 1)
                    .configs(Map.of("cleanup.policy", "compact"))))
        .all()
        .get();

    // when, then
    assertThatThrownBy(() -> new TopicCreator(admin).create(List.of(topic)))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID))
        .hasMessageContaining("cleanup.policy");
  }

  @Test
  void saysThatKafkaDoesNotAnswer() {
    // given
    Map<String, Object> nowhere =
        Map.of(
            "bootstrap.servers",
            "127.0.0.1:" + Ports.free().broker(),
            "default.api.timeout.ms",
            500,
            "request.timeout.ms",
            400);

    // when, then
    try (Admin lost = Admin.create(nowhere)) {
      assertThatThrownBy(() -> new TopicCreator(lost).create(Topics.all()))
          .isInstanceOfSatisfying(
              LandshiftException.class,
              e -> assertThat(e.reason()).isEqualTo(FailureReason.SERVICE_UNAVAILABLE));
    }
  }

  private static Config config(String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource);
  }
}
