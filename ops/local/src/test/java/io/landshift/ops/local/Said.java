package io.landshift.ops.local;

import io.landshift.schemas.Alert;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.StageTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a run of the pipeline has said, without what may differ between two runs over the same
 * scenes: the times of the stages, how long they took, how often blocks were decoded, and the
 * folder of the products.
 *
 * <p>Pure functions, but for the reading of files.
 */
final class Said {
  private static final StageTimes NO_TIMES =
      new StageTimes(Instant.EPOCH, null, null, null, null, null);

  private Said() {}

  /** The last state of each object. */
  static Map<String, Detection> lastDetections(List<Detection> detections) {
    Map<String, Detection> last = new TreeMap<>();
    detections.forEach(each -> last.put(each.getObjectId(), timeless(each)));
    return last;
  }

  /** The last state of each object that was not taken back. */
  static Map<String, Detection> standing(List<Detection> detections) {
    Map<String, Detection> last = lastDetections(detections);
    last.values().removeIf(each -> each.getStatus() == DetectionStatus.RETRACTED);
    return last;
  }

  /** The object of the last revision of each alert that was not taken back. */
  static Map<String, Detection> standingAlerts(List<Alert> alerts) {
    Map<String, Detection> last = new TreeMap<>();
    alerts.forEach(each -> last.put(each.getAlertId(), timeless(each.getDetection())));
    last.values().removeIf(each -> each.getStatus() == DetectionStatus.RETRACTED);
    return last;
  }

  static Detection timeless(Detection detection) {
    return Detection.newBuilder(detection).setTimes(NO_TIMES).build();
  }

  /** The last outcome of each product. */
  static Map<String, SceneOutcome> lastOutcomes(List<SceneOutcome> outcomes) {
    Map<String, SceneOutcome> last = new TreeMap<>();
    outcomes.forEach(each -> last.put(each.getProductId(), timeless(each)));
    return last;
  }

  private static SceneOutcome timeless(SceneOutcome outcome) {
    Map<String, String> products = new TreeMap<>();
    outcome.getProducts().forEach((name, file) -> products.put(name, tail(file)));
    return SceneOutcome.newBuilder(outcome)
        .setTimes(NO_TIMES)
        .setSeconds(Map.of())
        .setBlocksDecoded(0)
        .setBlocksDistinct(0)
        .setProducts(products)
        .setItemHref(outcome.getItemHref() == null ? null : tail(outcome.getItemHref()))
        .build();
  }

  /** Grid, product, generation and file. */
  private static String tail(String file) {
    Path path = Path.of(file);
    return path.subpath(path.getNameCount() - 4, path.getNameCount()).toString();
  }

  /** The digest of every file below a folder, by its path in it. */
  static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        digests.put(folder.relativize(file).toString(), digest(Files.readAllBytes(file)));
      }
    }
    return digests;
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
