package io.landshift.training.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.LandshiftException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SparseWeightsTest {
  private static final Model<ConvNextEncoder> MODEL =
      Model.of(scope -> ConvNextEncoder.of(scope, 2, List.of(1, 1, 1, 1), 5, 16));

  @Test
  void kernelsAreTurnedAndNamesFound() {
    // given: weights as MP-MAE's are laid out, the encoder's stem without a bias
    Map<String, Values> sparse = sparse();

    // when
    Weights dense = SparseWeights.dense(MODEL.parameters(), new Weights(sparse), "encoder.");

    // then: output 1, input 3, row 0, column 2 of a 3 x 3 kernel is position 2 * 3 + 0
    Values first = dense.tensors().get("initial_conv.0.weight");
    assertThat(first.shape()).containsExactly(2, 5, 3, 3);
    float[] kernel = sparse.get("encoder.initial_conv.0.kernel").values();
    assertThat(first.values()[((1 * 5 + 3) * 3 + 0) * 3 + 2])
        .isEqualTo(kernel[(6 * 5 + 3) * 2 + 1]);
    // channel 1, row 4, column 6 of a depthwise kernel
    float[] depthwise = dense.tensors().get("stages.0.0.dwconv.weight").values();
    float[] planes = sparse.get("encoder.stages.0.0.dwconv.kernel").values();
    assertThat(depthwise[(1 * 7 + 4) * 7 + 6]).isEqualTo(planes[(6 * 7 + 4) * 2 + 1]);
    // the others keep their order
    assertThat(dense.tensors().get("stages.0.0.pwconv1.weight").values())
        .isEqualTo(sparse.get("encoder.stages.0.0.pwconv1.linear.weight").values());
    assertThat(dense.tensors().get("stages.0.0.norm.bias").values())
        .isEqualTo(sparse.get("encoder.stages.0.0.norm.ln.bias").values());
    assertThat(dense.tensors().get("stages.0.0.grn.gamma").shape()).containsExactly(1, 1, 1, 8);
    assertThat(dense.tensors().get("stem.0.bias").values()).containsOnly(0);
    MODEL.parameters().forEach(dense::of);
  }

  @Test
  void denseWeightsStayAsTheyAre() {
    // given
    Weights weights = Weights.initial(MODEL.parameters(), 3);

    // when
    Weights dense = SparseWeights.dense(MODEL.parameters(), weights, "");

    // then
    for (Parameter parameter : MODEL.parameters()) {
      assertThat(dense.of(parameter)).isEqualTo(weights.of(parameter));
    }
  }

  @Test
  void whatIsMissingOrOfAnotherSizeIsNamed() {
    // given
    Map<String, Values> without = sparse();
    without.remove("encoder.stages.3.0.pwconv2.linear.weight");
    Map<String, Values> other = sparse();
    other.put("encoder.stem.0.kernel", new Values(List.of(1, 2), new float[2]));

    // when, then
    assertThatThrownBy(
            () -> SparseWeights.dense(MODEL.parameters(), new Weights(without), "encoder."))
        .isInstanceOf(LandshiftException.class)
        .hasMessageContaining("encoder.stages.3.0.pwconv2.weight");
    assertThatThrownBy(
            () -> SparseWeights.dense(MODEL.parameters(), new Weights(other), "encoder."))
        .isInstanceOf(LandshiftException.class)
        .hasMessageContaining("stem.0.weight");
  }

  private static Map<String, Values> sparse() {
    Map<String, Values> sparse = new LinkedHashMap<>();
    float next = 1;
    for (Parameter parameter : MODEL.parameters()) {
      float[] values = new float[parameter.count()];
      for (int index = 0; index < values.length; index++) {
        values[index] = next++;
      }
      sparse.put("encoder." + sparseName(parameter), new Values(List.of(values.length), values));
    }
    sparse.remove("encoder.stem.0.bias");
    return sparse;
  }

  private static String sparseName(Parameter parameter) {
    String name = parameter.name();
    if (parameter.shape().size() == 4 && name.endsWith("weight")) {
      return name.replace("weight", "kernel");
    }
    if (name.contains("pwconv")) {
      return name.replaceFirst("(weight|bias)$", "linear.$1");
    }
    boolean norm = name.contains("norm") || name.matches("(initial_conv|stem)\\.1\\..*");
    return norm || name.matches("downsample_layers\\..\\.0\\..*")
        ? name.replaceFirst("(weight|bias)$", "ln.$1")
        : name;
  }
}
