package io.landshift.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.Alert;
import io.landshift.schemas.Detection;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.ModelRelease;
import io.landshift.schemas.Samples;
import io.landshift.schemas.Subscription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
  private final EventCodec codec = EventCodec.embedded();

  static List<SpecificRecord> events() {
    return Samples.all();
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyEventComesBackAsItWas(SpecificRecord event) {
    // when
    SpecificRecord decoded = codec.decode(event.getClass(), codec.encode(event));

    // then
    assertThat(decoded).isEqualTo(event);
  }

  @Test
  void theEmbeddedFormatIsAvrosSingleObjectEncoding() throws IOException {
    // given: Avro's own encoder and decoder
    Alert alert = Samples.alert();
    byte[] expected = bytes(alert.toByteBuffer());

    // when
    byte[] encoded = codec.encode(alert);

    // then
    assertThat(encoded).isEqualTo(expected).startsWith(0xC3, 0x01);
    assertThat(Alert.fromByteBuffer(ByteBuffer.wrap(encoded))).isEqualTo(alert);
  }

  @Test
  void theRegistryFormatCarriesTheIdAndIsToldFromTheOtherByItsFirstByte() {
    // given
    InMemoryRegistry registry = new InMemoryRegistry(0x01020304);
    EventCodec registered = EventCodec.withRegistry(registry);
    Detection detection = Samples.detection();

    // when
    byte[] encoded = registered.encode(detection);

    // then
    assertThat(encoded).startsWith(0x00, 0x01, 0x02, 0x03, 0x04);
    assertThat(Arrays.copyOfRange(encoded, 5, encoded.length))
        .isEqualTo(tail(codec.encode(detection), 10));
    assertThat(registered.decode(Detection.class, encoded)).isEqualTo(detection);
    assertThat(registered.decode(Detection.class, codec.encode(detection))).isEqualTo(detection);
    assertThat(registry.subjects).containsExactly("io.landshift.schemas.Detection");
  }

  @Test
  void aRecordOfARegistryNeedsThatRegistry() {
    // given
    byte[] encoded = EventCodec.withRegistry(new InMemoryRegistry(7)).encode(Samples.alert());

    // then
    assertUnreadable(() -> codec.decode(Alert.class, encoded), "schema 7", "--registry");
  }

  @Test
  void theWritersSchemaOfARegistryIsResolvedToOurs() {
    // given: a writer that knows neither the newest field nor our defaults
    Schema older =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"ModelRelease","namespace":"io.landshift.schemas","fields":[
                 {"name":"digest","type":"string"},{"name":"name","type":"string"},
                 {"name":"href","type":"string"},
                 {"name":"releasedAt","type":{"type":"long","logicalType":"timestamp-millis"}}]}
                """);
    InMemoryRegistry registry = new InMemoryRegistry(5);
    registry.schemas.put(5, older);
    byte[] written = {0, 0, 0, 0, 5, 2, 'd', 2, 'n', 2, 'h', 2};

    // when
    ModelRelease release = EventCodec.withRegistry(registry).decode(ModelRelease.class, written);

    // then
    assertThat(release).isEqualTo(new ModelRelease("n", "d", "h", Instant.ofEpochMilli(1), ""));
  }

  @Test
  void whatIsNotAvroIsUnreadable() {
    // then
    assertUnreadable(() -> codec.decode(Alert.class, new byte[0]), "neither");
    assertUnreadable(() -> codec.decode(Alert.class, new byte[] {(byte) 0xC3}), "neither");
    assertUnreadable(() -> codec.decode(Alert.class, "{\"a\":1}".getBytes()), "7B226122");
    assertUnreadable(
        () -> codec.decode(Alert.class, new byte[] {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9}),
        "0807060504030201");
  }

  @Test
  void anotherEventThanExpectedIsUnreadable() {
    // then
    assertUnreadable(
        () -> codec.decode(Alert.class, codec.encode(Samples.subscription())),
        "io.landshift.schemas.Subscription",
        "not a io.landshift.schemas.Alert");
  }

  @Test
  void truncatedAndOverlongRecordsAreUnreadable() {
    // given
    byte[] encoded = codec.encode(Samples.alert());

    // then
    for (int length = 0; length < encoded.length; length++) {
      byte[] part = Arrays.copyOf(encoded, length);
      assertUnreadable(() -> codec.decode(Alert.class, part));
    }
    assertUnreadable(
        () -> codec.decode(Alert.class, Arrays.copyOf(encoded, encoded.length + 1)), "left after");
  }

  @Test
  void damagedRecordsNeverDoMoreThanBeUnreadable() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);

    // when, then
    for (SpecificRecord event : Samples.all()) {
      byte[] whole = codec.encode(event);
      for (int n = 0; n < 2_000; n++) {
        byte[] damaged = whole.clone();
        for (int k = random.nextInt(4); k >= 0; k--) {
          damaged[10 + random.nextInt(damaged.length - 10)] = (byte) random.nextInt(256);
        }
        try {
          codec.decode(event.getClass(), damaged);
        } catch (LandshiftException e) {
          assertThat(e.reason()).as("seed " + seed).isEqualTo(FailureReason.RECORD_UNREADABLE);
        }
      }
    }
  }

  @Test
  void aFewBytesThatPromiseMillionsOfElementsAreUnreadable() {
    // given: the subscription's id and area, then a list that claims 2^31-16 elements
    byte[] header = Arrays.copyOf(codec.encode(Samples.subscription()), 10);
    byte[] hostile = {2, 'a', 0, (byte) 0xE0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
    byte[] hostileText = {(byte) 0xE0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};

    // then
    assertUnreadable(() -> codec.decode(Subscription.class, concat(header, hostile)));
    assertUnreadable(() -> codec.decode(Subscription.class, concat(header, hostileText)));
  }

  @Test
  void sizesAreBounded() {
    // given
    Subscription.Builder builder = Subscription.newBuilder(Samples.subscription());
    Subscription fits = builder.setArea("x".repeat(EventCodec.MAXIMUM_BYTES - 1_000)).build();
    Subscription tooLarge = builder.setArea("x".repeat(EventCodec.MAXIMUM_BYTES)).build();

    // then
    assertThat(codec.decode(Subscription.class, codec.encode(fits))).isEqualTo(fits);
    assertThatThrownBy(() -> codec.encode(tooLarge))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.LIMIT_EXCEEDED));
    assertUnreadable(
        () -> codec.decode(Alert.class, new byte[EventCodec.MAXIMUM_BYTES + 1]), "at most");
  }

  @Test
  void anEventWithoutItsMandatoryFieldsIsOurFault() {
    // then
    assertThatThrownBy(() -> codec.encode(new Alert()))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.INTERNAL));
  }

  @Test
  void manyThreadsShareOneCodec() throws InterruptedException, ExecutionException {
    // given
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      // when
      List<Future<Boolean>> same =
          IntStream.range(0, 64).mapToObj(n -> threads.submit(() -> allComeBack(n))).toList();

      // then
      for (Future<Boolean> one : same) {
        assertThat(one.get()).isTrue();
      }
    }
  }

  private boolean allComeBack(int n) {
    boolean same = true;
    for (int k = 0; k < 50; k++) {
      SpecificRecord event = Samples.all().get((n + k) % Samples.all().size());
      same &= codec.decode(event.getClass(), codec.encode(event)).equals(event);
    }
    return same;
  }

  private static void assertUnreadable(ThrowingCallable decoding, String... parts) {
    assertThatThrownBy(decoding)
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.RECORD_UNREADABLE))
        .satisfies(
            e -> assertThat(parts).allSatisfy(part -> assertThat(e.getMessage()).contains(part)));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  /** A registry that gives every new schema the next id. */
  private static final class InMemoryRegistry implements SchemaRegistry {
    private final ConcurrentMap<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final List<String> subjects = new CopyOnWriteArrayList<>();
    private final int firstId;

    InMemoryRegistry(int firstId) {
      this.firstId = firstId;
    }

    @Override
    public synchronized int idOf(String subject, Schema schema) {
      subjects.add(subject);
      int id = firstId + schemas.size();
      schemas.put(id, schema);
      return id;
    }

    @Override
    public Schema schemaOf(int id) {
      Schema schema = schemas.get(id);
      if (schema == null) {
        throw new LandshiftException(FailureReason.RECORD_UNREADABLE, "no schema " + id);
      }
      return schema;
    }
  }
}
