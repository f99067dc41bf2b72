package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That restarts on a broker leave no client behind is seen in RestartedJobIT, which has one. */
@Tag("it")
class ClosingKafkaSinkIT {
  @Test
  void aBrokerThatIsAwayIsNamedAndNoClientGoesOnCallingForIt() throws Exception {
    // given: a port that nobody listens on, and a job that starts twice
    String bootstrap;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      bootstrap = "127.0.0.1:" + free.getLocalPort();
    }
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    env.fromData("a result").sinkTo(new ClosingKafkaSink<>(sink(bootstrap), bootstrap));

    // when
    Throwable failure = catchThrowable(() -> env.execute());

    // then
    LandshiftException said = ExceptionUtils.throwableOfType(failure, LandshiftException.class);
    assertThat(said).as(String.valueOf(failure)).hasMessageContaining("no Kafka at " + bootstrap);
    assertThat(said.reason()).isEqualTo(FailureReason.SERVICE_UNAVAILABLE);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("kafka-admin-client-thread"));
  }

  private static KafkaSink<String> sink(String bootstrap) {
    return KafkaSink.<String>builder()
        .setBootstrapServers(bootstrap)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("test")
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setRecordSerializer(
            KafkaRecordSerializationSchema.<String>builder()
                .setTopic("results")
                .setValueSerializationSchema(text -> text.getBytes(StandardCharsets.UTF_8))
                .build())
        .build();
  }
}
