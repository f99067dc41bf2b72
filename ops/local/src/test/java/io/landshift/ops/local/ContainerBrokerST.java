package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.landshift.detection.ClusterOptions.StateBackend;
import io.landshift.ops.local.PipelineUnderTest.Broker;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The pipeline on a Kafka that is not ours to start: another process, in a container. */
@Tag("st")
class ContainerBrokerST {
  /** Built by ops/setup/containers.sh; never pulled. */
  private static final String IMAGE = "landshift/kafka:" + AppInfoParser.getVersion();

  /** Enough of the series for two waves of clear-cuts. */
  private static final Instant END = Instant.parse("2018-10-01T00:00:00Z");

  private record Told(Map<String, SceneOutcome> outcomes, Map<String, Detection> alerts) {}

  @Test
  void aBrokerInAContainerGivesTheAlertsOfTheEmbeddedOne(@TempDir Path folder) {
    // given
    assumeTrue(
        imageIsThere(),
        () ->
            "no container engine with the image %s: ./landshift test --with-containers st"
                .formatted(IMAGE));
    List<SceneAvailable> series = DemoScenes.before(END);
    assertThat(series).hasSizeGreaterThan(50);

    // when
    Told embedded = run(folder.resolve("embedded"), series, null);
    Told contained;
    try (KafkaContainer kafka =
        new KafkaContainer(
            DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("apache/kafka"))) {
      kafka.start();
      contained =
          run(
              folder.resolve("container"),
              series,
              new Broker(kafka.getBootstrapServers(), kafka::stop));
    }

    // then
    assertThat(embedded.alerts()).hasSizeGreaterThan(5);
    assertThat(embedded.alerts().values())
        .anyMatch(alert -> alert.getStatus() == DetectionStatus.CONFIRMED);
    assertThat(contained.alerts()).isEqualTo(embedded.alerts());
    assertThat(contained.outcomes()).isEqualTo(embedded.outcomes());
  }

  private static Told run(Path folder, List<SceneAvailable> series, Broker broker) {
    try (PipelineUnderTest pipeline =
        new PipelineUnderTest(
            folder,
            1,
            StateBackend.HASHMAP,
            broker == null ? Broker.embedded(folder) : broker,
            null)) {
      pipeline.announce(series);
      pipeline.awaitSettled(series.size());
      assertThat(pipeline.deadLetters()).allMatch(letter -> letter.getProductId() != null);
      return new Told(
          Said.lastOutcomes(pipeline.outcomes()), Said.standingAlerts(pipeline.alerts()));
    }
  }

  private static boolean imageIsThere() {
    DockerClientFactory engine = DockerClientFactory.instance();
    return engine.isDockerAvailable()
        && engine.client().listImagesCmd().withImageNameFilter(IMAGE).exec().stream()
            .anyMatch(image -> image.getRepoTags() != null);
  }
}
