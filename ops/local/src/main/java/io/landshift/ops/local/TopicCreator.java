package io.landshift.ops.local;

import static java.util.Objects.requireNonNull;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates topics as the catalogue describes them. Repeating it, also at the same time from
 * elsewhere, is harmless.
 *
 * <p>A topic that is there is never changed: whoever runs the cluster may have tuned it. What would
 * break Landshift is refused, anything else that differs is logged. As thread-safe as its client.
 */
public final class TopicCreator {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCreator.class);
  private static final int REPLICAS = 3;
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Admin admin;

  /**
   * @param admin stays the caller's, who closes it
   */
  public TopicCreator(Admin admin) {
    this.admin = admin;
  }

  /**
   * Creates those that are missing, with as many replicas as the cluster has brokers, at most 3,
   * and returns when a client that asks for them finds them.
   *
   * @throws LandshiftException SERVICE_UNAVAILABLE where Kafka does not answer or refuses,
   *     METADATA_INVALID where a topic is there whose clean-up would lose or keep what it must not
   */
  public void create(Collection<Topic> topics) {
    Set<String> existing = get(admin.listTopics().names());
    List<Topic> missing = topics.stream().filter(t -> !existing.contains(t.name())).toList();
    if (!missing.isEmpty()) {
      createMissing(missing);
    }
    List<Topic> found = topics.stream().filter(t -> existing.contains(t.name())).toList();
    if (!found.isEmpty()) {
      check(found);
    }
  }

  private void createMissing(List<Topic> missing) {
    int replicas = Math.min(REPLICAS, get(admin.describeCluster().nodes()).size());
    Map<String, KafkaFuture<Void>> results =
        admin.createTopics(missing.stream().map(t -> newTopic(t, replicas)).toList()).values();
    for (Map.Entry<String, KafkaFuture<Void>> result : results.entrySet()) {
      try {
        get(result.getValue());
        LOG.info("created topic {} with {} replica(s)", result.getKey(), replicas);
      } catch (LandshiftException e) {
        // Somebody else was quicker.
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
    awaitVisible(missing.stream().map(Topic::name).toList());
  }

  /** Brokers hear of a new topic a little after its creation is acknowledged. */
  private void awaitVisible(List<String> names) {
    long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
    while (true) {
      try {
        get(admin.describeTopics(names).allTopicNames());
        return;
      } catch (LandshiftException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  private static NewTopic newTopic(Topic topic, int replicas) {
    Map<String, String> configs = new HashMap<>(topic.configs());
    if (replicas == REPLICAS) {
      // An acknowledged record survives the loss of one broker.
      configs.put("min.insync.replicas", "2");
    }
    return new NewTopic(topic.name(), topic.partitions(), (short) replicas).configs(configs);
  }

  private void check(List<Topic> found) {
    List<String> names = found.stream().map(Topic::name).toList();
    Map<String, TopicDescription> descriptions = get(admin.describeTopics(names).allTopicNames());
    Map<ConfigResource, Config> configs =
        get(admin.describeConfigs(names.stream().map(TopicCreator::resource).toList()).all());
    for (Topic topic : found) {
      int partitions = requireNonNull(descriptions.get(topic.name())).partitions().size();
      if (partitions != topic.partitions()) {
        LOG.info(
            "topic {} has {} partitions, the catalogue says {}",
            topic.name(),
            partitions,
            topic.partitions());
      }
      checkConfigs(topic, requireNonNull(configs.get(resource(topic.name()))));
    }
  }

  private static void checkConfigs(Topic topic, Config actual) {
    topic
        .configs()
        .forEach((key, expected) -> {
          ConfigEntry entry = actual.get(key);
          if (entry == null || expected.equals(entry.value())) {
            return;
          }
          if (key.equals("cleanup.policy")) {
            throw new LandshiftException(
                FailureReason.METADATA_INVALID,
                "topic %s has cleanup.policy %s, Landshift needs %s: change it with Kafka's tools"
                    .formatted(topic.name(), entry.value(), expected));
          }
          LOG.info(
              "topic {} has {} {}, the catalogue says {}",
              topic.name(),
              key,
              entry.value(),
              expected);
        });
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("the wait for it was interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw unavailable(String.valueOf(cause.getMessage()), cause);
    }
  }

  private static LandshiftException unavailable(String what, Throwable cause) {
    return new LandshiftException(
        FailureReason.SERVICE_UNAVAILABLE,
        "Kafka did not create the topics ("
            + what
            + "): check that it runs, its address, and the rights on it",
        cause);
  }
}
