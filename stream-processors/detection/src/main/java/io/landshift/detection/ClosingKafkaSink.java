package io.landshift.detection;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/**
 * The connector's exactly-once sink, but for one thing: a job that starts again leaves no client
 * behind.
 *
 * <p>Each writer of the connector (5.0.0-2.2) opens an admin client to look for the transactions of
 * the run before, and never closes it: every restart left a thread per sink and slot, which calls
 * for a broker that is away once a second. Here the client ends when the writer is ready, and a
 * broker that does not answer is found out before there is one. Stateless and serializable.
 *
 * @param sink the connector's
 * @param bootstrap the brokers that it writes to
 */
record ClosingKafkaSink<T>(KafkaSink<T> sink, String bootstrap)
    implements TwoPhaseCommittingStatefulSink<T, KafkaWriterState, KafkaCommittable>,
        SupportsPostCommitTopology<KafkaCommittable> {
  private static final int PATIENCE_MILLIS = 5_000;

  @Override
  public PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> createWriter(
      WriterInitContext context) throws IOException {
    return restoreWriter(context, List.of());
  }

  @Override
  public PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> restoreWriter(
      WriterInitContext context, Collection<KafkaWriterState> states) throws IOException {
    requireBroker();
    PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> writer =
        sink.restoreWriter(context, states);
    closeAdminClient(writer);
    return writer;
  }

  private void requireBroker() {
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MILLIS))) {
      admin.describeCluster().nodes().get(2L * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw silent(e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw silent(e);
    }
  }

  private LandshiftException silent(Exception cause) {
    return new LandshiftException(
        FailureReason.SERVICE_UNAVAILABLE,
        "no Kafka at " + bootstrap + " to write results to; the job tries again until there is one",
        cause);
  }

  /** There is no other way to the client: it is private, and no configuration reaches it. */
  private static void closeAdminClient(Object writer) {
    try {
      Field client = writer.getClass().getDeclaredField("adminClient");
      client.setAccessible(true);
      if (client.get(writer) instanceof Admin admin) {
        admin.close();
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "another Kafka connector than this was written for: see whether it closes its client", e);
    }
  }

  @Override
  public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
    return sink.createCommitter(context);
  }

  @Override
  public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
    return sink.getCommittableSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
    return sink.getWriterStateSerializer();
  }

  @Override
  public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committed) {
    sink.addPostCommitTopology(committed);
  }
}
