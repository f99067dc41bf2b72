package io.landshift.detection;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
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
  @Override
  public PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> createWriter(
      WriterInitContext context) throws IOException {
    return restoreWriter(context, List.of());
  }

  @Override
  public PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> restoreWriter(
      WriterInitContext context, Collection<KafkaWriterState> states) throws IOException {
    Brokers.topics(bootstrap, "the job tries again");
    PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> writer =
        sink.restoreWriter(context, states);
    closeAdminClient(writer);
    return writer;
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
