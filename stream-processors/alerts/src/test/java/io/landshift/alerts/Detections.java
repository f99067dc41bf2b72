package io.landshift.alerts;

import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.StageTimes;
import java.time.Instant;
import java.time.LocalDate;

/** Detections for tests: a hectare of forest near 25.1 E, 47.1 N, first seen on 2019-07-14. */
final class Detections {
  static final String ID = "MGRS-35TLM:vegetation-loss:20190714:412:77";
  static final String GRID = "MGRS-35TLM";
  private static final Instant SENSED = Instant.parse("2019-07-14T09:20:31Z");

  private Detections() {}

  static Detection.Builder provisional() {
    return Detection.newBuilder()
        .setObjectId(ID)
        .setRevision(1)
        .setGridCode(GRID)
        .setScore("vegetation-loss")
        .setStatus(DetectionStatus.PROVISIONAL)
        .setGeometry(square(25.1, 47.1, 25.102, 47.101))
        .setAreaM2(10_000)
        .setFromClass("tree-cover")
        .setToClass("bare")
        .setMeanScore(4.5)
        .setMaxScore(6)
        .setFirstDate(LocalDate.of(2019, 7, 14))
        .setLatestDate(LocalDate.of(2019, 7, 19))
        .setModelDigest("ab12")
        .setTimes(times(0));
  }

  static Detection.Builder confirmed() {
    return provisional()
        .setRevision(2)
        .setStatus(DetectionStatus.CONFIRMED)
        .setConfirmedDate(LocalDate.of(2019, 7, 29));
  }

  static Detection.Builder finished() {
    return confirmed()
        .setRevision(3)
        .setStatus(DetectionStatus.FINISHED)
        .setFinishedDate(LocalDate.of(2019, 10, 1));
  }

  static Detection.Builder retracted() {
    return provisional().setRevision(2).setStatus(DetectionStatus.RETRACTED);
  }

  static StageTimes times(int later) {
    return StageTimes.newBuilder().setSensed(SENSED).setFolded(SENSED.plusSeconds(later)).build();
  }

  /** A GeoJSON rectangle. */
  static String square(double west, double south, double east, double north) {
    return "{\"type\":\"Polygon\",\"coordinates\":[%s]}".formatted(ring(west, south, east, north));
  }

  static String ring(double west, double south, double east, double north) {
    return "[[%1$s,%2$s],[%3$s,%2$s],[%3$s,%4$s],[%1$s,%4$s],[%1$s,%2$s]]"
        .formatted(west, south, east, north);
  }
}
