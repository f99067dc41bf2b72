package io.landshift.alerts;

import io.landshift.schemas.LandshiftException;

/** Knows which subscribers' topics there are. Implementations are thread-safe. */
@FunctionalInterface
public interface SubscriberTopics {
  /**
   * Whether this topic exists, so that a record may be sent to it.
   *
   * @throws LandshiftException SERVICE_UNAVAILABLE where the broker does not say
   */
  boolean exists(String topic);
}
