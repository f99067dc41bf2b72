package io.landshift.schemas;

import io.landshift.schemas.wire.EventCodec;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The catalogue of topics: the only place where a topic's name and settings stand. Topics are
 * created and TOPICS.md is generated from it.
 */
public final class Topics {
  private static final int MEBIBYTE = 1 << 20;
  private static final Pattern SUBSCRIPTION_ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** A record that was sent again carries the number of its dead letter under this name. */
  public static final String REPLAY_HEADER = "landshift-replay-of";

  public static final Topic SCENES =
      new Topic(
          "scenes",
          "grid code",
          SceneAvailable.class,
          4,
          Topic.FOREVER,
          false,
          MEBIBYTE,
          List.of("ingest"),
          List.of("detection"),
          "What there is to process. Kept without an end: reading it from the start rebuilds all"
              + " else.");

  public static final Topic SCENE_OUTCOMES =
      new Topic(
          "scene-outcomes",
          "grid code",
          SceneOutcome.class,
          4,
          Duration.ofDays(365),
          false,
          MEBIBYTE,
          List.of("detection"),
          List.of("the command line"),
          "How the processing of each scene ended, also when nothing changed.");

  public static final Topic DETECTIONS =
      new Topic(
          "detections",
          "object id",
          Detection.class,
          4,
          Duration.ofDays(90),
          false,
          4 * MEBIBYTE,
          List.of("detection"),
          List.of("alerts"),
          "Snapshots of disturbed objects in the order in which they became known. The latest of an"
              + " object counts; repeating one is harmless.");

  public static final Topic ALERTS =
      new Topic(
          "alerts",
          "alert id",
          Alert.class,
          4,
          Topic.FOREVER,
          true,
          5 * MEBIBYTE,
          List.of("alerts"),
          List.of("the command line", "the console"),
          "The last revision of every alert. A reader of all of it knows the state of the land.");

  public static final Topic SUBSCRIPTIONS =
      new Topic(
          "subscriptions",
          "subscription id",
          Subscription.class,
          1,
          Topic.FOREVER,
          true,
          MEBIBYTE,
          List.of("the command line"),
          List.of("alerts"),
          "Who wants to hear of what. A record without value ends the subscription.");

  public static final Topic MODEL_RELEASES =
      new Topic(
          "model-releases",
          "model name",
          ModelRelease.class,
          1,
          Topic.FOREVER,
          true,
          MEBIBYTE,
          List.of("training", "the command line"),
          List.of("detection"),
          "Which bundle is in service. Pinned by a scene when it is planned.");

  public static final Topic FEEDBACK =
      new Topic(
          "feedback",
          "alert id",
          Feedback.class,
          4,
          Topic.FOREVER,
          false,
          MEBIBYTE,
          List.of("the command line", "the console"),
          List.of("training"),
          "What people on the ground say of alerts: labels for better bundles.");

  public static final Topic DEAD_LETTERS =
      new Topic(
          "dead-letters",
          "grid code, or the source topic where no grid is known",
          DeadLetter.class,
          1,
          Duration.ofDays(90),
          false,
          EventCodec.MAXIMUM_BYTES,
          List.of("ingest", "detection", "alerts"),
          List.of("the command line"),
          "What could not be processed, with reason and payload. The stream went on.");

  /** The fixed topics, in the order in which a scene touches them. */
  public static List<Topic> all() {
    return List.of(
        SCENES,
        SCENE_OUTCOMES,
        DETECTIONS,
        ALERTS,
        SUBSCRIPTIONS,
        MODEL_RELEASES,
        FEEDBACK,
        DEAD_LETTERS);
  }

  /**
   * The topic of a subscriber, {@code alerts.ID}. Whoever publishes a subscription creates this
   * topic first.
   *
   * @param subscriptionId 1..63 lower-case letters, digits and dashes, no dash first
   * @throws LandshiftException METADATA_INVALID where the id is not of this form
   */
  public static Topic alertsOf(String subscriptionId) {
    if (!SUBSCRIPTION_ID.matcher(subscriptionId).matches()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "a subscription's id has 1 to 63 lower-case letters, digits and dashes and does not start"
              + " with a dash; this one is '%.100s'".formatted(subscriptionId));
    }
    return subscriberTopic(subscriptionId);
  }

  static Topic subscriberTopic(String subscriptionId) {
    return new Topic(
        ALERTS.name() + "." + subscriptionId,
        "alert id",
        Alert.class,
        1,
        Duration.ofDays(30),
        false,
        ALERTS.maximumBytes(),
        List.of("alerts"),
        List.of("the subscriber"),
        "Every revision of the alerts that the subscription asks for, in one order. Once a subscriber"
            + " has heard of an alert, he hears of all its later revisions.");
  }

  private Topics() {}
}
