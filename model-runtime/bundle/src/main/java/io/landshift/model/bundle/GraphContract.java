package io.landshift.model.bundle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares what a graph declares with what its role in the bundle demands. */
final class GraphContract {
  /** The optional input that says which bands the scene has. */
  static final String PRESENCE = "presence";

  private final GraphRole role;
  private final BundleManifest manifest;

  private GraphContract(GraphRole role, BundleManifest manifest) {
    this.role = role;
    this.manifest = manifest;
  }

  /**
   * Checks a graph.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID
   */
  static void check(GraphRole role, GraphSignature graph, BundleManifest manifest) {
    new GraphContract(role, manifest).check(graph);
  }

  private void check(GraphSignature graph) {
    if (graph.opset() != manifest.opset()) {
      throw broken("has opset %d, the manifest says %d".formatted(graph.opset(), manifest.opset()));
    }
    Map<String, Integer> channels = inputChannels();
    Map<String, GraphSignature.Tensor> inputs = new LinkedHashMap<>(graph.inputs());
    GraphSignature.Tensor presence = inputs.remove(PRESENCE);
    if (presence != null) {
      checkPresence(presence);
    }
    if (!inputs.keySet().equals(channels.keySet())) {
      throw broken("must have the inputs %s, has %s".formatted(channels.keySet(), inputs.keySet()));
    }
    WindowGeometry window = manifest.window();
    int size = role == GraphRole.ENCODER ? window.size() : window.headWindow();
    channels.forEach((name, count) -> checkPlanes(name, inputs.get(name), count, size));
    GraphSignature.Tensor output = graph.outputs().get(output());
    if (output == null || graph.outputs().size() != 1) {
      throw broken(
          "must have the output [%s], has %s".formatted(output(), graph.outputs().keySet()));
    }
    int outputSize = role == GraphRole.ENCODER ? size / window.stride() : window.headSize();
    checkPlanes(output(), output, outputChannels(), outputSize);
  }

  private Map<String, Integer> inputChannels() {
    Map<String, Integer> channels = new LinkedHashMap<>();
    int features = manifest.features().size();
    switch (role) {
      case ENCODER ->
          manifest.inputs().forEach(group -> channels.put(group.tensor(), group.bands().size()));
      case SEGMENTATION -> channels.put("features", features);
      case CHANGE -> List.of("current", "centre", "spread").forEach(k -> channels.put(k, features));
    }
    return channels;
  }

  private String output() {
    return switch (role) {
      case ENCODER -> "features";
      case SEGMENTATION -> "probabilities";
      case CHANGE -> "scores";
    };
  }

  private int outputChannels() {
    return switch (role) {
      case ENCODER -> manifest.encodedFeatures();
      case SEGMENTATION -> manifest.classes().size();
      case CHANGE -> manifest.scores().size();
    };
  }

  private void checkPresence(GraphSignature.Tensor tensor) {
    int bands = manifest.bands().size();
    boolean fits =
        tensor.elementType() == GraphSignature.FLOAT32
            && tensor.dimensions().size() == 2
            && tensor.dimensions().get(0) == GraphSignature.SYMBOLIC
            && allows(tensor.dimensions().get(1), bands);
    if (!fits) {
      throw broken(
          "input %s must be float32 [N, %d], is %s".formatted(PRESENCE, bands, describe(tensor)));
    }
  }

  private void checkPlanes(
      String name, GraphSignature.@Nullable Tensor tensor, int channels, int size) {
    if (tensor == null) {
      throw broken("lacks the tensor " + name);
    }
    List<Long> dimensions = tensor.dimensions();
    boolean fits =
        tensor.elementType() == GraphSignature.FLOAT32
            && dimensions.size() == 4
            && dimensions.get(0) == GraphSignature.SYMBOLIC
            && allows(dimensions.get(1), channels)
            && allows(dimensions.get(2), size)
            && allows(dimensions.get(3), size);
    if (!fits) {
      throw broken(
          "tensor %s must be float32 [N, %d, %d, %d] with a symbolic batch, is %s"
              .formatted(name, channels, size, size, describe(tensor)));
    }
  }

  private static boolean allows(long declared, int size) {
    return declared == GraphSignature.SYMBOLIC || declared == size;
  }

  private static String describe(GraphSignature.Tensor tensor) {
    return "element type %d %s".formatted(tensor.elementType(), tensor.dimensions());
  }

  private RuntimeException broken(String what) {
    return Invalid.model("the graph '" + role.key() + "' " + what);
  }
}
