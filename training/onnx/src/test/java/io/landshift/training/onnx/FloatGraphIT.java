package io.landshift.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.model.inference.FloatGraph;
import io.landshift.model.inference.FloatGraph.Tensor;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Graphs that are no bundle's, run by serving's runtime. */
class FloatGraphIT {
  private static final Map<String, Tensor> INPUT =
      Map.of("x", new Tensor(List.of(1, 3), new float[] {1, 2, 4}));

  /** Of x it gives 3 (x + 1), and x + 1 where asked to. */
  private static OnnxGraph graph(boolean open) {
    OnnxGraph graph = new OnnxGraph("g");
    GraphMath math = new GraphMath(graph);
    Value x = graph.input("x", ElementType.FLOAT32, Dimension.of("n"), Dimension.of("m"));
    Value sum = math.add(x, 1);
    graph.output("y", math.multiply(sum, 3), ElementType.FLOAT32);
    if (open) {
      graph.expose(sum, ElementType.FLOAT32);
    }
    return graph;
  }

  @Test
  void givesAllOutputsWithTheirShapes() {
    // given: shapes differ from run to run
    Tensor column = new Tensor(List.of(2, 1), new float[] {0, -1});
    try (FloatGraph graph = ModelRuntime.openGraph("g", graph(true).toBytes())) {
      // when
      Map<String, Tensor> first = graph.run(INPUT);
      Map<String, Tensor> second = graph.run(Map.of("x", column));

      // then
      assertThat(first).hasSize(2).containsKey("y");
      assertThat(first.values())
          .allSatisfy(tensor -> assertThat(tensor.shape()).containsExactly(1, 3))
          .anySatisfy(tensor -> assertThat(tensor.values()).containsExactly(2, 3, 5))
          .anySatisfy(tensor -> assertThat(tensor.values()).containsExactly(6, 9, 15));
      assertThat(second.values())
          .allSatisfy(tensor -> assertThat(tensor.shape()).containsExactly(2, 1))
          .anySatisfy(tensor -> assertThat(tensor.values()).containsExactly(3, 0));
    }
  }

  @Test
  void saysWhatIsWrong() {
    // given
    OnnxGraph integers = new OnnxGraph("g");
    Value x = integers.input("x", ElementType.FLOAT32, Dimension.of(1), Dimension.of(3));
    integers.output("shape", integers.node("Shape", List.of(x)), ElementType.INT64);
    FloatGraph graph = ModelRuntime.openGraph("a graph", graph(false).toBytes());

    // when, then
    assertFails(FailureReason.INFERENCE_FAILED, "a graph", () -> graph.run(Map.of()));
    assertFails(
        FailureReason.INFERENCE_FAILED,
        "a graph",
        () -> graph.run(Map.of("z", new Tensor(List.of(1, 1), new float[1]))));
    assertFails(
        FailureReason.INFERENCE_FAILED,
        "a graph",
        () -> graph.run(Map.of("x", new Tensor(List.of(2, 2), new float[3]))));
    try (FloatGraph counting = ModelRuntime.openGraph("counting", integers.toBytes())) {
      assertFails(
          FailureReason.INFERENCE_FAILED,
          "shape of counting is no tensor of float32",
          () -> counting.run(INPUT));
    }
    assertFails(
        FailureReason.MODEL_INVALID,
        "",
        () -> ModelRuntime.openGraph("noise", new byte[] {1, 2, 3}));
    graph.close();
    graph.close();
    assertThatThrownBy(() -> graph.run(INPUT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private static void assertFails(FailureReason reason, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LandshiftException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}
