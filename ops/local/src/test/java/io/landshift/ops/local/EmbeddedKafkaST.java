package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.landshift.ops.local.EmbeddedKafka.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("st")
class EmbeddedKafkaST {
  private static final int RECORDS = 200;
  private static final int RECORD_BYTES = 500_000;

  @TempDir Path directory;

  /**
   * Writes until the system refuses to let a file grow further; prints each acknowledged record.
   */
  static final class Filler {
    public static void main(String[] arguments) throws Exception {
      Logging.toFile(Path.of(arguments[1]));
      try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), Ports.free());
          Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
          KafkaProducer<byte[], byte[]> producer =
              new KafkaProducer<>(
                  Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
                  new ByteArraySerializer(),
                  new ByteArraySerializer())) {
        admin.createTopics(List.of(new NewTopic("filled", 1, (short) 1))).all().get();
        for (int i = 0; i < RECORDS; i++) {
          producer.send(new ProducerRecord<>("filled", new byte[RECORD_BYTES])).get();
          System.out.println("acknowledged");
        }
      }
    }
  }

  @Test
  void aDiskThatTakesNoMoreEndsTheProcessAloudAndLosesNothingAcknowledged() throws Exception {
    // given
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash to limit the size of files");
    Path data = directory.resolve("kafka");
    Path log = directory.resolve("landshift.log");

    // when
    Process process = fillWithFilesOfAtMost(40_000, data, log);
    String output = new String(process.getInputStream().readAllBytes());
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);

    // then
    long acknowledged = output.lines().filter("acknowledged"::equals).count();
    assertThat(ended).isTrue();
    assertThat(process.exitValue()).as(output).isNotZero();
    assertThat(acknowledged).isBetween(1L, RECORDS - 1L);
    assertThat(output).contains("error: the embedded Kafka failed and the process ends");
    assertThat(Files.readString(log)).contains("File too large");

    // and a new start has them all
    try (EmbeddedKafka kafka = EmbeddedKafka.start(data, Ports.free());
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      TopicPartition partition = new TopicPartition("filled", 0);
      ListOffsetsResult offsets = admin.listOffsets(Map.of(partition, OffsetSpec.latest()));
      assertThat(offsets.partitionResult(partition).get().offset())
          .isGreaterThanOrEqualTo(acknowledged);
    }
  }

  private static Process fillWithFilesOfAtMost(int kibibytes, Path data, Path log)
      throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            "/bin/bash",
            "-c",
            "ulimit -f " + kibibytes + " && exec \"$@\"",
            "bash",
            java,
            "-cp",
            System.getProperty("java.class.path"),
            Filler.class.getName(),
            data.toString(),
            log.toString())
        .redirectErrorStream(true)
        .start();
  }
}
