package io.landshift.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.schemas.Alert;
import io.landshift.schemas.Detection;
import io.landshift.schemas.Landshift;
import io.landshift.schemas.Samples;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.Protocol;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Old records stay readable, and a change that would break that is refused.
 *
 * <p>A changed schema is frozen as a further version, with golden records, by {@code mvn -pl
 * schemas test -Dtest=SchemaCompatibilityTest -Dlandshift.freeze=N}. A version that was released is
 * never frozen anew.
 */
class SchemaCompatibilityTest {
  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HEADER = 10;

  private final EventCodec codec = EventCodec.embedded();

  @Test
  void todaysSchemasAreFrozen() throws IOException {
    // given
    Integer freeze = Integer.getInteger("landshift.freeze");
    if (freeze != null) {
      freeze(freeze);
      return;
    }

    // when
    List<Protocol> versions = SchemaHistory.versions();

    // then
    assertThat(versions).isNotEmpty();
    assertThat(withoutDocs(versions.getLast().toString()))
        .as(
            "the events have changed since version %1$d was frozen; freeze version %2$d (or, before"
                + " the release of version %1$d, that one anew) with: mvn -pl schemas test"
                + " -Dtest=SchemaCompatibilityTest -Dlandshift.freeze=%2$d",
            versions.size(), versions.size() + 1)
        .isEqualTo(withoutDocs(Landshift.PROTOCOL.toString()));
  }

  @TestFactory
  List<DynamicTest> todaysSchemasAreCompatibleWithAllThatWereFrozen() {
    List<DynamicTest> tests = new ArrayList<>();
    List<Protocol> versions = SchemaHistory.versions();
    for (int n = 1; n <= versions.size(); n++) {
      for (Topic topic : Topics.all()) {
        Schema frozen = versions.get(n - 1).getType(fullName(topic));
        if (frozen != null) {
          tests.add(
              dynamicTest(
                  "v%d %s".formatted(n, frozen.getName()),
                  () -> assertThat(SchemaRules.breaches(today(topic), frozen)).isEmpty()));
        }
      }
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> goldenRecordsOfEveryVersionAreRead() {
    List<DynamicTest> tests = new ArrayList<>();
    List<Protocol> versions = SchemaHistory.versions();
    for (int n = 1; n <= versions.size(); n++) {
      for (Topic topic : Topics.all()) {
        Schema frozen = versions.get(n - 1).getType(fullName(topic));
        String file = "/golden/v%d/%s.bin".formatted(n, topic.value().getSimpleName());
        if (frozen != null) {
          tests.add(dynamicTest(file, () -> assertRead(topic.value(), frozen, file)));
        }
      }
    }
    return tests;
  }

  @Test
  void aGoldenRecordSaysWhatWasWritten() throws IOException {
    // when: the values stand here, not in the code that wrote the file
    Alert alert = codec.decode(Alert.class, resource("/golden/v1/Alert.bin"));

    // then
    Detection detection = alert.getDetection();
    assertThat(alert.getAlertId()).isEqualTo("MGRS-35TLM:vegetation-loss:20190714:412:77");
    assertThat(alert.getRevision()).isEqualTo(3);
    assertThat(alert.getEvent()).hasToString("FINISHED");
    assertThat(detection.getAreaM2()).isEqualTo(12_300.5);
    assertThat(detection.getConfirmedDate()).hasToString("2019-07-29");
    assertThat(detection.getTimes().getSensed()).hasToString("2019-08-03T09:20:31.024Z");
    assertThat(detection.getReferenceScenes()).containsExactly("S2A_2017", "S2A_2018");
  }

  @Test
  void aNewOptionalFieldASymbolAndADocAreLetIn() {
    // then
    assertThat(
            changed(s -> {
              field(s, "areaM2").put("doc", "other words");
              fields(s).addObject().put("name", "slope").put("type", "double").put("default", 0.0);
              ((ArrayNode) field(s, "status").path("type").path("symbols")).add("DISPUTED");
            }))
        .isEmpty();
  }

  @Test
  void aNewMandatoryFieldIsRefused() {
    // then
    assertThat(changed(s -> fields(s).addObject().put("name", "slope").put("type", "double")))
        .anySatisfy(b -> assertThat(b).contains("READER_FIELD_MISSING_DEFAULT_VALUE", "slope"));
  }

  @Test
  void theRemovalOfAMandatoryFieldIsRefused() {
    // then
    assertThat(changed(s -> remove(s, "areaM2")))
        .anySatisfy(b -> assertThat(b).contains("READER_FIELD_MISSING_DEFAULT_VALUE", "areaM2"));
  }

  @Test
  void theRemovalOfASymbolIsRefusedWhereThereIsNoDefault() {
    // then
    assertThat(
            changed(s -> {
              ObjectNode status = (ObjectNode) field(s, "status").path("type");
              status.remove("default");
              ((ArrayNode) status.path("symbols")).remove(4);
            }))
        .anySatisfy(b -> assertThat(b).contains("MISSING_ENUM_SYMBOLS", "RETRACTED"));
  }

  @Test
  void aChangeOfTypeIsRefused() {
    // then
    assertThat(changed(s -> field(s, "areaM2").put("type", "string")))
        .anySatisfy(b -> assertThat(b).contains("today's code", "TYPE_MISMATCH", "STRING"));
    assertThat(changed(s -> field(s, "revision").put("type", "long")))
        .as("old code cannot read a long as an int")
        .anySatisfy(b -> assertThat(b).contains("old code", "TYPE_MISMATCH"));
  }

  @Test
  void aChangeOfTheKindOfTimeIsRefusedAlthoughTheFingerprintIsTheSame() {
    // given
    Schema before = Detection.getClassSchema();
    Consumer<ObjectNode> change =
        s ->
            ((ObjectNode) field((ObjectNode) field(s, "times").path("type"), "sensed").path("type"))
                .put("logicalType", "timestamp-micros");

    // then
    assertThat(SchemaNormalization.parsingFingerprint64(edited(before, change)))
        .isEqualTo(SchemaNormalization.parsingFingerprint64(before));
    assertThat(changed(change))
        .containsExactly(
            "io.landshift.schemas.Detection.times.sensed was timestamp-millis and is"
                + " timestamp-micros");
  }

  /** What the rules say of this change of Detection. */
  private static Set<String> changed(Consumer<ObjectNode> change) {
    Schema before = Detection.getClassSchema();
    return SchemaRules.breaches(edited(before, change), before);
  }

  private static Schema edited(Schema schema, Consumer<ObjectNode> change) {
    try {
      ObjectNode node = (ObjectNode) JSON.readTree(schema.toString());
      change.accept(node);
      return new Schema.Parser().parse(node.toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ArrayNode fields(ObjectNode record) {
    return (ArrayNode) record.path("fields");
  }

  private static ObjectNode field(ObjectNode record, String name) {
    for (JsonNode field : fields(record)) {
      if (field.path("name").asText().equals(name)) {
        return (ObjectNode) field;
      }
    }
    throw new AssertionError("no field " + name);
  }

  private static void remove(ObjectNode record, String name) {
    ObjectNode field = field(record, name);
    for (int n = 0; n < fields(record).size(); n++) {
      if (fields(record).get(n) == field) {
        fields(record).remove(n);
      }
    }
  }

  /**
   * Reads an old record with today's code, and what today's code writes of it with the old schema:
   * that must be what an old reader sees in the old record.
   */
  private void assertRead(Class<? extends SpecificRecord> type, Schema frozen, String file)
      throws IOException {
    // given
    byte[] golden = resource(file);
    Object asThen = generic(frozen, frozen, golden);

    // when
    SpecificRecord event = codec.decode(type, golden);

    // then
    byte[] rewritten = codec.encode(event);
    assertThat(generic(event.getSchema(), frozen, rewritten)).isEqualTo(asThen);
  }

  private static Object generic(Schema writer, Schema reader, byte[] bytes) throws IOException {
    return new GenericDatumReader<>(writer, reader)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null));
  }

  private static String fullName(Topic topic) {
    return topic.value().getName();
  }

  private static Schema today(Topic topic) {
    return Landshift.PROTOCOL.getType(fullName(topic));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = SchemaCompatibilityTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  private void freeze(int version) throws IOException {
    Path schemas =
        MODULE.resolve("src/main/resources/io/landshift/schemas/history/v" + version + ".avpr");
    Files.createDirectories(schemas.getParent());
    Files.writeString(schemas, Landshift.PROTOCOL.toString(true) + "\n");
    Path golden = MODULE.resolve("src/test/resources/golden/v" + version);
    Files.createDirectories(golden);
    for (SpecificRecord sample : Samples.all()) {
      Files.write(golden.resolve(sample.getSchema().getName() + ".bin"), codec.encode(sample));
    }
  }

  private static JsonNode withoutDocs(String schema) throws IOException {
    JsonNode node = JSON.readTree(schema);
    node.findParents("doc").forEach(parent -> ((ObjectNode) parent).remove("doc"));
    return node;
  }
}
