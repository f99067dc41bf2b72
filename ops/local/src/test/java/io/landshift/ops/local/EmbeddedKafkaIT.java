package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.ops.local.EmbeddedKafka.Ports;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class EmbeddedKafkaIT {
  @TempDir Path directory;

  @Test
  void readersOfCommittedRecordsSeeNoAbortedOnesAndARestartKeepsThem() throws Exception {
    // given
    Ports ports = Ports.free();
    List<String> before;
    List<String> everything;
    long closing;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, ports)) {
      createTopic(kafka, "numbers");

      // when
      try (KafkaProducer<String, String> producer = producer(kafka)) {
        producer.initTransactions();
        send(producer, "committed", true);
        send(producer, "aborted", false);
      }
      before = read(kafka, "read_committed", 5);
      everything = read(kafka, "read_uncommitted", 10);
      closing = System.nanoTime();
    }
    Duration close = Duration.ofNanos(System.nanoTime() - closing);
    List<String> after;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, ports)) {
      after = read(kafka, "read_committed", 5);
    }

    // then
    List<String> committed = IntStream.range(0, 5).mapToObj(i -> "committed" + i).toList();
    assertThat(before).isEqualTo(committed);
    assertThat(everything).hasSize(10).containsAll(committed).contains("aborted4");
    assertThat(after).isEqualTo(committed);
    assertThat(close).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void leavesNoThreadBehindThatWouldKeepTheProcess() throws Exception {
    // given
    List<Thread> before = Thread.getAllStackTraces().keySet().stream().toList();

    // when
    EmbeddedKafka.start(directory, Ports.free()).close();

    // then
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !thread.isDaemon() && !before.contains(thread))
        .isEmpty();
  }

  @Test
  void refusesAPortThatIsTaken() throws Exception {
    // given
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("one"), Ports.free())) {
      Ports taken = new Ports(kafka.ports().broker(), Ports.free().controller());

      // when, then
      assertThatThrownBy(() -> EmbeddedKafka.start(directory.resolve("two"), taken))
          .isInstanceOf(LandshiftException.class)
          .hasMessageContaining("port " + taken.broker() + " is in use");
    }
  }

  @Test
  void refusesAFolderThatAnotherBrokerOwns() throws Exception {
    // given
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, Ports.free())) {
      // when, then
      assertThatThrownBy(() -> EmbeddedKafka.start(directory, Ports.free()))
          .isInstanceOfSatisfying(
              LandshiftException.class,
              e -> assertThat(e.reason()).isEqualTo(FailureReason.STORAGE_UNAVAILABLE))
          .hasMessageContaining(directory.toString());

      // and the owner is as it was
      createTopic(kafka, "still-there");
    }
  }

  @Test
  void refusesAFolderThatIsAFile() throws Exception {
    // given
    Path file = Files.createFile(directory.resolve("file"));

    // when, then
    assertThatThrownBy(() -> EmbeddedKafka.start(file, Ports.free()))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.STORAGE_UNAVAILABLE));
  }

  private static void createTopic(EmbeddedKafka kafka, String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
    }
  }

  private static KafkaProducer<String, String> producer(EmbeddedKafka kafka) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "test"),
        new StringSerializer(),
        new StringSerializer());
  }

  private static void send(KafkaProducer<String, String> producer, String value, boolean commit) {
    producer.beginTransaction();
    for (int i = 0; i < 5; i++) {
      producer.send(new ProducerRecord<>("numbers", "key" + i, value + i));
    }
    producer.flush();
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }

  /** Reads until so many records are there and nothing more comes for half a second. */
  private static List<String> read(EmbeddedKafka kafka, String isolation, int expected) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "isolation.level",
                isolation,
                "auto.offset.reset",
                "earliest",
                "group.id",
                isolation + System.nanoTime()),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition("numbers", 0)));
      consumer.seekToBeginning(consumer.assignment());
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      int added = 1;
      while (System.nanoTime() < deadline && (values.size() < expected || added > 0)) {
        added = 0;
        for (var polled : consumer.poll(Duration.ofMillis(500))) {
          values.add(polled.value());
          added++;
        }
      }
    }
    return values;
  }
}
