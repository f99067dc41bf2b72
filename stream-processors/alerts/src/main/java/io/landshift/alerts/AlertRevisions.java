package io.landshift.alerts;

import io.landshift.schemas.Alert;
import io.landshift.schemas.AlertEvent;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a snapshot of an object says that was not known before. Pure. */
final class AlertRevisions {
  private AlertRevisions() {}

  /**
   * The revision of an alert that a snapshot makes.
   *
   * <ul>
   *   <li>The first snapshot of an object opens its alert, whatever its status; only a retracted
   *       object that nobody has heard of makes none.
   *   <li>A snapshot equal to the previous one in all but the times of its stages makes none: it
   *       was delivered twice, or made again by a replay.
   *   <li>A snapshot whose status turned confirmed, finished or retracted says so; any other one is
   *       an update. The newest snapshot is right, also where a late scene lowered its revision.
   * </ul>
   *
   * @param previous the last snapshot of the object, null where this is the first
   */
  static Optional<Alert> next(@Nullable Detection previous, Detection snapshot) {
    if (previous == null) {
      return snapshot.getStatus() == DetectionStatus.RETRACTED
          ? Optional.empty()
          : Optional.of(alert(AlertEvent.OPENED, snapshot));
    }
    if (equalButForTimes(previous, snapshot)) {
      return Optional.empty();
    }
    boolean turned = previous.getStatus() != snapshot.getStatus();
    return Optional.of(
        alert(turned ? turnedTo(snapshot.getStatus()) : AlertEvent.UPDATED, snapshot));
  }

  private static AlertEvent turnedTo(DetectionStatus status) {
    return switch (status) {
      case CONFIRMED -> AlertEvent.CONFIRMED;
      case FINISHED -> AlertEvent.FINISHED;
      case RETRACTED -> AlertEvent.RETRACTED;
      case PROVISIONAL, OTHER -> AlertEvent.UPDATED;
    };
  }

  private static boolean equalButForTimes(Detection one, Detection other) {
    return Detection.newBuilder(other).setTimes(one.getTimes()).build().equals(one);
  }

  private static Alert alert(AlertEvent event, Detection snapshot) {
    return Alert.newBuilder()
        .setAlertId(snapshot.getObjectId())
        .setRevision(snapshot.getRevision())
        .setEvent(event)
        .setDetection(snapshot)
        .build();
  }
}
