package io.landshift.model.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.GraphInspector;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.GraphSignature;
import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts bundles into service on ONNX Runtime. */
public final class ModelRuntime {
  /** Room for a command line of more than a million letters; only what is used becomes memory. */
  private static final long ENVIRONMENT_STACK_BYTES = 512L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(ModelRuntime.class);

  private final OrtEnvironment environment;
  private final Bundle bundle;
  private final RuntimeOptions options;

  private ModelRuntime(OrtEnvironment environment, Bundle bundle, RuntimeOptions options) {
    this.environment = environment;
    this.bundle = bundle;
    this.options = options;
  }

  /**
   * Makes a session for every graph of the bundle and runs its self-test.
   *
   * @return a session that the caller closes
   * @throws LandshiftException PROVIDER_UNAVAILABLE if the provider cannot be used and falling back
   *     is not allowed; MODEL_INVALID if ONNX Runtime refuses a graph or the self-test fails
   */
  public static ModelSession open(Bundle bundle, RuntimeOptions options) {
    OrtEnvironment environment = environment();
    ModelSession session =
        openAllowed(options, bundle, each -> new ModelRuntime(environment, bundle, each).open());
    LOG.info("The bundle {} is in service on {}", bundle, session.provider());
    return session;
  }

  /** The version of ONNX Runtime's Java classes, which its natives must be of, too. */
  public static String version() {
    return environment().getVersion();
  }

  /**
   * Makes a session for a mask head and runs it once, so that a graph that does not give what its
   * manifest says is refused here.
   *
   * @return a session that the caller closes
   * @throws LandshiftException PROVIDER_UNAVAILABLE if the provider cannot be used and falling back
   *     is not allowed; MODEL_INVALID if ONNX Runtime refuses the graph, or what it gives are not
   *     finite numbers
   */
  public static MaskSession openMask(MaskBundle mask, RuntimeOptions options) {
    OrtEnvironment environment = environment();
    MaskManifest manifest = mask.manifest();
    int size = manifest.windows().size();
    List<Port> inputs = List.of(new Port(manifest.input(), manifest.bands().size(), size));
    Port output = new Port(manifest.output(), manifest.classes().size(), size);
    byte[] onnx = mask.graph();
    MaskSession session =
        openAllowed(
            options,
            mask,
            each -> {
              GraphSession graph = graphSession(environment, onnx, inputs, output, each);
              return triedOut(new MaskSession(mask, each.provider(), graph));
            });
    LOG.info("The mask head {} is in service on {}", mask, session.provider());
    return session;
  }

  /**
   * Makes a session for a graph that is no bundle's (yet), on the processor, as bundles are run
   * there.
   *
   * @param name of the graph, for people
   * @param onnx the ONNX file
   * @return a graph that the caller closes
   * @throws LandshiftException MODEL_INVALID if the file holds what no bundle may hold, or ONNX
   *     Runtime refuses it
   */
  public static FloatGraph openGraph(String name, byte[] onnx) {
    var unused = GraphInspector.inspect(onnx);
    OrtEnvironment environment = environment();
    return openOnCpu(
        RuntimeOptions.cpu(),
        name,
        each -> new FloatGraph(name, environment, session(environment, onnx, each)));
  }

  private static MaskSession triedOut(MaskSession session) {
    try {
      session.tryOut();
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * ONNX Runtime 1.29 matches the process's command line against a regular expression by recursion,
   * several frames a letter, when its environment is made: with a class path of a few thousand
   * letters that overflows an ordinary stack and ends the process. So a thread with a large stack
   * makes it.
   */
  private static OrtEnvironment environment() {
    FutureTask<OrtEnvironment> made =
        // One per process; ONNX Runtime closes it when the process ends.
        new FutureTask<>(() ->
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "landshift"));
    new Thread(null, made, "onnx-runtime-environment", ENVIRONMENT_STACK_BYTES).start();
    try {
      return made.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LandshiftException(
          FailureReason.PROVIDER_UNAVAILABLE, "interrupted while ONNX Runtime starts", e);
    } catch (ExecutionException e) {
      throw new LandshiftException(
          FailureReason.PROVIDER_UNAVAILABLE,
          "ONNX Runtime has no native library for this system: " + e.getCause(),
          e);
    }
  }

  private ModelSession open() throws OrtException {
    ModelSession session = new ModelSession(bundle, options.provider(), graphs());
    try {
      session.settleBatches();
      SelfTestRun.check(bundle, session);
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Opens something where the options say, which is either the processor or CUDA. */
  private interface Opening<T> {
    T on(RuntimeOptions options) throws OrtException;
  }

  private static <T> T openAllowed(RuntimeOptions options, Object what, Opening<T> opening) {
    if (options.provider() == Provider.CPU || (options.provider() == Provider.AUTO && !hasCuda())) {
      return openOnCpu(options, what, opening);
    }
    try {
      return openOnCuda(options, opening);
    } catch (LandshiftException e) {
      if (e.reason() != FailureReason.PROVIDER_UNAVAILABLE || !options.allowFallback()) {
        throw e;
      }
      LOG.warn("FALLING BACK TO THE PROCESSOR, which is far slower: {}", e.detail());
      return openOnCpu(options, what, opening);
    }
  }

  private static boolean hasCuda() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }

  /** A device that takes a graph may still fail on the first run: it is too old, or full. */
  private static <T> T openOnCuda(RuntimeOptions options, Opening<T> opening) {
    try {
      return opening.on(options.onCuda());
    } catch (OrtException e) {
      throw unavailable(options, e.getMessage(), e);
    } catch (LandshiftException e) {
      throw e.reason() == FailureReason.INFERENCE_FAILED ? unavailable(options, e.detail(), e) : e;
    }
  }

  private static LandshiftException unavailable(
      RuntimeOptions options, @Nullable String why, Exception cause) {
    String build =
        hasCuda()
            ? "install the library that it names, free the device, or name another"
            : "this ONNX Runtime is built for the processor alone: take one built for CUDA";
    return new LandshiftException(
        FailureReason.PROVIDER_UNAVAILABLE,
        "CUDA device %d cannot be used (%s); %s, or allow falling back to the processor"
            .formatted(options.device(), String.valueOf(why).strip(), build),
        cause);
  }

  private static <T> T openOnCpu(RuntimeOptions options, Object what, Opening<T> opening) {
    try {
      return opening.on(options.onProcessor());
    } catch (OrtException e) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID,
          "ONNX Runtime refuses a graph of %s: %s".formatted(what, e.getMessage()),
          e);
    }
  }

  private Map<GraphRole, GraphSession> graphs() throws OrtException {
    Map<GraphRole, GraphSession> graphs = new EnumMap<>(GraphRole.class);
    try {
      for (GraphRole role : GraphRole.values()) {
        graphs.put(
            role,
            graphSession(environment, bundle.graph(role), inputs(role), output(role), options));
      }
      return graphs;
    } catch (OrtException | RuntimeException e) {
      graphs.values().forEach(GraphSession::close);
      throw e;
    }
  }

  private static GraphSession graphSession(
      OrtEnvironment environment,
      byte[] onnx,
      List<Port> inputs,
      Port output,
      RuntimeOptions options)
      throws OrtException {
    OrtSession session = session(environment, onnx, options);
    int runs = options.provider() == Provider.CUDA ? 1 : options.concurrency();
    return new GraphSession(
        environment, session, inputs, output, options.batch(), options.concurrency(), runs);
  }

  private static OrtSession session(OrtEnvironment environment, byte[] onnx, RuntimeOptions options)
      throws OrtException {
    try (SessionOptions sessionOptions = new SessionOptions()) {
      configure(sessionOptions, options);
      return environment.createSession(onnx, sessionOptions);
    }
  }

  private static void configure(SessionOptions sessionOptions, RuntimeOptions options)
      throws OrtException {
    sessionOptions.setIntraOpNumThreads(options.threads());
    sessionOptions.setInterOpNumThreads(1);
    sessionOptions.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    sessionOptions.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    sessionOptions.setDeterministicCompute(true);
    // Idle threads of one session must not burn the cores that others need.
    sessionOptions.addConfigEntry("session.intra_op.allow_spinning", "0");
    if (options.provider() == Provider.CUDA) {
      try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(options.device())) {
        // TF32 keeps 10 bits of the mantissa: results would differ from those of the processor.
        cuda.add("use_tf32", "0");
        // The default takes the convolution that is fastest today: another one tomorrow, with other
        // bits.
        cuda.add("cudnn_conv_algo_search", "HEURISTIC");
        // Doubling what is taken, which is the default, leaves less to others on the same device.
        cuda.add("arena_extend_strategy", "kSameAsRequested");
        sessionOptions.addCUDA(cuda);
      }
    }
  }

  private List<Port> inputs(GraphRole role) {
    BundleManifest manifest = bundle.manifest();
    GraphSignature signature = bundle.signature(role);
    int features = manifest.features().size();
    int cells = manifest.window().headWindow();
    List<Port> ports = new ArrayList<>();
    switch (role) {
      case ENCODER ->
          manifest
              .inputs()
              .forEach(group ->
                  ports.add(
                      new Port(group.tensor(), group.bands().size(), manifest.window().size())));
      case SEGMENTATION -> ports.add(new Port("features", features, cells));
      case CHANGE ->
          List.of("current", "centre", "spread")
              .forEach(name -> ports.add(new Port(name, features, cells)));
    }
    if (signature.inputs().containsKey(ModelSession.PRESENCE)) {
      ports.add(new Port(ModelSession.PRESENCE, manifest.bands().size(), 0));
    }
    return ports;
  }

  private Port output(GraphRole role) {
    BundleManifest manifest = bundle.manifest();
    int cells = manifest.window().size() / manifest.window().stride();
    int side = manifest.window().headSize();
    return switch (role) {
      case ENCODER -> new Port("features", manifest.encodedFeatures(), cells);
      case SEGMENTATION -> new Port("probabilities", manifest.classes().size(), side);
      case CHANGE -> new Port("scores", manifest.scores().size(), side);
    };
  }
}
