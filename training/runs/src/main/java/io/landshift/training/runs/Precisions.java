package io.landshift.training.runs;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.inference.FloatGraph;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.training.evaluation.Metric;
import io.landshift.training.networks.Values;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.onnx.precision.HalfPrecision;
import io.landshift.training.onnx.precision.Quantisation;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The bundle in fewer bits: made, opened in serving's runtime, measured on the same places as in
 * fp32, and kept where little is lost.
 *
 * @param scale of the score
 * @param full measures of the bundle in fp32
 * @param measure measures another bundle alike
 */
record Precisions(
    LearnedBundle learned,
    LearnedBundle.Scale scale,
    ChangeEvaluation full,
    Function<Bundle, ChangeEvaluation> measure) {
  /**
   * The first layers see raw pixels, the last ones make the numbers that are stored or told. In a
   * trained ConvNeXt V2 atto this is 3 % of the file, and takes the error of features from 4 % to
   * 0.4 %; keeping further layers gains little.
   */
  private static final List<String> SENSITIVE =
      List.of("encoder.initial_conv.", "encoder.stem.", "projection.", "classifier.");

  /** A ten thousandth of a window's values may lie beyond what 256 steps tell apart. */
  private static final Quantisation.Settings EIGHT_BITS =
      new Quantisation.Settings(99.99, name -> SENSITIVE.stream().anyMatch(name::contains));

  /**
   * What became of a precision.
   *
   * @param graphs in it
   * @param milliseconds of processor time, to encode a window, median; NaN where it does not run
   * @param gain of AUC over fp32, on the same draws of places; null where it was not measured
   * @param refused why it is not kept; null where it is
   */
  record Tried(
      Precision precision,
      Map<GraphRole, byte[]> graphs,
      double milliseconds,
      ChangeEvaluation.@Nullable Measured gain,
      @Nullable String refused) {
    /** Of all graphs. */
    long bytes() {
      return graphs.values().stream().mapToLong(graph -> graph.length).sum();
    }
  }

  /** The bundle in fp32, for comparison. */
  Tried unchanged() {
    Map<GraphRole, byte[]> graphs = rewritten(learned.graphs(scale), (role, graph) -> graph);
    double milliseconds = milliseconds(bundle(Precision.FP32, graphs));
    return new Tried(Precision.FP32, graphs, milliseconds, null, null);
  }

  /**
   * Makes and measures bundles in fewer bits.
   *
   * @param windows to find the ranges of numbers with
   */
  List<Tried> of(List<Precision> wanted, CalibrationWindows windows) {
    Map<GraphRole, OnnxGraph> graphs = learned.graphs(scale);
    return wanted.stream().map(precision -> tried(precision, graphs, windows)).toList();
  }

  private Tried tried(
      Precision precision, Map<GraphRole, OnnxGraph> graphs, CalibrationWindows windows) {
    try {
      return tried(
          precision,
          rewritten(
              graphs,
              (role, graph) ->
                  switch (precision) {
                    case FP32 -> graph;
                    case FP16 -> HalfPrecision.of(graph);
                    case INT8 ->
                        Quantisation.of(graph, EIGHT_BITS, windows.of(role), Precisions::run);
                  }));
    } catch (LandshiftException e) {
      return new Tried(precision, Map.of(), Double.NaN, null, invalid(e));
    }
  }

  /** Opens, which runs the self-test, and measures. */
  Tried tried(Precision precision, Map<GraphRole, byte[]> graphs) {
    Bundle bundle = bundle(precision, graphs);
    double milliseconds;
    try {
      milliseconds = milliseconds(bundle);
    } catch (LandshiftException e) {
      return new Tried(precision, graphs, Double.NaN, null, invalid(e));
    }
    ChangeEvaluation found = measure.apply(bundle);
    int pixels = full.of(ChangeEvaluation.BUNDLE).size();
    int told = found.of(ChangeEvaluation.BUNDLE).size();
    if (told != pixels) {
      String why = String.format(Locale.ROOT, "scores %,d of %,d pixels only", told, pixels);
      return new Tried(precision, graphs, milliseconds, null, why);
    }
    ChangeEvaluation.Measured gain = found.gain(full, Metric.ROC_AUC);
    double margin = learned.config().bundle().margin();
    return new Tried(precision, graphs, milliseconds, gain, refusal(gain, margin));
  }

  /**
   * Why so much less is too little: the upper end of the loss's interval counts, not the loss that
   * happened to be found, so that few places are no excuse.
   *
   * @return null where it is not
   */
  static @Nullable String refusal(ChangeEvaluation.Measured gain, double margin) {
    double most = -gain.interval().low();
    if (Double.isNaN(most)) {
      return "what it loses cannot be told from so few places";
    }
    return most <= margin
        ? null
        : String.format(Locale.ROOT, "may lose %.4f of AUC, and the margin is %.4f", most, margin);
  }

  private static String invalid(LandshiftException e) {
    if (e.reason() != FailureReason.MODEL_INVALID) {
      throw e;
    }
    return e.detail();
  }

  private Bundle bundle(Precision precision, Map<GraphRole, byte[]> graphs) {
    return Bundle.of(learned.files(precision, scale, graphs, Map.of()), null, BundleLimits.DEFAULT);
  }

  private interface Rule {
    OnnxGraph of(GraphRole role, OnnxGraph graph);
  }

  private static Map<GraphRole, byte[]> rewritten(Map<GraphRole, OnnxGraph> graphs, Rule rule) {
    Map<GraphRole, byte[]> rewritten = new EnumMap<>(GraphRole.class);
    graphs.forEach((role, graph) -> rewritten.put(role, rule.of(role, graph).toBytes()));
    return rewritten;
  }

  private static double milliseconds(Bundle bundle) {
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      return Cost.milliseconds(session, GraphRole.ENCODER);
    }
  }

  private static void run(
      byte[] onnx, List<Map<String, Values>> windows, Consumer<Map<String, Values>> outputs) {
    try (FloatGraph graph = ModelRuntime.openGraph("a graph that is calibrated", onnx)) {
      for (Map<String, Values> window : windows) {
        Map<String, FloatGraph.Tensor> inputs = new LinkedHashMap<>();
        window.forEach((name, values) ->
            inputs.put(name, new FloatGraph.Tensor(values.shape(), values.values())));
        Map<String, Values> found = new LinkedHashMap<>();
        graph
            .run(inputs)
            .forEach(
                (name, tensor) -> found.put(name, new Values(tensor.shape(), tensor.values())));
        outputs.accept(found);
      }
    }
  }
}
