package io.landshift.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.SceneClassifier;
import io.landshift.training.networks.Weights;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is exported is read by another project's protobuf classes. */
class NetworkExportTest {
  private static final int CLASSES = 3;
  private static final Model<SceneClassifier> MODEL =
      Model.of(scope ->
          SceneClassifier.of(
              scope,
              ConvNextEncoder.of(scope.of("encoder"), 2, List.of(1, 1, 1, 1), 5, 16),
              CLASSES));
  private static final Weights WEIGHTS = Weights.initial(MODEL.parameters(), 4);

  @Test
  void batchRowsAndColumnsStayOpen() throws Exception {
    // when
    OnnxMl.GraphProto graph = OnnxMl.ModelProto.parseFrom(export()).getGraph();

    // then
    assertThat(dimensions(graph.getInput(0))).containsExactly("batch", "5", "height", "width");
    assertThat(dimensions(graph.getOutput(0))).containsExactly("batch", "3");
    assertThat(graph.getNodeList()).extracting(OnnxMl.NodeProto::getDomain).containsOnly("");
  }

  @Test
  void aMatrixIsTurnedForMatMul() throws Exception {
    // given
    float[] matrix = WEIGHTS.tensors().get("head.weight").values();
    OnnxMl.GraphProto graph = OnnxMl.ModelProto.parseFrom(export()).getGraph();
    List<OnnxMl.NodeProto> products =
        graph.getNodeList().stream().filter(node -> node.getOpType().equals("MatMul")).toList();

    // when: the head is the last of them
    OnnxMl.TensorProto tensor =
        graph.getInitializerList().stream()
            .filter(candidate -> candidate.getName().equals(products.getLast().getInput(1)))
            .findFirst()
            .orElseThrow();

    // then
    int channels = matrix.length / CLASSES;
    assertThat(tensor.getDimsList()).containsExactly((long) channels, (long) CLASSES);
    var data = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    for (int channel = 0; channel < channels; channel++) {
      for (int row = 0; row < CLASSES; row++) {
        assertThat(data.getFloat()).isEqualTo(matrix[row * channels + channel]);
      }
    }
  }

  @Test
  void theSameWeightsGiveTheSameBytes() {
    assertThat(export()).isEqualTo(export());
  }

  @Test
  void weightsThatAreMissingAreNamed() {
    assertThatThrownBy(() -> NetworkExport.graph("scene", MODEL.network(), new Weights(Map.of())))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.MODEL_INVALID))
        .hasMessageContaining("initial_conv.0.weight");
  }

  private static byte[] export() {
    return NetworkExport.graph("scene", MODEL.network(), WEIGHTS).toBytes();
  }

  private static List<String> dimensions(OnnxMl.ValueInfoProto port) {
    return port.getType().getTensorType().getShape().getDimList().stream()
        .map(d -> d.getDimParam().isEmpty() ? Long.toString(d.getDimValue()) : d.getDimParam())
        .toList();
  }
}
