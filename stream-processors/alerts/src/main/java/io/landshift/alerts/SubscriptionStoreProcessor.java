package io.landshift.alerts;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Copies topic {@code subscriptions} into the global store as it is. Nothing is decoded here: a
 * global processor that throws would stop the whole application.
 */
final class SubscriptionStoreProcessor implements Processor<byte[], byte[], Void, Void> {
  private ProcessorContext<Void, Void> context;
  private KeyValueStore<String, StoredSubscription> store;

  @Initializer
  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    this.store = context.getStateStore(AlertsTopology.SUBSCRIPTIONS_STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> subscription) {
    if (subscription.key() == null) {
      return;
    }
    String id = new String(subscription.key(), StandardCharsets.UTF_8);
    if (subscription.value() == null) {
      store.delete(id);
      return;
    }
    RecordMetadata place = context.recordMetadata().orElseThrow();
    store.put(
        id,
        new StoredSubscription(
            place.partition(), place.offset(), Bytes.wrap(subscription.value())));
  }
}
