package io.landshift.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;

class AsyncApiPageTest {
  private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "asyncapi.json");

  private static JsonNode document() throws IOException {
    return new ObjectMapper().readTree(AsyncApiPage.json());
  }

  @Test
  void theCommittedDocumentIsTheCatalogue() throws IOException {
    // given
    String page = AsyncApiPage.json();
    if (Boolean.getBoolean("landshift.regenerate")) {
      Files.writeString(PAGE, page);
    }

    // when
    String committed = Files.readString(PAGE);

    // then
    assertThat(committed)
        .as(
            "schemas/asyncapi.json is out of date; write it anew with: mvn -pl schemas test"
                + " -Dtest=AsyncApiPageTest -Dlandshift.regenerate=true")
        .isEqualTo(page);
  }

  @Test
  void everyReferenceLeadsSomewhere() throws IOException {
    // given
    JsonNode document = document();

    // when
    List<String> references = new ArrayList<>();
    document.findValues("$ref").forEach(each -> references.add(each.textValue()));

    // then
    assertThat(references)
        .hasSizeGreaterThan(3 * Topics.all().size())
        .allSatisfy(each -> {
          assertThat(each).startsWith("#/");
          assertThat(document.at(each.substring(1)).isObject()).as(each).isTrue();
        });
  }

  @Test
  void aTopicIsAChannelWithItsSettings() throws IOException {
    // given
    JsonNode channels = document().get("channels");
    TreeSet<String> names = new TreeSet<>(List.of("alerts.subscription"));
    Topics.all().forEach(topic -> names.add(topic.name()));

    // then
    assertThat(channels.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(names);
    JsonNode scenes = channels.at("/scenes/bindings/kafka");
    assertThat(scenes.get("partitions").asInt()).isEqualTo(4);
    assertThat(scenes.at("/topicConfiguration/retention.ms").asLong()).isEqualTo(-1);
    assertThat(scenes.at("/topicConfiguration/max.message.bytes").asLong()).isEqualTo(1_048_576);
    assertThat(channels.at("/detections/bindings/kafka/topicConfiguration/retention.ms").asLong())
        .isEqualTo(90L * 24 * 3600 * 1000);
    assertThat(channels.at("/alerts/bindings/kafka/topicConfiguration/cleanup.policy/0").asText())
        .isEqualTo("compact");
    JsonNode subscribers = channels.get("alerts.subscription");
    assertThat(subscribers.get("address").asText()).isEqualTo("alerts.{subscription}");
    assertThat(subscribers.get("parameters").fieldNames())
        .toIterable()
        .containsExactly("subscription");
  }

  @Test
  void aMessageHasTheKeyAndTheSchemaOfItsEvent() throws IOException {
    // given
    JsonNode messages = document().at("/components/messages");
    for (Topic topic : Topics.all()) {
      JsonNode message = messages.get(topic.value().getSimpleName());

      // when
      Schema schema = new Schema.Parser().parse(message.at("/payload/schema").toString());

      // then
      assertThat(schema).isEqualTo(SpecificData.get().getSchema(topic.value()));
      assertThat(message.at("/payload/schemaFormat").asText())
          .isEqualTo("application/vnd.apache.avro;version=1.12.0");
      assertThat(message.at("/bindings/kafka/key/description").asText()).isEqualTo(topic.key());
      assertThat(message.at("/headers/properties/landshift-replay-of/type").asText())
          .isEqualTo("string");
    }
  }

  @Test
  void aProgramThatUsesATopicHasAnOperationOnIt() throws IOException {
    // given
    JsonNode operations = document().get("operations");
    int uses = 0;
    List<Topic> topics = new ArrayList<>(Topics.all());
    topics.add(Topics.alertsOf("subscription"));
    for (Topic topic : topics) {
      uses += topic.writers().size() + topic.readers().size();
    }

    // then: nothing is left out or stands for two
    assertThat(operations).hasSize(uses);
    assertThat(operations.at("/detection-receive-scenes/action").asText()).isEqualTo("receive");
    assertThat(operations.at("/the-command-line-send-subscriptions/channel/$ref").asText())
        .isEqualTo("#/channels/subscriptions");
    assertThat(operations)
        .allSatisfy(each ->
            assertThat(each.at("/messages/0/$ref").asText())
                .startsWith(each.at("/channel/$ref").asText() + "/messages/"));
  }
}
