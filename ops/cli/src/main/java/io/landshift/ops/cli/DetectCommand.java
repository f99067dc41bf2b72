package io.landshift.ops.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ingest.scenes.LocalGrid;
import io.landshift.model.bundle.Bundle;
import io.landshift.ops.cli.report.ReportContent;
import io.landshift.ops.cli.report.ReportPicture;
import io.landshift.ops.local.Pair;
import io.landshift.ops.local.PairOptions;
import io.landshift.ops.local.SeriesDetection;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs detection once over given rasters. */
@Command(
    name = "detect",
    description = {
      "Finds change in rasters that you have, without a broker: the same operators, once.",
      "",
      "@|bold detect SERIES --out DIR|@  a STAC collection (folder or zip), Sentinel-2 SAFE"
          + " products, or a folder of dated rasters with a sidecar: every date is compared with the"
          + " same season of earlier years.",
      "@|bold detect BEFORE AFTER --out DIR|@  any two rasters that GDAL reads: the first is the"
          + " reference. Grids that differ are warped onto the first.",
      "@|bold detect --pairs LIST.csv --out DIR|@  many pairs in one start: columns id, before,"
          + " after; results in DIR/id.",
      "",
      "Writes change-score.tif and loss-score.tif (standard deviations, NaN where not valid),"
          + " land-cover.tif, detections.geojson and run.json; for a series also loss-status.tif,"
          + " loss-first-day.tif, loss-confirmed-day.tif and the same for change (days since"
          + " 2014-12-31, -1 where none). One series or pair also gets a picture, report.png."
    })
final class DetectCommand implements Callable<Integer> {
  @Mixin private PairMixin pairMixin;
  @Mixin private MaskModelOption maskModel;
  @Mixin private RegistrationOption registration;
  @Mixin private ProviderOption provider;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      arity = "0..2",
      paramLabel = "SERIES | BEFORE AFTER",
      description = "What to compare.")
  private List<Path> inputs = List.of();

  @Option(names = "--pairs", paramLabel = "LIST.csv", description = "Many pairs in one start.")
  private @Nullable Path pairs;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for results.")
  private Path out;

  @Mixin private ModelOption model;

  @Option(
      names = "--probabilities",
      description = "Write the probability of each land cover class, too.")
  private boolean probabilities;

  @Option(
      names = "--json",
      description = "Print one JSON object at the end: the folders and what is in their run.json.")
  private boolean json;

  /** What the numbers of a pair mean. */
  static final class PairMixin {
    @Option(
        names = "--bands",
        split = ",",
        paramLabel = "B02,B03,...",
        description = "Bands of BEFORE and AFTER, in order; default: the rasters' descriptions.")
    private List<String> bands = List.of();

    @Option(
        names = "--sensor",
        defaultValue = "sentinel-2-msi",
        description = "Default: ${DEFAULT-VALUE}.")
    private String sensor;

    @Option(names = "--scale", defaultValue = "1e-4", description = "Default: ${DEFAULT-VALUE}.")
    private double scale;

    @Option(names = "--offset", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}.")
    private double offset;

    @Option(names = "--nodata", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}.")
    private double nodata;

    @Option(
        names = "--before-date",
        defaultValue = "2019-01-01",
        description = "Date of BEFORE; only its order counts. Default: ${DEFAULT-VALUE}.")
    private LocalDate beforeDate;

    @Option(
        names = "--after-date",
        defaultValue = "2020-01-01",
        description = "Date of AFTER. Default: ${DEFAULT-VALUE}.")
    private LocalDate afterDate;

    PairOptions options() {
      return new PairOptions(sensor, bands, scale, offset, nodata, beforeDate, afterDate);
    }
  }

  @Override
  public Integer call() {
    boolean list = pairs != null;
    if (list == !inputs.isEmpty() || inputs.size() > 2) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "give either a series, two rasters, or --pairs");
    }
    SeriesDetection.Request request = list || inputs.size() == 2 ? pairRequest() : seriesRequest();
    Set<String> said = new HashSet<>();
    request.targets().values().forEach(target -> target.notes().forEach(note -> note(note, said)));
    Progress progress =
        new Progress(spec.commandLine().getErr(), request.scenes().size(), "scenes");
    List<SeriesDetection.Result> results =
        SeriesDetection.run(request, outcome -> progress.step(outcome.getProductId()));
    progress.end();
    results.forEach(result -> tell(result, said));
    if (!list) {
      draw(request, results.getFirst());
    }
    PrintWriter console = spec.commandLine().getOut();
    console.println(json ? json(results) : request.scenes().size() + " scenes -> " + out);
    console.flush();
    return results.stream()
        .map(SeriesDetection.Result::failure)
        .flatMap(Stream::ofNullable)
        .map(failure -> ExitCode.of(failure.reason()))
        .findFirst()
        .orElse(ExitCode.OK);
  }

  private void note(String note, Set<String> said) {
    if (said.add(note)) {
      spec.commandLine().getErr().println("note: " + note);
    }
  }

  private void tell(SeriesDetection.Result result, Set<String> said) {
    result.run().path("notes").forEach(note -> note(note.asText(), said));
    LandshiftException failure = result.failure();
    if (failure != null) {
      spec.commandLine()
          .getErr()
          .println(result.folder() + " is left out: " + failure.getMessage());
    }
  }

  /** A picture is for people; where there is none, the results are as good. */
  private void draw(SeriesDetection.Request request, SeriesDetection.Result result) {
    Optional<RunPicture.Span> span = RunPicture.span(result.outcomes());
    if (span.isEmpty()) {
      return;
    }
    try {
      ReportPicture.write(
          content(request, result, span.get()), result.folder().resolve("report.png"));
    } catch (LandshiftException e) {
      spec.commandLine().getErr().println("note: no report.png: " + e.getMessage());
    }
  }

  private ReportContent content(
      SeriesDetection.Request request, SeriesDetection.Result result, RunPicture.Span span) {
    Map<String, SceneAvailable> scenes = new HashMap<>();
    request.scenes().forEach(scene -> scenes.put(scene.getProductId(), scene));
    Grid grid = request.scenes().getFirst().getGrid();
    RunPicture picture = RunPicture.of(grid);
    long confirmed =
        result.detections().stream()
            .filter(detection -> detection.getConfirmedDate() != null)
            .count();
    boolean placed = !request.targets().values().iterator().next().grid().getCrs().isEmpty();
    SceneAvailable after = Objects.requireNonNull(scenes.get(span.after().getProductId()));
    return new ReportContent(
        inputs.stream()
            .map(input -> String.valueOf(input.toAbsolutePath().normalize().getFileName()))
            .collect(Collectors.joining(" to ")),
        "%d scenes, %d objects, %d of them confirmed"
            .formatted(result.outcomes().size(), result.detections().size(), confirmed),
        picture.trueColour(Objects.requireNonNull(scenes.get(span.before().getProductId()))),
        picture.trueColour(after),
        placed ? picture.grid().getPixelSize() : 0,
        result.detections().stream().map(picture::outline).toList(),
        result.outcomes().stream().map(RunPicture::sceneDate).toList(),
        after.getSensor().startsWith("sentinel-")
            ? "Contains modified Copernicus Sentinel data"
            : "");
  }

  private static ObjectNode json(List<SeriesDetection.Result> results) {
    ObjectNode document = new ObjectMapper().createObjectNode();
    ArrayNode array = document.putArray("results");
    for (SeriesDetection.Result result : results) {
      ObjectNode node = array.addObject().put("folder", result.folder().toString());
      LandshiftException failure = result.failure();
      if (failure == null) {
        node.set("run", result.run());
      } else {
        node.put("reason", failure.reason().name()).put("message", failure.detail());
      }
    }
    return document;
  }

  private SeriesDetection.Request pairRequest() {
    PairOptions options = pairMixin.options();
    if (!options.beforeDate().isBefore(options.afterDate())) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--before-date must be earlier than --after-date");
    }
    List<Pair> all =
        pairs != null
            ? Pair.readList(pairs)
            : List.of(new Pair("pair", inputs.getFirst(), inputs.getLast()));
    List<SceneAvailable> scenes = new ArrayList<>();
    Map<String, SeriesDetection.Target> targets = new LinkedHashMap<>();
    for (Pair pair : all) {
      Pair.Placed placed = pair.place(options);
      scenes.addAll(placed.scenes());
      targets.put(
          placed.scenes().getFirst().getGrid().getCode(),
          new SeriesDetection.Target(
              pairs != null ? out.resolve(pair.id()) : out, placed.grid(), placed.notes()));
    }
    return request(SeriesDetection.Kind.PAIR, scenes, targets);
  }

  private SeriesDetection.Request seriesRequest() {
    List<SceneAvailable> found = read(inputs.getFirst());
    found.sort(
        Comparator.comparing(SceneAvailable::getSensingTime)
            .thenComparing(SceneAvailable::getProductId));
    Grid grid = LocalGrid.ofFirst(found);
    List<SceneAvailable> scenes = LocalGrid.onto(grid, found);
    return request(
        SeriesDetection.Kind.SERIES,
        scenes,
        Map.of(grid.getCode(), new SeriesDetection.Target(out, grid, List.of())));
  }

  private SeriesDetection.Request request(
      SeriesDetection.Kind kind,
      List<SceneAvailable> scenes,
      Map<String, SeriesDetection.Target> targets) {
    Bundle bundle = model.bundle();
    return new SeriesDetection.Request(
        kind,
        scenes,
        targets,
        out.resolve(".landshift"),
        model.href(),
        bundle.digest(),
        model.key(),
        maskModel.model(model.key()),
        registration.limit(),
        provider.settle(bundle),
        probabilities,
        Runtime.getRuntime().availableProcessors());
  }

  private List<SceneAvailable> read(Path series) {
    List<SceneAvailable> scenes;
    try (SceneSource source = Sources.of(series)) {
      scenes =
          source.scenes(
              failure -> spec.commandLine().getErr().println("left out: " + failure.message()));
    }
    if (scenes.isEmpty()) {
      throw new LandshiftException(FailureReason.ASSETS_ABSENT, "no scene in " + series);
    }
    return scenes;
  }
}
