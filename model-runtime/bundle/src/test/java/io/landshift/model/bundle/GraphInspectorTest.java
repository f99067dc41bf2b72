package io.landshift.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs are made by another project's protobuf classes. */
class GraphInspectorTest {
  private static final OnnxMl.TensorProto EXTERNAL =
      OnnxMl.TensorProto.newBuilder()
          .setName("weights")
          .setDataType(1)
          .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
          .addExternalData(
              OnnxMl.StringStringEntryProto.newBuilder()
                  .setKey("location")
                  .setValue("../../etc/passwd"))
          .build();

  @ParameterizedTest
  @EnumSource(GraphRole.class)
  void readsTheSameAsAnIndependentReader(GraphRole role) throws Exception {
    // given
    byte[] onnx = Bundles.spectralBaseline().graph(role);
    OnnxMl.GraphProto graph = OnnxMl.ModelProto.parseFrom(onnx).getGraph();

    // when
    GraphSignature signature = GraphInspector.inspect(onnx);

    // then
    for (OnnxMl.ValueInfoProto input : graph.getInputList()) {
      List<Long> dimensions =
          input.getType().getTensorType().getShape().getDimList().stream()
              .map(dim -> dim.hasDimValue() ? dim.getDimValue() : GraphSignature.SYMBOLIC)
              .toList();
      assertThat(signature.inputs().get(input.getName()))
          .isEqualTo(
              new GraphSignature.Tensor(input.getType().getTensorType().getElemType(), dimensions));
    }
    assertThat(signature.operators())
        .containsExactlyInAnyOrderElementsOf(
            graph.getNodeList().stream().map(OnnxMl.NodeProto::getOpType).distinct().toList());
  }

  @Test
  void inputsWithAnInitialiserNeedNotBeFed() {
    // given
    OnnxMl.ModelProto.Builder model = model("Relu");
    model
        .getGraphBuilder()
        .addInput(OnnxMl.ValueInfoProto.newBuilder().setName("weights"))
        .addInput(OnnxMl.ValueInfoProto.newBuilder().setName("x"))
        .addInitializer(OnnxMl.TensorProto.newBuilder().setName("weights"));

    // when
    GraphSignature signature = GraphInspector.inspect(model.build().toByteArray());

    // then
    assertThat(signature.inputs()).containsOnlyKeys("x");
  }

  @Test
  void weightsOutsideTheFileAreRefused() {
    // given
    OnnxMl.ModelProto.Builder model = model("Relu");
    model.getGraphBuilder().addInitializer(EXTERNAL);

    // when, then
    assertRefused(model, "'weights' lies outside the file");
  }

  @Test
  void weightsOutsideTheFileAreFoundInAttributesAndSparseTensors() {
    // given
    OnnxMl.ModelProto.Builder constant = model("Relu");
    constant
        .getGraphBuilder()
        .addNode(
            OnnxMl.NodeProto.newBuilder()
                .setOpType("Constant")
                .addAttribute(OnnxMl.AttributeProto.newBuilder().setName("value").setT(EXTERNAL)));
    OnnxMl.ModelProto.Builder sparse = model("Relu");
    sparse
        .getGraphBuilder()
        .addSparseInitializer(OnnxMl.SparseTensorProto.newBuilder().setValues(EXTERNAL));

    // when, then
    assertRefused(constant, "lies outside the file");
    assertRefused(sparse, "lies outside the file");
  }

  @Test
  void operatorsOfOtherDomainsAreRefusedByName() {
    // given
    OnnxMl.ModelProto.Builder imported = model("Relu");
    imported.addOpsetImport(
        OnnxMl.OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1));
    OnnxMl.ModelProto.Builder used = model("Relu");
    used.getGraphBuilder()
        .addNode(OnnxMl.NodeProto.newBuilder().setOpType("Exec").setDomain("evil.ops"));

    // when, then
    assertRefused(imported, "com.microsoft");
    assertRefused(used, "evil.ops.Exec");
  }

  @Test
  void subgraphsAreWalked() {
    // given: an If whose branch, inside a Loop, holds a custom operator
    OnnxMl.GraphProto branch =
        OnnxMl.GraphProto.newBuilder()
            .addNode(OnnxMl.NodeProto.newBuilder().setOpType("Exec").setDomain("evil.ops"))
            .build();
    OnnxMl.GraphProto body =
        OnnxMl.GraphProto.newBuilder().addNode(withSubgraph("If", "then_branch", branch)).build();
    OnnxMl.ModelProto.Builder model = model("Relu");
    model.getGraphBuilder().addNode(withSubgraph("Loop", "body", body));

    // when, then
    assertRefused(model, "evil.ops.Exec");
  }

  @Test
  void subgraphsMayNotNestWithoutEnd() {
    // given
    OnnxMl.GraphProto graph = OnnxMl.GraphProto.getDefaultInstance();
    for (int depth = 0; depth < 40; depth++) {
      graph =
          OnnxMl.GraphProto.newBuilder().addNode(withSubgraph("If", "then_branch", graph)).build();
    }

    // when, then
    assertRefused(model("Relu").setGraph(graph), "nested deeper");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RandomNormal", "RandomUniformLike", "Bernoulli", "Multinomial"})
  void randomOperatorsAreRefused(String operator) {
    assertRefused(model(operator), operator);
  }

  @Test
  void quantisationThatLooksAtTheWholeBatchIsRefused() {
    assertRefused(model("DynamicQuantizeLinear"), "DynamicQuantizeLinear");
  }

  @Test
  void functionsAndTrainingPartsAreRefused() {
    assertRefused(
        model("Relu").addFunctions(OnnxMl.FunctionProto.newBuilder().setName("f")), "functions");
    assertRefused(
        model("Relu").addTrainingInfo(OnnxMl.TrainingInfoProto.getDefaultInstance()), "training");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 12, 24, 1000})
  void operatorSetsOutOfRangeAreRefused(long version) {
    assertRefused(
        model("Relu").setOpsetImport(0, OnnxMl.OperatorSetIdProto.newBuilder().setVersion(version)),
        "opset " + version);
  }

  @Test
  void damagedFilesNeverDoWorseThanBeRefused() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] sound = Bundles.spectralBaseline().graph(GraphRole.SEGMENTATION);

    // when, then: no other exception, no endless loop
    for (int round = 0; round < 20_000; round++) {
      byte[] onnx = Arrays.copyOf(sound, 1 + random.nextInt(sound.length));
      for (int flips = random.nextInt(8); flips > 0; flips--) {
        onnx[random.nextInt(onnx.length)] = (byte) random.nextInt();
      }
      try {
        GraphInspector.inspect(onnx);
      } catch (LandshiftException e) {
        assertThat(e.reason()).isEqualTo(FailureReason.MODEL_INVALID);
      }
    }
  }

  private static OnnxMl.ModelProto.Builder model(String operator) {
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(9)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(20))
        .setGraph(
            OnnxMl.GraphProto.newBuilder()
                .addNode(OnnxMl.NodeProto.newBuilder().setOpType(operator)));
  }

  private static OnnxMl.NodeProto withSubgraph(
      String operator, String attribute, OnnxMl.GraphProto graph) {
    return OnnxMl.NodeProto.newBuilder()
        .setOpType(operator)
        .addAttribute(OnnxMl.AttributeProto.newBuilder().setName(attribute).setG(graph))
        .build();
  }

  private static void assertRefused(OnnxMl.ModelProto.Builder model, String message) {
    byte[] onnx = model.build().toByteArray();
    assertThatThrownBy(() -> GraphInspector.inspect(onnx))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            failure -> assertThat(failure.reason()).isEqualTo(FailureReason.MODEL_INVALID))
        .hasMessageContaining(message);
  }
}
