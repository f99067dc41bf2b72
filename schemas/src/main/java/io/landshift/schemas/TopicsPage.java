package io.landshift.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/** Renders the catalogue of topics and the events' fields as the page TOPICS.md. Pure. */
public final class TopicsPage {
  private TopicsPage() {}

  /** The page as markdown, ending with a line end. */
  public static String markdown() {
    List<Topic> topics = new ArrayList<>(Topics.all());
    topics.add(topics.indexOf(Topics.ALERTS) + 1, Topics.subscriberTopic("ID"));
    StringBuilder page = new StringBuilder();
    introduction(page);
    topics(topics, page);
    records(topics, page);
    enums(page);
    return page.toString();
  }

  private static void introduction(StringBuilder page) {
    page.append(
        """
        # Topics and events

        Generated from `Topics.java` and `landshift.avdl`; do not edit. To write it anew:
        `mvn -pl schemas test -Dtest=TopicsPageTest -Dlandshift.regenerate=true`.

        Keys are UTF-8 text. Values are Avro in single-object encoding (`C3 01`, the CRC-64-AVRO
        fingerprint of the writer's schema in 8 bytes little endian, the record) or, where a schema
        registry is configured, in the registry wire format (`00`, the schema's id in 4 bytes big
        endian, the record; subject = full name of the record). Readers tell them apart by the first
        bytes. Kafka's record timestamps are times of arrival. Times in events are UTC.

        """);
  }

  private static void topics(List<Topic> topics, StringBuilder page) {
    page.append("## Topics\n\n");
    page.append(
        "| topic | key | value | partitions | kept | largest record | written by | read by |\n");
    page.append("|---|---|---|---|---|---|---|---|\n");
    for (Topic topic : topics) {
      page.append(
          "| `%s` | %s | %s | %d | %s | %d MiB | %s | %s |\n"
              .formatted(
                  topic.name(),
                  topic.key(),
                  link(topic.value().getSimpleName()),
                  topic.partitions(),
                  kept(topic),
                  topic.maximumBytes() >> 20,
                  String.join(", ", topic.writers()),
                  String.join(", ", topic.readers())));
    }
    page.append('\n');
    for (Topic topic : topics) {
      page.append("- `%s`: %s\n".formatted(topic.name(), topic.doc()));
    }
  }

  private static String kept(Topic topic) {
    if (topic.compacted()) {
      return "latest of each key";
    }
    Duration retention = topic.retention();
    return retention.equals(Topic.FOREVER) ? "without an end" : retention.toDays() + " days";
  }

  private static void records(List<Topic> topics, StringBuilder page) {
    page.append("\n## Records\n");
    for (Schema schema : Landshift.PROTOCOL.getTypes()) {
      if (schema.getType() == Schema.Type.RECORD) {
        record(schema, topics, page);
      }
    }
  }

  private static void record(Schema schema, List<Topic> topics, StringBuilder page) {
    page.append("\n### %s\n\n%s\n".formatted(schema.getName(), text(schema.getDoc())));
    if (topics.stream().anyMatch(t -> t.value().getSimpleName().equals(schema.getName()))) {
      page.append(
          "Fingerprint `%016x`.\n".formatted(SchemaNormalization.parsingFingerprint64(schema)));
    }
    page.append("\n| field | type | default | meaning |\n|---|---|---|---|\n");
    for (Schema.Field field : schema.getFields()) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(field.name(), type(field.schema()), defaultOf(field), text(field.doc())));
    }
  }

  private static void enums(StringBuilder page) {
    page.append(
        "\n## Enumerations\n\nA symbol that a reader does not know is read as the default.");
    page.append(" What each symbol means stands in `landshift.avdl`.\n");
    for (Schema schema : Landshift.PROTOCOL.getTypes()) {
      if (schema.getType() == Schema.Type.ENUM) {
        page.append("\n### %s\n\n%s\n\n".formatted(schema.getName(), text(schema.getDoc())));
        page.append(
            "Symbols: %s. Default: `%s`.\n"
                .formatted(
                    schema.getEnumSymbols().stream()
                        .map(symbol -> "`" + symbol + "`")
                        .collect(Collectors.joining(", ")),
                    schema.getEnumDefault()));
      }
    }
  }

  private static String defaultOf(Schema.Field field) {
    if (!field.hasDefaultValue()) {
      return "";
    }
    Object value = field.defaultVal();
    return switch (value) {
      case String text when text.isEmpty() -> "empty";
      case Collection<?> list -> "empty";
      case Map<?, ?> map -> "empty";
      default -> value.equals(JsonProperties.NULL_VALUE) ? "absent" : "`" + value + "`";
    };
  }

  private static String type(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    if (logical != null) {
      return logical.getName();
    }
    return switch (schema.getType()) {
      case RECORD, ENUM -> link(schema.getName());
      case ARRAY -> "list of " + type(schema.getElementType());
      case MAP -> "map of " + type(schema.getValueType());
      case UNION ->
          schema.getTypes().stream()
              .filter(part -> part.getType() != Schema.Type.NULL)
              .map(TopicsPage::type)
              .collect(Collectors.joining(" or ", "optional ", ""));
      default -> schema.getType().getName();
    };
  }

  private static String link(String name) {
    return "[%s](#%s)".formatted(name, name.toLowerCase(Locale.ROOT));
  }

  private static String text(@Nullable String doc) {
    return doc == null ? "" : doc.strip().replaceAll("\\s+", " ").replace("|", "\\|");
  }
}
