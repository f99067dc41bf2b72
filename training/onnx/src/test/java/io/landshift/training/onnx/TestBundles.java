package io.landshift.training.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Variants of spectral-baseline for tests. */
final class TestBundles {
  private TestBundles() {}

  /** Spectral-baseline with one graph replaced, and with digests that fit. */
  static Bundle withGraph(GraphRole role, byte[] onnx) {
    Bundle bundle = Bundles.spectralBaseline();
    Map<GraphRole, byte[]> graphs = new EnumMap<>(GraphRole.class);
    for (GraphRole each : GraphRole.values()) {
      graphs.put(each, each == role ? onnx : bundle.graph(each));
    }
    Map<String, byte[]> selfTest = new TreeMap<>();
    bundle.manifest().selfTest().files().forEach(path -> selfTest.put(path, bundle.file(path)));
    return Bundle.of(
        BundleWriter.files(bundle.manifest(), graphs, selfTest), null, BundleLimits.DEFAULT);
  }

  /** Whether the ONNX Runtime of this process could use a GPU. */
  static boolean hasCuda() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }
}
