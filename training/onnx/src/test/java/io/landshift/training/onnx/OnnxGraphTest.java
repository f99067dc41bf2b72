package io.landshift.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read by another project's protobuf classes. */
class OnnxGraphTest {

  @Test
  void attributesOfEveryKindAreReadBack() throws Exception {
    // given
    OnnxGraph graph = new OnnxGraph("g");
    Value x = graph.input("x", ElementType.FLOAT32, Dimension.of("n"), Dimension.of(3));
    Value y =
        graph.node(
            "Op",
            List.of(x),
            Attribute.of("i", -5L),
            Attribute.of("f", 1.5f),
            Attribute.of("s", "grün"),
            Attribute.of("is", new long[] {1, -1, 1L << 40}));
    graph.output("out", y, ElementType.FLOAT32, Dimension.of("n"));

    // when
    OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(graph.toBytes());

    // then
    OnnxMl.NodeProto node = model.getGraph().getNode(0);
    assertThat(node.getAttribute(0).getI()).isEqualTo(-5);
    assertThat(node.getAttribute(0).getType()).isEqualTo(OnnxMl.AttributeProto.AttributeType.INT);
    assertThat(node.getAttribute(1).getF()).isEqualTo(1.5f);
    assertThat(node.getAttribute(1).getType()).isEqualTo(OnnxMl.AttributeProto.AttributeType.FLOAT);
    assertThat(node.getAttribute(2).getS().toStringUtf8()).isEqualTo("grün");
    assertThat(node.getAttribute(2).getType())
        .isEqualTo(OnnxMl.AttributeProto.AttributeType.STRING);
    assertThat(node.getAttribute(3).getIntsList()).containsExactly(1L, -1L, 1L << 40);
    assertThat(node.getAttribute(3).getType()).isEqualTo(OnnxMl.AttributeProto.AttributeType.INTS);
    OnnxMl.TensorShapeProto shape =
        model.getGraph().getInput(0).getType().getTensorType().getShape();
    assertThat(shape.getDim(0).getDimParam()).isEqualTo("n");
    assertThat(shape.getDim(1).getDimValue()).isEqualTo(3);
    assertThat(model.getGraph().getOutput(0).getName()).isEqualTo("out");
  }

  @Test
  void constantsAreReadBackAndEqualOnesAreStoredOnce() throws Exception {
    // given
    OnnxGraph graph = new OnnxGraph("g");
    Value first = graph.constant(0.25);
    Value again = graph.constant(0.25);
    Value matrix = graph.constant(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Value list = graph.integers(7, -8);
    Value precise = graph.constant(0.1, ElementType.FLOAT64);

    // when
    List<OnnxMl.TensorProto> tensors =
        OnnxMl.ModelProto.parseFrom(graph.toBytes()).getGraph().getInitializerList();

    // then
    assertThat(again).isEqualTo(first);
    assertThat(tensors.stream().map(OnnxMl.TensorProto::getName))
        .containsExactly(first.name(), matrix.name(), list.name(), precise.name());
    assertThat(tensors.get(0).getDimsCount()).isZero();
    assertThat(tensors.get(1).getDimsList()).containsExactly(2L, 3L);
    assertThat(little(tensors.get(1)).getFloat(20)).isEqualTo(6f);
    assertThat(little(tensors.get(2)).getLong(8)).isEqualTo(-8);
    assertThat(little(tensors.get(3)).getDouble(0)).isEqualTo(0.1);
  }

  @Test
  void theSameCallsGiveTheSameBytes() {
    assertThat(sample()).isEqualTo(sample());
  }

  @Test
  void valuesMustFillTheirTensor() {
    assertThatThrownBy(() -> new OnnxGraph("g").constant(new float[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, FLOAT",
    "UINT8, UINT8",
    "INT8, INT8",
    "INT32, INT32",
    "INT64, INT64",
    "BOOL, BOOL",
    "FLOAT16, FLOAT16",
    "FLOAT64, DOUBLE"
  })
  void elementTypesHaveOnnxsNumbers(ElementType type, String name) {
    assertThat(type.code()).isEqualTo(OnnxMl.TensorProto.DataType.valueOf(name).getNumber());
  }

  private static byte[] sample() {
    OnnxGraph graph = new OnnxGraph("g");
    GraphMath math = new GraphMath(graph);
    Value x = graph.input("x", ElementType.FLOAT32, Dimension.of("n"), Dimension.of(4));
    Value sum = math.sumChannels(math.square(math.add(x, 2)), 4);
    graph.output("y", math.power(sum, 0.5), ElementType.FLOAT32, Dimension.of("n"));
    return graph.toBytes();
  }

  private static java.nio.ByteBuffer little(OnnxMl.TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(java.nio.ByteOrder.LITTLE_ENDIAN);
  }
}
