package io.landshift.ops.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.change.ActivePixels;
import io.landshift.detection.BoundedDetection;
import io.landshift.detection.DetectionSettings;
import io.landshift.detection.DetectionSettings.Product;
import io.landshift.detection.LookChoice;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs the detection job once over given scenes and leaves maps, objects and figures in folders.
 */
public final class SeriesDetection {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How scenes are compared. */
  public enum Kind {
    /** Many dates: season, lifecycle and all. */
    SERIES,
    /** Two dates: the first is the reference of the second. */
    PAIR
  }

  /**
   * What to do.
   *
   * @param scenes of one or more grids
   * @param folders where the results of each grid go, by grid code
   * @param work folder for what is needed meanwhile; deleted at the end
   * @param modelHref the bundle, or null for the one that is built in
   * @param modelDigest its digest
   */
  public record Request(
      Kind kind,
      List<SceneAvailable> scenes,
      Map<String, Path> folders,
      Path work,
      @org.jspecify.annotations.Nullable String modelHref,
      String modelDigest,
      int slots) {}

  private SeriesDetection() {}

  /**
   * Runs, and returns the outcomes.
   *
   * @param progress is told each outcome as it comes
   * @throws LandshiftException if nothing of a grid could be used, with the scenes' reason
   */
  public static List<SceneOutcome> run(Request request, Consumer<SceneOutcome> progress) {
    long started = System.nanoTime();
    try {
      BoundedDetection.Results results =
          BoundedDetection.run(request.scenes(), settings(request), request.slots(), progress);
      double seconds = (System.nanoTime() - started) / 1e9;
      request
          .folders()
          .forEach((gridCode, folder) -> write(request, results, gridCode, folder, seconds));
      return results.outcomes();
    } finally {
      delete(request.work());
    }
  }

  private static DetectionSettings settings(Request request) {
    DetectionSettings settings =
        DetectionSettings.standard(
            request.work().resolve("store"), request.work().resolve("products"));
    if (request.modelHref() != null) {
      settings = settings.withModel(request.modelHref(), request.modelDigest());
    }
    return switch (request.kind()) {
      case SERIES ->
          settings.withProducts(
              Set.of(Product.LAND_COVER, Product.SCORE, Product.STATUS, Product.DAYS));
      case PAIR ->
          settings
              .withProducts(Set.of(Product.LAND_COVER, Product.SCORE))
              .withReference(LookChoice.everyEarlier())
              .withMask(MaskParameters.DEFAULT.withHazeTest(false).withMinimumClearShare(0))
              .withSuspiciousShare(1)
              .withUncorrectedBands()
              .withObjectsFrom(ActivePixels.From.FIRST_HIGH);
    };
  }

  private static void write(
      Request request,
      BoundedDetection.Results results,
      String gridCode,
      Path folder,
      double seconds) {
    List<SceneAvailable> scenes =
        request.scenes().stream()
            .filter(scene -> scene.getGrid().getCode().equals(gridCode))
            .toList();
    List<SceneOutcome> outcomes = last(results.outcomes(), gridCode);
    requireAny(scenes, outcomes);
    DetectionFolder.of(scenes, outcomes).write(folder, request.kind() == Kind.SERIES);
    List<Detection> standing = standing(results.detections(), gridCode);
    GeoJsonFiles.writeDetections(folder.resolve("detections.geojson"), standing);
    GeoJsonFiles.writeJson(folder.resolve("run.json"), run(request, outcomes, standing, seconds));
  }

  /** The last outcome of each scene, in sensing order. */
  private static List<SceneOutcome> last(List<SceneOutcome> outcomes, String gridCode) {
    Map<String, SceneOutcome> byProduct = new LinkedHashMap<>();
    for (SceneOutcome outcome : outcomes) {
      if (outcome.getGridCode().equals(gridCode)) {
        byProduct.put(outcome.getProductId(), outcome);
      }
    }
    List<SceneOutcome> ordered = new ArrayList<>(byProduct.values());
    ordered.sort(
        Comparator.comparing(SceneOutcome::getSensingTime)
            .thenComparing(SceneOutcome::getProductId));
    return ordered;
  }

  private static void requireAny(List<SceneAvailable> scenes, List<SceneOutcome> outcomes) {
    boolean any = outcomes.stream().anyMatch(outcome -> !outcome.getProducts().isEmpty());
    if (!any) {
      SceneOutcome first = outcomes.isEmpty() ? null : outcomes.getFirst();
      FailureReason reason = first == null ? null : first.getReason();
      throw new LandshiftException(
          reason == null ? FailureReason.INTERNAL : reason,
          "none of %d scenes could be used: %s"
              .formatted(scenes.size(), first == null ? "" : first.getMessage()));
    }
  }

  private static List<Detection> standing(List<Detection> detections, String gridCode) {
    Map<String, Detection> byId = new LinkedHashMap<>();
    for (Detection detection : detections) {
      if (detection.getGridCode().equals(gridCode)) {
        byId.put(detection.getObjectId(), detection);
      }
    }
    return byId.values().stream()
        .filter(detection -> detection.getStatus() != DetectionStatus.RETRACTED)
        .toList();
  }

  private static ObjectNode run(
      Request request, List<SceneOutcome> outcomes, List<Detection> standing, double seconds) {
    ObjectNode run = JSON.createObjectNode();
    run.put("kind", request.kind().name().toLowerCase(java.util.Locale.ROOT));
    run.put("modelDigest", outcomes.getLast().getModelDigest());
    run.put("detections", standing.size());
    run.put("seconds", Math.round(seconds * 1000) / 1000.0);
    ObjectNode stages = run.putObject("secondsByStage");
    SceneFigures.secondsByStage(outcomes).forEach(stages::put);
    ArrayNode scenes = run.putArray("scenes");
    outcomes.forEach(outcome -> scenes.add(SceneFigures.json(outcome)));
    return run;
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
