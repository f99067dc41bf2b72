package io.landshift.schemas.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * Renders the catalogue of topics and the events' schemas as an AsyncAPI 3.0 document, the file
 * asyncapi.json, for the tools of those who read or write the topics. Pure.
 *
 * <p>Channels are topics, messages are events with their Avro schema, and there is an operation for
 * every program that reads or writes a topic.
 */
public final class AsyncApiPage {
  private static final String AVRO = "application/vnd.apache.avro";
  private static final String BINDING = "0.5.0";
  private static final String SUBSCRIPTION = "subscription";
  private static final Topic SUBSCRIBERS = Topics.alertsOf(SUBSCRIPTION);

  private final ObjectMapper json = new ObjectMapper();
  private final ObjectNode document = json.createObjectNode();

  private AsyncApiPage() {}

  /** The document as indented JSON, ending with a line end. */
  public static String json() {
    return new AsyncApiPage().render();
  }

  private String render() {
    document.put("asyncapi", "3.0.0");
    introduction();
    List<Topic> topics = new ArrayList<>(Topics.all());
    topics.add(topics.indexOf(Topics.ALERTS) + 1, SUBSCRIBERS);
    topics.forEach(this::channel);
    topics.forEach(this::operations);
    topics.forEach(this::message);
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    try {
      return json.writer(printer).writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void introduction() {
    document
        .putObject("info")
        .put("title", "Landshift")
        .put("version", Integer.toString(SchemaHistory.versions().size()))
        .put(
            "description",
            """
            Scenes go in; detections and alerts come out. Generated from `Topics.java` and \
            `landshift.avdl`; do not edit.

            Keys are UTF-8 text. The bytes of a value tell which of two headers they have: `C3 01` \
            and the CRC-64-AVRO fingerprint of the writer's schema (8 bytes, little endian), which \
            is Avro's single-object encoding; or, where a schema registry is configured, `00` and \
            the schema's id in it (4 bytes, big endian; subject = full name of the record). The \
            binary Avro record follows.\
            """)
        .putObject("license")
        .put("name", "Apache-2.0");
    document
        .putObject("servers")
        .putObject("local")
        .put("host", "127.0.0.1:19092")
        .put("protocol", "kafka")
        .put("description", "What `landshift up` starts.");
    document.put("defaultContentType", AVRO);
  }

  private void channel(Topic topic) {
    ObjectNode channel = document.withObject("/channels").putObject(topic.name());
    channel.put("address", address(topic)).put("description", topic.doc());
    channel
        .putObject("messages")
        .putObject(topic.value().getSimpleName())
        .put("$ref", "#/components/messages/" + topic.value().getSimpleName());
    if (topic.equals(SUBSCRIBERS)) {
      channel
          .putObject("parameters")
          .putObject(SUBSCRIPTION)
          .put("description", "The subscription's id: lower-case letters, digits and dashes.");
    }
    ObjectNode kafka = channel.putObject("bindings").putObject("kafka");
    kafka.put("partitions", topic.partitions());
    ObjectNode settings = kafka.putObject("topicConfiguration");
    new TreeMap<>(topic.configs()).forEach((name, value) -> setting(settings, name, value));
    kafka.put("bindingVersion", BINDING);
  }

  private static void setting(ObjectNode settings, String name, String value) {
    if (name.equals("cleanup.policy")) {
      settings.putArray(name).add(value);
    } else if (value.matches("-?[0-9]+")) {
      settings.put(name, Long.parseLong(value));
    } else {
      settings.put(name, value);
    }
  }

  private void operations(Topic topic) {
    topic.writers().forEach(program -> operation(program, "send", topic));
    topic.readers().forEach(program -> operation(program, "receive", topic));
  }

  private void operation(String program, String action, Topic topic) {
    String name = "%s-%s-%s".formatted(slug(program), action, topic.name());
    String channel = "#/channels/" + topic.name();
    ObjectNode operation = document.withObject("/operations").putObject(name);
    operation.put("action", action);
    operation.putObject("channel").put("$ref", channel);
    operation.putArray("tags").addObject().put("name", program);
    operation
        .putArray("messages")
        .addObject()
        .put("$ref", channel + "/messages/" + topic.value().getSimpleName());
  }

  private void message(Topic topic) {
    Schema schema = SpecificData.get().getSchema(topic.value());
    ObjectNode message = document.withObject("/components/messages").putObject(schema.getName());
    message
        .put("name", schema.getFullName())
        .put("title", schema.getName())
        .put("contentType", AVRO)
        .put("description", schema.getDoc().strip());
    ObjectNode headers = message.putObject("headers").put("type", "object");
    headers
        .putObject("properties")
        .putObject(Topics.REPLAY_HEADER)
        .put("type", "string")
        .put("pattern", "^[0-9]+$")
        .put("description", "Of a record that was sent again: the number of its dead letter.");
    ObjectNode kafka = message.putObject("bindings").putObject("kafka");
    kafka.putObject("key").put("type", "string").put("description", topic.key());
    kafka.put("bindingVersion", BINDING);
    try {
      message
          .putObject("payload")
          .put("schemaFormat", AVRO + ";version=1.12.0")
          .set("schema", json.readTree(schema.toString()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String address(Topic topic) {
    return topic.equals(SUBSCRIBERS)
        ? Topics.ALERTS.name() + ".{" + SUBSCRIPTION + "}"
        : topic.name();
  }

  private static String slug(String program) {
    return program.replace(' ', '-');
  }
}
