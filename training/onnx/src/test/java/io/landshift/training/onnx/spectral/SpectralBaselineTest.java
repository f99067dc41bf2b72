package io.landshift.training.onnx.spectral;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.Digests;
import io.landshift.model.bundle.GraphRole;
import io.landshift.training.onnx.OnnxGraph;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpectralBaselineTest {

  @Test
  void theBundleInTheProductIsWhatTheRecipeMakes() {
    // given
    Bundle shipped = Bundles.spectralBaseline();

    // when
    Map<String, byte[]> made = SpectralBaseline.files();

    // then
    assertThat(shipped.paths()).isEqualTo(made.keySet());
    made.forEach((path, bytes) -> assertThat(shipped.file(path)).as(path).isEqualTo(bytes));
    assertThat(shipped.digest()).isEqualTo(Digests.ofBundle(made));
  }

  @Test
  void aBundleWrittenToAFolderLoadsWithTheSameDigest(@TempDir Path folder) throws Exception {
    // given
    SpectralBaseline.main(new String[] {folder.toString()});
    String digest = Bundles.spectralBaseline().digest();

    // when
    Bundle loaded = Bundle.load(folder, digest, BundleLimits.DEFAULT);

    // then
    assertThat(loaded.digest()).isEqualTo(digest);
  }

  @Test
  void aVariantIsAnotherBundleWithoutTheMeasuredCalibration() {
    // given
    SpectralSettings settings = new SpectralSettings("spectral-variant", 2.6, 1.2, 0.3, 0.5);

    // when
    Bundle variant = Bundle.of(SpectralBaseline.files(settings), null, BundleLimits.DEFAULT);

    // then
    assertThat(variant.digest()).isNotEqualTo(Bundles.spectralBaseline().digest());
    assertThat(variant.manifest().name()).isEqualTo("spectral-variant");
    assertThat(variant.manifest().scores()).allMatch(score -> score.calibration() == null);
  }

  @ParameterizedTest
  @EnumSource(GraphRole.class)
  void anIndependentReaderFindsEveryGraphWellFormed(GraphRole role) throws Exception {
    // given
    Bundle bundle = Bundles.spectralBaseline();

    // when
    OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(bundle.graph(role));

    // then
    assertThat(model.getIrVersion()).isEqualTo(OnnxGraph.IR_VERSION);
    assertThat(model.getOpsetImportList())
        .singleElement()
        .satisfies(set -> assertThat(set.getVersion()).isEqualTo(OnnxGraph.OPSET));
    OnnxMl.GraphProto graph = model.getGraph();
    assertThat(graph.getUnknownFields().asMap()).isEmpty();
    assertThat(graph.getInputList().stream().map(OnnxMl.ValueInfoProto::getName))
        .containsExactlyElementsOf(bundle.signature(role).inputs().keySet());
    assertThat(graph.getOutputList().stream().map(OnnxMl.ValueInfoProto::getName))
        .containsExactlyElementsOf(bundle.signature(role).outputs().keySet());
    assertEveryValueIsMadeBeforeItIsUsed(graph);
  }

  private static void assertEveryValueIsMadeBeforeItIsUsed(OnnxMl.GraphProto graph) {
    Set<String> made = new HashSet<>();
    graph.getInputList().forEach(input -> made.add(input.getName()));
    graph.getInitializerList().forEach(constant -> made.add(constant.getName()));
    for (OnnxMl.NodeProto node : graph.getNodeList()) {
      assertThat(made).as("inputs of " + node.getName()).containsAll(node.getInputList());
      for (String output : node.getOutputList()) {
        assertThat(made.add(output)).as(output + " is made once").isTrue();
      }
    }
    graph.getOutputList().forEach(output -> assertThat(made).contains(output.getName()));
  }
}
