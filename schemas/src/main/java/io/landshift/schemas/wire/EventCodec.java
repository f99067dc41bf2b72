package io.landshift.schemas.wire;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Turns events into bytes and back.
 *
 * <p>Two formats, told apart by the first bytes. <em>Single-object encoding</em> (Avro
 * specification): {@code C3 01}, the CRC-64-AVRO fingerprint of the writer's schema (8 bytes,
 * little endian), the record. <em>Registry wire format</em>: {@code 00}, the schema's id in a
 * registry (4 bytes, big endian), the record. A codec with a registry writes the second and reads
 * both; one without writes and reads the first. Records of every frozen version of the schemas are
 * read.
 *
 * <p>Thread-safe; make one per process or operator and share it. Not serialisable. A record is at
 * most {@value #MAXIMUM_BYTES} bytes. The JVM must run with {@code
 * -Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.landshift.schemas}: Avro reads into classes of trusted
 * packages only.
 */
public final class EventCodec {
  /** Largest encoded record in bytes: what topic {@code dead-letters} takes. */
  public static final int MAXIMUM_BYTES = 8 << 20;

  private static final byte[] SINGLE_OBJECT = {(byte) 0xC3, 0x01};
  private static final int SINGLE_OBJECT_HEADER = 10;
  private static final byte REGISTRY = 0;
  private static final int REGISTRY_HEADER = 5;
  private static final int MAXIMUM_READERS = 1_000;
  private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(10);

  private final @Nullable SchemaRegistry registry;
  private final Map<Long, Schema> knownSchemas;
  private final ConcurrentMap<ReaderKey, SpecificDatumReader<?>> readers =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<Schema, byte[]> singleObjectHeaders = new ConcurrentHashMap<>();

  private EventCodec(@Nullable SchemaRegistry registry, Map<Long, Schema> knownSchemas) {
    this.registry = registry;
    this.knownSchemas = knownSchemas;
  }

  /** A codec that needs no registry: writes single-object encoding. */
  public static EventCodec embedded() {
    return new EventCodec(null, SchemaHistory.recordsByFingerprint());
  }

  /** A codec that writes the registry wire format with ids of this registry. */
  public static EventCodec withRegistry(SchemaRegistry registry) {
    return new EventCodec(registry, SchemaHistory.recordsByFingerprint());
  }

  /**
   * The codec that a configuration asks for.
   *
   * @param registry base URL of a Confluent-compatible schema registry, or null for none
   */
  public static EventCodec configured(@Nullable URI registry) {
    return registry == null
        ? embedded()
        : withRegistry(new HttpSchemaRegistry(registry, REGISTRY_TIMEOUT));
  }

  /**
   * Encodes an event.
   *
   * @throws LandshiftException LIMIT_EXCEEDED where it is larger than {@value #MAXIMUM_BYTES}
   *     bytes; INTERNAL where a field without default is null; what {@link SchemaRegistry#idOf}
   *     throws
   */
  public byte[] encode(SpecificRecord event) {
    Schema schema = event.getSchema();
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    out.writeBytes(header(schema));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      writer(event).write(event, encoder);
      encoder.flush();
    } catch (IOException | RuntimeException e) {
      throw new LandshiftException(
          FailureReason.INTERNAL,
          "an event %s was built that its schema does not allow: %s"
              .formatted(schema.getName(), e.getMessage()),
          e);
    }
    if (out.size() > MAXIMUM_BYTES) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          "an event %s has %d bytes, at most %d are allowed: simplify its geometry or shorten it"
              .formatted(schema.getName(), out.size(), MAXIMUM_BYTES));
    }
    return out.toByteArray();
  }

  /**
   * Decodes an event of either format.
   *
   * @param type the generated class of the event
   * @param bytes the whole record; not changed
   * @throws LandshiftException RECORD_UNREADABLE where the bytes are not such an event; with a
   *     registry also SERVICE_UNAVAILABLE where it does not answer, which says nothing of the
   *     record
   */
  public <T extends SpecificRecord> T decode(Class<T> type, byte[] bytes) {
    if (bytes.length > MAXIMUM_BYTES) {
      throw unreadable("it has %d bytes, at most %d are allowed", bytes.length, MAXIMUM_BYTES);
    }
    if (bytes.length >= SINGLE_OBJECT_HEADER
        && bytes[0] == SINGLE_OBJECT[0]
        && bytes[1] == SINGLE_OBJECT[1]) {
      long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
      return read(type, schemaWithFingerprint(fingerprint), bytes, SINGLE_OBJECT_HEADER);
    }
    if (bytes.length >= REGISTRY_HEADER && bytes[0] == REGISTRY) {
      return read(type, schemaWithId(ByteBuffer.wrap(bytes).getInt(1)), bytes, REGISTRY_HEADER);
    }
    throw unreadable(
        "it starts with %s, neither with C301 (single-object encoding) nor with 00 (registry)",
        HexFormat.of().withUpperCase().formatHex(bytes, 0, Math.min(4, bytes.length)));
  }

  /**
   * Makes the schemas of these topics known to the registry, so that one that is refused shows
   * before anything is written. Without a registry it does nothing.
   *
   * @throws LandshiftException what {@link SchemaRegistry#idOf} throws
   */
  public void register(Collection<Topic> topics) {
    for (Topic topic : topics) {
      header(SpecificData.get().getSchema(topic.value()));
    }
  }

  private byte[] header(Schema schema) {
    if (registry != null) {
      int id = registry.idOf(schema.getFullName(), schema);
      return ByteBuffer.allocate(REGISTRY_HEADER).put(REGISTRY).putInt(id).array();
    }
    return singleObjectHeaders.computeIfAbsent(schema, EventCodec::singleObjectHeader);
  }

  private static byte[] singleObjectHeader(Schema schema) {
    return ByteBuffer.allocate(SINGLE_OBJECT_HEADER)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(SINGLE_OBJECT)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }

  private static SpecificDatumWriter<SpecificRecord> writer(SpecificRecord event) {
    SpecificData data =
        event instanceof SpecificRecordBase base ? base.getSpecificData() : SpecificData.get();
    return new SpecificDatumWriter<>(event.getSchema(), data);
  }

  private Schema schemaWithFingerprint(long fingerprint) {
    Schema schema = knownSchemas.get(fingerprint);
    if (schema == null) {
      throw unreadable(
          "no known version of our schemas has its fingerprint %016x; was it written by a newer"
              + " version of Landshift?",
          fingerprint);
    }
    return schema;
  }

  private Schema schemaWithId(int id) {
    if (registry == null) {
      throw unreadable(
          "it names schema %d of a registry; say which one it is (--registry URL)", id);
    }
    return registry.schemaOf(id);
  }

  private <T extends SpecificRecord> T read(
      Class<T> type, Schema writerSchema, byte[] bytes, int offset) {
    SpecificData data = SpecificData.getForClass(type);
    Schema readerSchema = data.getSchema(type);
    if (!writerSchema.getFullName().equals(readerSchema.getFullName())) {
      throw unreadable(
          "it is a %s, not a %s", writerSchema.getFullName(), readerSchema.getFullName());
    }
    SpecificDatumReader<?> reader = reader(type, writerSchema, readerSchema, data);
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, null);
    try {
      T event = type.cast(reader.read(null, decoder));
      if (!decoder.isEnd()) {
        throw unreadable("bytes are left after the %s", readerSchema.getName());
      }
      return event;
    } catch (SecurityException e) {
      throw new LandshiftException(
          FailureReason.INTERNAL,
          "Avro does not trust our own classes: start Java with"
              + " -Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.landshift.schemas",
          e);
    } catch (LandshiftException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new LandshiftException(
          FailureReason.RECORD_UNREADABLE,
          "the record is not a %s as it claims: %s".formatted(readerSchema.getName(), e),
          e);
    }
  }

  private SpecificDatumReader<?> reader(
      Class<?> type, Schema writerSchema, Schema readerSchema, SpecificData data) {
    if (readers.size() >= MAXIMUM_READERS) {
      readers.clear();
    }
    return readers.computeIfAbsent(
        new ReaderKey(type, writerSchema),
        key -> new SpecificDatumReader<>(writerSchema, readerSchema, data));
  }

  private static LandshiftException unreadable(String why, Object... arguments) {
    return new LandshiftException(
        FailureReason.RECORD_UNREADABLE, "the record cannot be read: " + why.formatted(arguments));
  }

  private record ReaderKey(Class<?> type, Schema writerSchema) {}
}
