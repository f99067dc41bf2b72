package io.landshift.detection;

import io.landshift.schemas.Modality;
import io.landshift.schemas.SceneAvailable;

/**
 * Which looks at a chunk may be compared with each other. What radar sees depends on where it looks
 * from, so its looks are grouped by orbit direction and relative orbit; those of other instruments
 * are one group whatever their orbit.
 *
 * @param orbitDirection {@code ascending} or {@code descending}; empty where it does not matter
 * @param relativeOrbit 0 where it does not matter
 */
public record LookGroup(Modality modality, String orbitDirection, int relativeOrbit) {
  static final LookGroup OPTICAL = new LookGroup(Modality.OPTICAL, "", 0);

  static LookGroup of(SceneAvailable scene) {
    boolean radar =
        scene.getBands().stream().anyMatch(band -> band.getModality() == Modality.RADAR);
    if (!radar) {
      return OPTICAL;
    }
    String direction = scene.getOrbitDirection();
    Integer orbit = scene.getRelativeOrbit();
    return new LookGroup(
        Modality.RADAR, direction == null ? "" : direction, orbit == null ? 0 : orbit);
  }
}
