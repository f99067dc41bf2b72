package io.landshift.alerts;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the broker, and believes a yes for 30 s and a no for 1 s.
 *
 * <p>A yes must not be believed for longer than a producer waits for a topic (60 s): so a topic
 * that is deleted stops the stream at most once. Does not own the client.
 */
final class AdminSubscriberTopics implements SubscriberTopics {
  private static final Duration BELIEVE_YES = Duration.ofSeconds(10);
  private static final Duration BELIEVE_NO = Duration.ofSeconds(1);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

  private final Admin admin;
  private final ConcurrentMap<String, Answer> answers = new ConcurrentHashMap<>();

  AdminSubscriberTopics(Admin admin) {
    this.admin = admin;
  }

  @Override
  public boolean exists(String topic) {
    Answer known = answers.get(topic);
    if (known != null && known.isFresh(System.nanoTime())) {
      return known.exists();
    }
    Answer answer = new Answer(ask(topic), System.nanoTime());
    answers.put(topic, answer);
    return answer.exists();
  }

  private boolean ask(String topic) {
    try {
      admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw unavailable(topic, e);
    } catch (TimeoutException e) {
      throw unavailable(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(topic, e);
    }
  }

  private static LandshiftException unavailable(String topic, Exception cause) {
    return new LandshiftException(
        FailureReason.SERVICE_UNAVAILABLE,
        "the broker does not say whether topic " + topic + " exists: check that it runs",
        cause);
  }

  private record Answer(boolean exists, long nanoTime) {
    boolean isFresh(long now) {
      return now - nanoTime < (exists ? BELIEVE_YES : BELIEVE_NO).toNanos();
    }
  }
}
