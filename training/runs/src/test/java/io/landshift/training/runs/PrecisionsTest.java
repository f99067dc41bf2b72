package io.landshift.training.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.model.bundle.GraphRole;
import io.landshift.training.evaluation.Interval;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrecisionsTest {
  private static ChangeEvaluation.Measured gain(double value, double low, double high) {
    return new ChangeEvaluation.Measured(value, new Interval(low, high));
  }

  @Test
  void theMostThatMayBeLostIsHeldAgainstTheMargin() {
    assertThat(Precisions.refusal(gain(-0.001, -0.004, 0.002), 0.005)).isNull();
    assertThat(Precisions.refusal(gain(0.002, -0.006, 0.010), 0.005))
        .isEqualTo("may lose 0.0060 of AUC, and the margin is 0.0050");
    assertThat(Precisions.refusal(gain(0.002, 0.001, 0.003), -1)).contains("-1.0000");
    assertThat(Precisions.refusal(new ChangeEvaluation.Measured(0, Interval.UNKNOWN), 1))
        .contains("cannot be told");
  }

  @Test
  void aScoreMayBeOffByAShareOfWhatScoresDiffer() {
    // given: scores of -20..60
    byte[] scores =
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(3)
            .putFloat(-20)
            .putFloat(60)
            .array();

    // when, then
    assertThat(Precision.FP32.score(scores)).isEqualTo(0.01);
    assertThat(Precision.FP16.score(scores)).isEqualTo(0.8);
    assertThat(Precision.INT8.score(scores)).isEqualTo(16);
    assertThat(Precision.INT8.score(new byte[12])).isEqualTo(0.01);
  }

  @Test
  void theTableSaysWhatIsKeptAndWhyNot() {
    // when
    String table =
        ModelCard.precisions(
            new Precisions.Tried(
                Precision.FP32, Map.of(GraphRole.CHANGE, new byte[2000]), 4.5, null, null),
            List.of(
                new Precisions.Tried(
                    Precision.INT8,
                    Map.of(GraphRole.CHANGE, new byte[500]),
                    2,
                    gain(-0.01, -0.02, 0.001),
                    "too bad")),
            0.005);

    // then
    assertThat(table)
        .contains(
            "## Precisions",
            "lower by no more than 0.0050",
            "| fp32 | 2,000 | 4.50 |  | kept |",
            "| int8 | 500 | 2.00 | -0.01000 (-0.02000 .. +0.00100) | not kept: too bad |");
  }
}
