package io.landshift.ops.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.change.ActivePixels;
import io.landshift.change.ReferenceParameters;
import io.landshift.detection.BoundedDetection;
import io.landshift.detection.DetectionSettings;
import io.landshift.detection.DetectionSettings.Product;
import io.landshift.detection.MaskModel;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.model.bundle.ModelKey;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
   * @param targets where the results of each grid go, by grid code
   * @param work folder for what is needed meanwhile; deleted at the end
   * @param modelHref the bundle, or null for the one that is built in
   * @param modelDigest its digest
   * @param modelKey whose signature bundles must have, or null
   * @param maskModel a second opinion on what is clear, or null
   * @param registrationLimit pixels, see {@link DetectionSettings}
   * @param runtime where graphs are computed, named in {@code run.json}
   * @param probabilities whether to write the probability of each land cover class, too
   */
  public record Request(
      Kind kind,
      List<SceneAvailable> scenes,
      Map<String, Target> targets,
      Path work,
      @Nullable String modelHref,
      String modelDigest,
      @Nullable ModelKey modelKey,
      @Nullable MaskModel maskModel,
      double registrationLimit,
      RuntimeOptions runtime,
      boolean probabilities,
      int slots) {}

  /**
   * Where the results of one grid go.
   *
   * @param grid that they are written on: the scenes' own, or the same pixels without a CRS, which
   *     gives no polygons
   * @param notes for people, repeated in {@code run.json}
   */
  public record Target(Path folder, Grid grid, List<String> notes) {
    public Target {
      notes = List.copyOf(notes);
    }
  }

  /**
   * What became of one grid.
   *
   * @param run the content of {@code run.json}; empty after a failure
   * @param outcomes the last one of each scene, in sensing order; none after a failure
   * @param detections the objects that stand at the end
   * @param failure why there are no results, or null
   */
  public record Result(
      Path folder,
      ObjectNode run,
      List<SceneOutcome> outcomes,
      List<Detection> detections,
      @Nullable LandshiftException failure) {
    public Result {
      outcomes = List.copyOf(outcomes);
      detections = List.copyOf(detections);
    }
  }

  private SeriesDetection() {}

  /**
   * Runs, and writes the results of each grid.
   *
   * @param progress is told each outcome as it comes
   * @return one result per target; one that failed does not keep others from being written
   * @throws LandshiftException if no grid has results, with the first one's reason
   */
  public static List<Result> run(Request request, Consumer<SceneOutcome> progress) {
    long started = System.nanoTime();
    List<Result> all = new ArrayList<>();
    try {
      BoundedDetection.Results results =
          BoundedDetection.run(request.scenes(), settings(request), request.slots(), progress);
      double seconds = (System.nanoTime() - started) / 1e9;
      request
          .targets()
          .forEach(
              (gridCode, target) -> all.add(written(request, results, gridCode, target, seconds)));
    } finally {
      delete(request.work());
    }
    LandshiftException first = all.getFirst().failure();
    if (first != null && all.stream().allMatch(result -> result.failure() != null)) {
      throw first;
    }
    return all;
  }

  private static Result written(
      Request request,
      BoundedDetection.Results results,
      String gridCode,
      Target target,
      double seconds) {
    try {
      return write(request, results, gridCode, target, seconds);
    } catch (LandshiftException e) {
      return new Result(target.folder(), JSON.createObjectNode(), List.of(), List.of(), e);
    }
  }

  private static Set<Product> products(Request request, Product... scores) {
    Set<Product> products = EnumSet.of(Product.LAND_COVER, scores);
    if (request.probabilities()) {
      products.add(Product.PROBABILITIES);
    }
    return products;
  }

  private static DetectionSettings settings(Request request) {
    DetectionSettings settings =
        DetectionSettings.standard(
            request.work().resolve("store"), request.work().resolve("products"));
    if (request.modelHref() != null) {
      settings = settings.withModel(request.modelHref(), request.modelDigest());
    }
    settings =
        settings
            .withModelKey(request.modelKey())
            .withMaskModel(request.maskModel())
            .withRegistrationLimit(request.registrationLimit())
            .withRuntime(request.runtime());
    return switch (request.kind()) {
      case SERIES ->
          settings.withProducts(products(request, Product.SCORE, Product.STATUS, Product.DAYS));
      case PAIR ->
          settings
              .withProducts(products(request, Product.SCORE))
              .withReference(ReferenceParameters.everyEarlier())
              .withMask(MaskParameters.DEFAULT.withHazeTest(false).withMinimumClearShare(0))
              .withSuspiciousShare(1)
              .withUncorrectedBands()
              .withObjectsFrom(ActivePixels.From.FIRST_HIGH);
    };
  }

  private static Result write(
      Request request,
      BoundedDetection.Results results,
      String gridCode,
      Target target,
      double seconds) {
    List<SceneAvailable> scenes =
        request.scenes().stream()
            .filter(scene -> scene.getGrid().getCode().equals(gridCode))
            .toList();
    List<SceneOutcome> outcomes = last(results.outcomes(), gridCode);
    requireUse(request.kind(), scenes.size(), outcomes);
    Path folder = target.folder();
    DetectionFolder.of(target.grid(), scenes, outcomes)
        .write(folder, request.kind() == Kind.SERIES);
    List<Detection> standing =
        target.grid().getCrs().isEmpty() ? List.of() : standing(results.detections(), gridCode);
    GeoJsonFiles.writeDetections(folder.resolve("detections.geojson"), standing);
    ObjectNode run = run(request, target, outcomes, standing, seconds);
    GeoJsonFiles.writeJson(folder.resolve("run.json"), run);
    return new Result(folder, run, outcomes, standing, null);
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

  /** Of a series, one scene that is of use will do; of a pair, both must be. */
  private static void requireUse(Kind kind, int scenes, List<SceneOutcome> outcomes) {
    List<SceneOutcome> failed =
        outcomes.stream().filter(outcome -> outcome.getProducts().isEmpty()).toList();
    int needed = kind == Kind.PAIR ? scenes : 1;
    if (outcomes.size() - failed.size() >= needed) {
      return;
    }
    SceneOutcome first = failed.isEmpty() ? null : failed.getFirst();
    FailureReason reason = first == null ? null : first.getReason();
    throw new LandshiftException(
        reason == null ? FailureReason.INTERNAL : reason,
        "%d of %d scenes could not be used: %s"
            .formatted(failed.size(), scenes, first == null ? "" : first.getMessage()));
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

  /** What explains maps that are emptier than a user expects. */
  private static Optional<String> withoutReference(Kind kind, List<SceneOutcome> outcomes) {
    long seen = outcomes.stream().filter(each -> each.getCoverage().getClear() > 0).count();
    long compared = outcomes.stream().filter(each -> each.getCoverage().getMonitored() > 0).count();
    if (kind == Kind.PAIR || compared * 2 >= seen) {
      return Optional.empty();
    }
    return Optional.of(
        ("%d of %d scenes with clear pixels had nothing to be compared with: that takes enough"
                + " clear looks of the same season in earlier years")
            .formatted(seen - compared, seen));
  }

  private static ObjectNode run(
      Request request,
      Target target,
      List<SceneOutcome> outcomes,
      List<Detection> standing,
      double seconds) {
    ObjectNode run = JSON.createObjectNode();
    run.put("kind", request.kind().name().toLowerCase(Locale.ROOT));
    run.put("modelDigest", outcomes.getLast().getModelDigest());
    if (request.maskModel() != null) {
      run.put("maskModelDigest", request.maskModel().digest());
    }
    run.put("provider", request.runtime().provider().name().toLowerCase(Locale.ROOT));
    run.put("crs", target.grid().getCrs());
    ArrayNode notes = run.putArray("notes");
    target.notes().forEach(notes::add);
    withoutReference(request.kind(), outcomes).ifPresent(notes::add);
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
