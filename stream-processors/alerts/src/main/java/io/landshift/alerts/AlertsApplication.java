package io.landshift.alerts;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import io.landshift.schemas.wire.EventCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running topology: owns its threads and clients from {@link #start} to {@link #close}.
 *
 * <p>The topics of {@link Topics} must exist before it starts. A thread that fails for want of a
 * resource is replaced and goes on from the last commit; after {@value #RESTARTS} replacements in
 * ten minutes the application stops and {@link #failure} says why. A service that does not answer,
 * as a schema registry, is waited for without end. Thread-safe.
 */
public final class AlertsApplication implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertsApplication.class);
  private static final int RESTARTS = 10;
  private static final Duration RESTART_WINDOW = Duration.ofMinutes(10);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);

  private final KafkaStreams streams;
  private final Admin admin;
  private final RestartBudget budget =
      new RestartBudget(RESTARTS, RESTART_WINDOW, InstantSource.system());
  private final AtomicReference<@Nullable Throwable> lastFailure = new AtomicReference<>();
  private final CountDownLatch runningOrFailed = new CountDownLatch(1);

  private AlertsApplication(AlertsSettings settings, EventCodec codec) {
    Properties adminProperties = new Properties();
    adminProperties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    this.admin = Admin.create(adminProperties);
    try {
      SubscriberTopics topics = new AdminSubscriberTopics(admin);
      requireTopics(topics);
      this.streams =
          new KafkaStreams(
              AlertsTopology.build(codec, topics, settings.codeVersion()),
              settings.streamsProperties(),
              new LeavingClients());
    } catch (RuntimeException e) {
      admin.close();
      throw e;
    }
  }

  /** Streams would say it late, often and in other words. */
  private static void requireTopics(SubscriberTopics topics) {
    List<String> missing =
        Stream.of(Topics.DETECTIONS, Topics.SUBSCRIPTIONS, Topics.ALERTS, Topics.DEAD_LETTERS)
            .map(Topic::name)
            .filter(topic -> !topics.exists(topic))
            .toList();
    if (!missing.isEmpty()) {
      throw new LandshiftException(
          FailureReason.SERVICE_UNAVAILABLE,
          "topics %s do not exist: create the topics of the catalogue first".formatted(missing));
    }
  }

  /**
   * Starts the application and returns when it knows the subscriptions; {@link #awaitRunning} waits
   * until it works.
   *
   * @param codec decodes what comes and encodes what goes
   * @throws LandshiftException SERVICE_UNAVAILABLE where Kafka does not answer or a topic that it
   *     needs does not exist
   */
  public static AlertsApplication start(AlertsSettings settings, EventCodec codec) {
    AlertsApplication application = new AlertsApplication(settings, codec);
    application.start();
    return application;
  }

  /** Starts the application with the default settings and the version that stands in its jar. */
  public static AlertsApplication start(
      String bootstrapServers, Path stateDirectory, EventCodec codec) {
    String version = AlertsApplication.class.getPackage().getImplementationVersion();
    return start(
        AlertsSettings.of(
            bootstrapServers, stateDirectory, version == null ? "development" : version),
        codec);
  }

  private void start() {
    streams.setUncaughtExceptionHandler(this::replaceOrStop);
    streams.setStateListener((now, before) -> {
      if (now == KafkaStreams.State.RUNNING || now == KafkaStreams.State.ERROR) {
        runningOrFailed.countDown();
      }
    });
    try {
      streams.start();
    } catch (RuntimeException e) {
      close();
      throw new LandshiftException(
          FailureReason.SERVICE_UNAVAILABLE,
          "the alerts application cannot read its subscriptions: check that Kafka runs",
          e);
    }
  }

  private StreamThreadExceptionResponse replaceOrStop(Throwable cause) {
    lastFailure.set(cause);
    if (isAwayService(cause) || budget.spend()) {
      LOG.warn("A thread of the alerts application failed and is replaced", cause);
      pause();
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    LOG.error("The alerts application failed too often and stops", cause);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private static boolean isAwayService(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof LandshiftException typed
          && typed.reason() == FailureReason.SERVICE_UNAVAILABLE) {
        return true;
      }
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(RESTART_PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until the application has its partitions and state and processes records.
   *
   * @throws LandshiftException INTERNAL where it has failed or is not there in time
   */
  public void awaitRunning(Duration atMost) {
    try {
      if (runningOrFailed.await(atMost.toMillis(), TimeUnit.MILLISECONDS) && isAlive()) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new LandshiftException(
        FailureReason.INTERNAL,
        "the alerts application does not run after %d s (%s): see the log; do its topics exist?"
            .formatted(atMost.toSeconds(), streams.state()),
        lastFailure.get());
  }

  /** Whether it runs or is about to: false once it has failed or was closed. */
  public boolean isAlive() {
    return switch (streams.state()) {
      case CREATED, REBALANCING, RUNNING -> true;
      case PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR -> false;
    };
  }

  /** Why it stopped by itself; empty while it runs and where it was closed. */
  public Optional<Throwable> failure() {
    return switch (streams.state()) {
      case PENDING_ERROR, ERROR -> Optional.ofNullable(lastFailure.get());
      case CREATED, REBALANCING, RUNNING, PENDING_SHUTDOWN, NOT_RUNNING -> Optional.empty();
    };
  }

  /** Commits, leaves the group so that a successor need not wait, and frees all. Idempotent. */
  @Override
  public void close() {
    boolean closed =
        streams.close(
            CloseOptions.timeout(CLOSE_WITHIN)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    if (!closed) {
      LOG.warn("The alerts application did not stop within {}", CLOSE_WITHIN);
    }
    admin.close();
  }
}
