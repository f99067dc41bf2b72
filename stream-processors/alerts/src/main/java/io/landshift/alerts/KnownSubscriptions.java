package io.landshift.alerts;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Subscription;
import io.landshift.schemas.wire.EventCodec;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The subscriptions of the global store, each checked once. Not thread-safe: one per task.
 *
 * <p>Derived from the store at every look, hence right whatever was restored; only the parsing is
 * kept.
 */
final class KnownSubscriptions {
  private final EventCodec codec;
  private final ReadOnlyKeyValueStore<String, StoredSubscription> store;
  private Map<String, KnownSubscription> known = Map.of();

  KnownSubscriptions(EventCodec codec, ReadOnlyKeyValueStore<String, StoredSubscription> store) {
    this.codec = codec;
    this.store = store;
  }

  /** All subscriptions of this moment, in the order of their ids. */
  Collection<KnownSubscription> all() {
    Map<String, KnownSubscription> current = new TreeMap<>();
    try (KeyValueIterator<String, StoredSubscription> entries = store.all()) {
      while (entries.hasNext()) {
        KeyValue<String, StoredSubscription> entry = entries.next();
        // Null where the global thread has deleted it since the iterator was made.
        if (entry.value != null) {
          KnownSubscription before = known.get(entry.key);
          current.put(
              entry.key,
              before != null && before.stored().equals(entry.value)
                  ? before
                  : check(entry.key, entry.value));
        }
      }
    }
    known = current;
    return current.values();
  }

  private KnownSubscription check(String id, StoredSubscription stored) {
    try {
      Subscription subscription = codec.decode(Subscription.class, stored.value().get());
      if (!subscription.getId().equals(id)) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            "the record's key is '%.100s' but the subscription's id is '%.100s': they must be equal"
                .formatted(id, subscription.getId()));
      }
      return new KnownSubscription.Served(id, stored, SubscriptionMatcher.of(subscription));
    } catch (LandshiftException e) {
      if (!DeadLetters.isFaultOfRecord(e)) {
        throw e;
      }
      return new KnownSubscription.Refused(id, stored, e);
    }
  }
}
