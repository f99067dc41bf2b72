package io.landshift.alerts;

import io.landshift.schemas.LandshiftException;

/** A subscription as it was found on its topic, checked. */
sealed interface KnownSubscription {
  /** The record's key. */
  String id();

  /** The record that it was made of. */
  StoredSubscription stored();

  /** One that can be served. */
  record Served(String id, StoredSubscription stored, SubscriptionMatcher matcher)
      implements KnownSubscription {}

  /** One that cannot, and why. */
  record Refused(String id, StoredSubscription stored, LandshiftException fault)
      implements KnownSubscription {}
}
