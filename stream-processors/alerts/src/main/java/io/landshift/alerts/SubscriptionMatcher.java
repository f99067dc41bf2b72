package io.landshift.alerts;

import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Subscription;
import io.landshift.schemas.Topics;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

/**
 * A checked subscription that says which detections its subscriber wants to hear of.
 *
 * <p>Immutable and thread-safe. Areas are compared as they are drawn on a plane of longitude and
 * latitude: one that crosses the antimeridian must be cut there into a MultiPolygon, as RFC 7946
 * asks; parts on both sides are then found.
 */
public final class SubscriptionMatcher {
  private final String id;
  private final String topic;
  private final @Nullable PreparedGeometry area;
  private final Set<String> scores;
  private final Set<String> fromClasses;
  private final Set<String> toClasses;
  private final double minimumAreaM2;
  private final boolean confirmedOnly;

  private SubscriptionMatcher(Subscription subscription, @Nullable PreparedGeometry area) {
    this.id = subscription.getId();
    this.topic = Topics.alertsOf(id).name();
    this.area = area;
    this.scores = Set.copyOf(subscription.getScores());
    this.fromClasses = Set.copyOf(subscription.getFromClasses());
    this.toClasses = Set.copyOf(subscription.getToClasses());
    this.minimumAreaM2 = subscription.getMinimumAreaM2();
    this.confirmedOnly = subscription.getConfirmedOnly();
  }

  /**
   * Checks a subscription.
   *
   * @throws LandshiftException METADATA_INVALID where its id names no topic, its area is not a
   *     valid GeoJSON Polygon or MultiPolygon in WGS84, or its minimum area is not 0 or more square
   *     metres
   */
  public static SubscriptionMatcher of(Subscription subscription) {
    double minimum = subscription.getMinimumAreaM2();
    if (!(minimum >= 0 && minimum < Double.POSITIVE_INFINITY)) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "a subscription's minimum area must be 0 or more square metres, not " + minimum);
    }
    String area = subscription.getArea();
    return new SubscriptionMatcher(subscription, area == null ? null : prepared(area));
  }

  private static PreparedGeometry prepared(String text) {
    Geometry area = GeoJson.area(text);
    TopologyValidationError error = new IsValidOp(area).getValidationError();
    if (error != null) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "a subscription's area is not a valid polygon: %s at %s"
              .formatted(error.getMessage(), error.getCoordinate()));
    }
    return PreparedGeometryFactory.prepare(area);
  }

  /** The subscription's id. */
  public String id() {
    return id;
  }

  /** The name of the subscriber's topic. */
  public String topic() {
    return topic;
  }

  /**
   * Whether the subscriber wants to hear of this detection for the first time: all that the
   * subscription states must hold, and a retracted detection is never news. Areas match where they
   * have at least one point in common.
   *
   * @throws LandshiftException METADATA_INVALID where the detection's geometry is not GeoJSON
   */
  public boolean matches(Detection detection) {
    return matches(detection, GeoJson.area(detection.getGeometry()));
  }

  /**
   * @param geometry the detection's geometry, parsed once for many subscriptions
   */
  boolean matches(Detection detection, Geometry geometry) {
    return wantsStatus(detection.getStatus())
        && wants(scores, detection.getScore())
        && wants(fromClasses, detection.getFromClass())
        && wants(toClasses, detection.getToClass())
        && detection.getAreaM2() >= minimumAreaM2
        && (area == null || area.intersects(geometry));
  }

  private boolean wantsStatus(DetectionStatus status) {
    return switch (status) {
      case CONFIRMED, FINISHED -> true;
      case PROVISIONAL, OTHER -> !confirmedOnly;
      case RETRACTED -> false;
    };
  }

  private static boolean wants(Set<String> wanted, String value) {
    return wanted.isEmpty() || wanted.contains(value);
  }
}
