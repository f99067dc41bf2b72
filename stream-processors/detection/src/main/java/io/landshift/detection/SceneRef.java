package io.landshift.detection;

import io.landshift.schemas.SceneAvailable;
import java.time.Instant;

/**
 * Which scene: one generation of one product on one grid.
 *
 * @param attempt raised by a deliberate replay
 */
public record SceneRef(
    String gridCode, String productId, long generation, int attempt, Instant sensingTime) {

  /** The reference of an announced scene. */
  public static SceneRef of(SceneAvailable scene) {
    return new SceneRef(
        scene.getGrid().getCode(),
        scene.getProductId(),
        scene.getGeneration(),
        scene.getAttempt(),
        scene.getSensingTime());
  }

  /** The key of everything that is kept per scene. */
  public String key() {
    return gridCode + '|' + productId + '|' + generation + '|' + attempt;
  }

  /** Sorts as text in sensing order; equal sensing times are ordered by product id. */
  public String sensingOrder() {
    // The sign bit is turned, so that times before 1970 come first.
    return "%016x|%s".formatted(sensingTime.toEpochMilli() ^ Long.MIN_VALUE, productId);
  }
}
