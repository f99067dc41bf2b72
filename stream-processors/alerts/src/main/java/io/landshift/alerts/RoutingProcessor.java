package io.landshift.alerts;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Sends each revision of an alert to those who asked for it.
 *
 * <p>Who has heard of an alert hears of all its later revisions, also where they no longer match;
 * this memory is kept per alert for as long as the subscription exists. Subscriptions that cannot
 * be served become one dead letter each.
 */
final class RoutingProcessor implements Processor<String, Revision, String, Object> {
  private static final Duration REPORT_EVERY = Duration.ofSeconds(1);
  private static final String SEPARATOR = "\n";

  private final EventCodec codec;
  private final DeadLetters deadLetters;
  private final SubscriberTopics topics;
  private ProcessorContext<String, Object> context;
  private KnownSubscriptions subscriptions;
  private KeyValueStore<String, String> listeners;
  private KeyValueStore<String, byte[]> reported;

  RoutingProcessor(EventCodec codec, DeadLetters deadLetters, SubscriberTopics topics) {
    this.codec = codec;
    this.deadLetters = deadLetters;
    this.topics = topics;
  }

  @Initializer
  @Override
  public void init(ProcessorContext<String, Object> context) {
    this.context = context;
    this.subscriptions =
        new KnownSubscriptions(codec, context.getStateStore(AlertsTopology.SUBSCRIPTIONS_STORE));
    this.listeners = context.getStateStore(AlertsTopology.LISTENERS_STORE);
    this.reported = context.getStateStore(AlertsTopology.REPORTED_STORE);
    // A global store's processor may not write: the task of partition 0 reports for all.
    if (context.taskId().partition() == 0) {
      context.schedule(REPORT_EVERY, PunctuationType.WALL_CLOCK_TIME, this::reportRefused);
    }
  }

  @Override
  public void process(Record<String, Revision> record) {
    Set<String> before = listenersOf(record.key());
    Set<String> after = new TreeSet<>();
    for (KnownSubscription subscription : subscriptions.all()) {
      boolean listens = before.contains(subscription.id());
      boolean heard =
          switch (subscription) {
            case KnownSubscription.Served served -> route(served.matcher(), listens, record);
            case KnownSubscription.Refused refused -> false;
          };
      if (listens || heard) {
        after.add(subscription.id());
      }
    }
    if (!after.equals(before)) {
      listeners.put(record.key(), after.isEmpty() ? null : String.join(SEPARATOR, after));
    }
  }

  private boolean route(
      SubscriptionMatcher matcher, boolean listens, Record<String, Revision> record) {
    Revision revision = record.value();
    if (!listens && !matcher.matches(revision.alert().getDetection(), revision.geometry())) {
      return false;
    }
    if (!topics.exists(matcher.topic())) {
      refuse(matcher, revision);
      return false;
    }
    context.forward(
        record.withValue(new Addressed(matcher.topic(), revision.encoded())),
        AlertsTopology.SUBSCRIBERS_SINK);
    return true;
  }

  private void refuse(SubscriptionMatcher matcher, Revision revision) {
    RecordMetadata place = context.recordMetadata().orElseThrow();
    context.forward(
        deadLetters.letter(
            new LandshiftException(
                FailureReason.METADATA_INVALID,
                "topic %s of subscription %s does not exist: create it, then send it the payload,"
                        .formatted(matcher.topic(), matcher.id())
                    + " which is the alert that was missed, or delete the subscription"),
            "publish",
            new DeadLetters.Source(place.topic(), place.partition(), place.offset()),
            revision.alert().getDetection().getGridCode(),
            revision.encoded().get(),
            context.currentSystemTimeMs()),
        AlertsTopology.DEAD_LETTERS_SINK);
  }

  private void reportRefused(long nowMillis) {
    for (KnownSubscription subscription : subscriptions.all()) {
      if (subscription instanceof KnownSubscription.Refused refused) {
        StoredSubscription stored = refused.stored();
        if (!Arrays.equals(reported.get(refused.id()), stored.position())) {
          reported.put(refused.id(), stored.position());
          context.forward(
              deadLetters.letter(
                  refused.fault(),
                  "subscribe",
                  new DeadLetters.Source(
                      Topics.SUBSCRIPTIONS.name(), stored.partition(), stored.offset()),
                  null,
                  stored.value().get(),
                  nowMillis),
              AlertsTopology.DEAD_LETTERS_SINK);
        }
      }
    }
  }

  private Set<String> listenersOf(String alertId) {
    String ids = listeners.get(alertId);
    return ids == null ? Set.of() : new TreeSet<>(Arrays.asList(ids.split(SEPARATOR)));
  }
}
