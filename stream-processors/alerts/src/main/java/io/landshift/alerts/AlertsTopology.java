package io.landshift.alerts;

import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The way from detections to alerts:
 *
 * <pre>
 * detections -&gt; revise -&gt; alerts
 *                  |----&gt; route -&gt; alerts.ID   (subscriptions, a global store, say who)
 *                  '----------'--&gt; dead-letters
 * </pre>
 *
 * <p>Sources hand over bytes and the processors decode, so that no record can stop the stream. All
 * stores are in memory; the changelog topics bring them back. Stateless itself.
 */
public final class AlertsTopology {
  static final String ALERTS_SINK = "to-alerts";
  static final String SUBSCRIBERS_SINK = "to-subscribers";
  static final String DEAD_LETTERS_SINK = "to-dead-letters";
  static final String REVISION = "revise";
  static final String ROUTING = "route";
  static final String DETECTIONS_STORE = "last-detections";
  static final String LISTENERS_STORE = "listeners";
  static final String REPORTED_STORE = "reported-subscriptions";
  static final String SUBSCRIPTIONS_STORE = "subscriptions";
  private static final String DETECTIONS_SOURCE = "from-detections";
  private static final String SUBSCRIPTIONS_SOURCE = "from-subscriptions";

  private AlertsTopology() {}

  /**
   * Builds the topology.
   *
   * @param codec decodes what comes and encodes what goes
   * @param topics says which subscribers' topics exist; an alert for one that does not becomes a
   *     dead letter
   * @param codeVersion the version of Landshift that dead letters name
   */
  public static Topology build(EventCodec codec, SubscriberTopics topics, String codeVersion) {
    DeadLetters deadLetters = new DeadLetters(codec, codeVersion);
    Topology topology = new Topology();
    topology.addGlobalStore(
        store(SUBSCRIPTIONS_STORE, StoredSubscription.serde()).withLoggingDisabled(),
        SUBSCRIPTIONS_SOURCE,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        Topics.SUBSCRIPTIONS.name(),
        "keep-subscriptions",
        SubscriptionStoreProcessor::new);
    topology.addSource(
        DETECTIONS_SOURCE,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        Topics.DETECTIONS.name());
    topology.addProcessor(
        REVISION, () -> new RevisionProcessor(codec, deadLetters), DETECTIONS_SOURCE);
    topology.addProcessor(
        ROUTING, () -> new RoutingProcessor(codec, deadLetters, topics), REVISION);
    addStores(topology);
    addSinks(topology);
    return topology;
  }

  private static void addStores(Topology topology) {
    Map<String, String> largeRecords =
        Map.of("max.message.bytes", Integer.toString(Topics.ALERTS.maximumBytes()));
    topology.addStateStore(
        store(DETECTIONS_STORE, Serdes.ByteArray()).withLoggingEnabled(largeRecords), REVISION);
    topology.addStateStore(
        store(LISTENERS_STORE, Serdes.String()).withLoggingEnabled(Map.of()), ROUTING);
    topology.addStateStore(
        store(REPORTED_STORE, Serdes.ByteArray()).withLoggingEnabled(Map.of()), ROUTING);
  }

  private static void addSinks(Topology topology) {
    topology.addSink(
        ALERTS_SINK,
        Topics.ALERTS.name(),
        new StringSerializer(),
        new ByteArraySerializer(),
        REVISION);
    Serializer<Addressed> withoutAddress = (topic, addressed) -> addressed.value().get();
    topology.addSink(
        SUBSCRIBERS_SINK,
        (String key, Addressed addressed, RecordContext context) -> addressed.topic(),
        new StringSerializer(),
        withoutAddress,
        ROUTING);
    topology.addSink(
        DEAD_LETTERS_SINK,
        Topics.DEAD_LETTERS.name(),
        new StringSerializer(),
        new ByteArraySerializer(),
        REVISION,
        ROUTING);
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), values);
  }
}
