package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.Provider;
import io.landshift.model.inference.RuntimeOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle's graphs cost on a provider, with the product's own sessions, and how far its
 * results lie from those of the processor.
 */
public final class ModelBench {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 20150623;
  private static final double METRES = 10;
  private static final double SQUARE_METRES = 1e6;

  private final Request request;
  private final Consumer<String> progress;

  private ModelBench(Request request, Consumer<String> progress) {
    this.request = request;
    this.progress = progress;
  }

  /**
   * What to measure.
   *
   * @param bundles of stride 1, with one input group
   * @param runtime the provider, and callers at the same time
   * @param batches numbers of windows in one run, each measured by itself
   * @param windows that are compared with the processor's, noise and real ones each
   * @param seconds that each speed is measured for
   * @param runs after which memory is looked at again
   * @param texture bands of a real scene, {@code B02.tif} and so on; null compares noise alone, and
   *     so does a bundle that does not take the bands of spectral-baseline
   */
  public record Request(
      List<Bundle> bundles,
      RuntimeOptions runtime,
      List<Integer> batches,
      int windows,
      double seconds,
      int runs,
      @Nullable Path texture) {
    public Request {
      bundles = List.copyOf(bundles);
      batches = List.copyOf(new TreeSet<>(batches));
    }
  }

  /** A bundle that costs as much as a learned one. */
  public static Bundle convolutional() {
    return ConvEncoder.bundle();
  }

  /**
   * Measures.
   *
   * @param progress is told what is done next
   * @throws io.landshift.schemas.LandshiftException PROVIDER_UNAVAILABLE, MODEL_INVALID,
   *     INFERENCE_FAILED
   */
  public static ObjectNode run(Request request, Consumer<String> progress) {
    return new ModelBench(request, progress).run();
  }

  private ObjectNode run() {
    ObjectNode result = JSON.createObjectNode();
    result.put("machine", ProcessFigures.machine());
    Gpu gpu = gpu();
    if (gpu != null) {
      result.put("gpu", gpu.name()).put("driver", gpu.driver());
    }
    result.put("onnxRuntime", ModelRuntime.version());
    result.put("provider", name(request.runtime()));
    result.put("callers", request.runtime().concurrency());
    ArrayNode models = result.putArray("models");
    request.bundles().forEach(bundle -> measure(bundle, models.addObject()));
    return result;
  }

  private void measure(Bundle bundle, ObjectNode result) {
    result.put("name", bundle.manifest().name()).put("digest", bundle.digest());
    progress.accept(bundle.manifest().name() + ", first run");
    long before = System.nanoTime();
    try (ModelSession session = ModelRuntime.open(bundle, request.runtime())) {
      // Opening runs every graph: the batches that are tried, and the self-test.
      result.put("firstOpenSeconds", seconds(before));
      result.put("provider", session.provider().name().toLowerCase(Locale.ROOT));
    }
    parity(bundle, result.putObject("parity"));
    ArrayNode speeds = result.putArray("speeds");
    for (int batch : request.batches()) {
      speeds(bundle, request.runtime().withBatch(batch), speeds);
    }
    if (request.runtime().provider() != Provider.CPU) {
      speeds(bundle, RuntimeOptions.cpu(), speeds);
    }
    memory(bundle, result.putObject("memory"));
  }

  private void parity(Bundle bundle, ObjectNode result) {
    progress.accept(bundle.manifest().name() + ", parity");
    int size = bundle.manifest().window().size();
    int side = size * (int) Math.ceil(Math.sqrt(request.windows()));
    int bands = bundle.manifest().bands().size();
    try (ModelSession processor = ModelRuntime.open(bundle, RuntimeOptions.cpu());
        ModelSession session = ModelRuntime.open(bundle, request.runtime());
        ModelSession again = ModelRuntime.open(bundle, request.runtime())) {
      float[][] noise = noise(bands, side);
      Parity.measure(processor, session, noise, side, result.putObject("noise"));
      Parity.measure(session, again, noise, side, result.putObject("sameProviderAgain"));
      boolean fits =
          bundle.manifest().inputs().equals(Bundles.spectralBaseline().manifest().inputs());
      if (request.texture() != null && fits) {
        float[][] real = real(request.texture(), side);
        Parity.measure(processor, session, real, side, result.putObject("real"));
      }
    }
  }

  private static float[][] noise(int bands, int side) {
    Random random = new Random(SEED);
    float[][] noise = new float[bands][side * side];
    for (float[] band : noise) {
      for (int at = 0; at < band.length; at++) {
        band[at] = 0.6f * random.nextFloat();
      }
    }
    return noise;
  }

  /** The bands of the baseline, in its order. */
  private static float[][] real(Path texture, int side) {
    List<float[]> bands = new ArrayList<>();
    for (BenchBand meaning : BenchBand.ALL) {
      Texture numbers = Texture.read(texture.resolve(meaning.name() + ".tif"));
      float[] band = new float[side * side];
      for (int at = 0; at < band.length; at++) {
        band[at] = numbers.at(at % side, at / side) * 1e-4f;
      }
      bands.add(band);
    }
    return bands.toArray(float[][]::new);
  }

  private void speeds(Bundle bundle, RuntimeOptions options, ArrayNode result) {
    progress.accept(
        bundle.manifest().name() + ", " + name(options) + ", batches of " + options.batch());
    try (ModelSession session = ModelRuntime.open(bundle, options)) {
      for (GraphRole role : GraphRole.values()) {
        int side =
            role == GraphRole.ENCODER
                ? session.manifest().window().core()
                : session.manifest().window().headSize();
        // 1 where a larger batch would change bits: what is said is what ran.
        int batch = session.batch(role);
        double perSecond = windowsPerSecond(session, role, batch, options.concurrency());
        ObjectNode speed = result.addObject().put("provider", name(options)).put("batch", batch);
        speed.put("graph", role.key()).put("windowsPerSecond", perSecond);
        double squareKilometres = Math.pow(side * METRES, 2) / SQUARE_METRES;
        speed.put("squareKilometresPerSecond", perSecond * squareKilometres);
      }
      Gpu gpu = gpu();
      if (gpu != null) {
        result
            .addObject()
            .put("batch", options.batch())
            .put("deviceMebibytes", gpu.usedMebibytes());
      }
    }
  }

  /** With as many callers as the session serves; the copies to the device and back are in it. */
  private double windowsPerSecond(ModelSession session, GraphRole role, int batch, int callers) {
    session.runAlone(role, batch);
    long started = System.nanoTime();
    long until = started + (long) (request.seconds() * 1e9);
    long windows = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(callers)) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        counts.add(
            pool.submit(() -> {
              // Once at least: on a busy machine a caller may come when the time is over.
              long done = 0;
              do {
                session.runAlone(role, batch);
                done += batch;
              } while (System.nanoTime() < until);
              return done;
            }));
      }
      for (Future<Long> count : counts) {
        windows += count.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
    return windows / seconds(started);
  }

  /** What is held before and after many runs, and after opening and closing a few times. */
  private void memory(Bundle bundle, ObjectNode result) {
    progress.accept(bundle.manifest().name() + ", memory");
    try (ModelSession session = ModelRuntime.open(bundle, request.runtime())) {
      int warm = Math.max(1, request.runs() / 10);
      runAll(session, warm);
      held(result.putObject("afterRuns" + warm));
      runAll(session, request.runs());
      held(result.putObject("afterRuns" + (warm + request.runs())));
    }
    for (int time = 0; time < 10; time++) {
      ModelRuntime.open(bundle, request.runtime()).close();
    }
    held(result.putObject("afterTenMoreSessions"));
  }

  private static void runAll(ModelSession session, int runs) {
    for (GraphRole role : GraphRole.values()) {
      session.runAlone(role, runs * session.batch(role));
    }
  }

  private void held(ObjectNode result) {
    result.put("residentMebibytes", ProcessFigures.residentBytes() >> 20);
    Gpu gpu = gpu();
    if (gpu != null) {
      result.put("deviceMebibytes", gpu.usedMebibytes());
    }
  }

  private @Nullable Gpu gpu() {
    return request.runtime().provider() == Provider.CPU
        ? null
        : Gpu.query(request.runtime().device());
  }

  private static String name(RuntimeOptions options) {
    return options.provider().name().toLowerCase(Locale.ROOT);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /** The figures as a page in Markdown. */
  public static String page(JsonNode result) {
    List<String> lines = new ArrayList<>();
    lines.add("# Models, measured");
    lines.add("");
    String gpu =
        result.has("gpu")
            ? result.path("gpu").asText() + ", driver " + result.path("driver").asText() + "; "
            : "";
    lines.add(
        "On %s%s; ONNX Runtime %s, provider %s, %d callers."
            .formatted(
                gpu,
                result.path("machine").asText(),
                result.path("onnxRuntime").asText(),
                result.path("provider").asText(),
                result.path("callers").asInt()));
    for (JsonNode model : result.path("models")) {
      lines.add("");
      lines.add("## " + model.path("name").asText());
      lines.add("");
      lines.add(
          String.format(
              Locale.ROOT,
              "On %s, first opened in %.1f s.",
              model.path("provider").asText(),
              model.path("firstOpenSeconds").asDouble()));
      speeds(model, lines);
      parity(model, lines);
      lines.add("");
      lines.add("Memory: " + model.path("memory"));
    }
    lines.add("");
    return String.join("\n", lines);
  }

  private static void speeds(JsonNode model, List<String> lines) {
    lines.add("");
    lines.add("| provider | batch | graph | windows/s | km2/s |");
    lines.add("|---|---|---|---|---|");
    for (JsonNode speed : model.path("speeds")) {
      if (speed.has("graph")) {
        lines.add(
            String.format(
                Locale.ROOT,
                "| %s | %d | %s | %,.0f | %,.0f |",
                speed.path("provider").asText(),
                speed.path("batch").asInt(),
                speed.path("graph").asText(),
                speed.path("windowsPerSecond").asDouble(),
                speed.path("squareKilometresPerSecond").asDouble()));
      }
    }
  }

  private static void parity(JsonNode model, List<String> lines) {
    lines.add("");
    lines.add(
        "| next to the processor | features that differ (largest, steps) | classes that differ"
            + " (largest probability) | stored scores that differ, across a threshold (largest) |"
            + " the same, through its own features |");
    lines.add("|---|---|---|---|---|");
    for (var pixels : model.path("parity").properties()) {
      JsonNode of = pixels.getValue();
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s, %,d pixels | %,d of %,d (%d) | %,d (%.1e) | %s | %s |",
              pixels.getKey(),
              of.path("pixels").asInt(),
              of.path("features").path("differing").asInt(),
              of.path("features").path("values").asInt(),
              of.path("features").path("largestSteps").asInt(),
              of.path("landCover").path("differing").asInt(),
              of.path("landCover").path("largest").asDouble(),
              scores(of.path("scores")),
              scores(of.path("scoresThrough"))));
    }
  }

  private static String scores(JsonNode scores) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d, %,d (%.1e)",
        scores.path("quantisedDiffering").asInt(),
        scores.path("values").asInt(),
        scores.path("acrossAThreshold").asInt(),
        scores.path("largest").asDouble());
  }
}
