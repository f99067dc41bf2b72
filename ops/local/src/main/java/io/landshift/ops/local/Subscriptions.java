package io.landshift.ops.local;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Subscription;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Creates and ends subscriptions. */
public final class Subscriptions {
  private Subscriptions() {}

  /**
   * Publishes a subscription, after its topic is there.
   *
   * @throws LandshiftException SERVICE_UNAVAILABLE if the broker does not answer
   */
  public static void subscribe(String bootstrap, Subscription subscription, EventCodec codec) {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
      new TopicCreator(admin).create(List.of(Topics.alertsOf(subscription.getId())));
    }
    send(bootstrap, subscription.getId(), codec.encode(subscription));
  }

  /** Ends a subscription; its topic and what is in it stay. */
  public static void cancel(String bootstrap, String id) {
    send(bootstrap, id, null);
  }

  private static void send(String bootstrap, String id, byte @Nullable [] value) {
    try (KafkaProducer<String, byte @Nullable []> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(Topics.SUBSCRIPTIONS.name(), id, value)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new LandshiftException(
          FailureReason.SERVICE_UNAVAILABLE,
          "Kafka at " + bootstrap + " does not take the subscription: is `landshift up` running?",
          e);
    }
  }
}
