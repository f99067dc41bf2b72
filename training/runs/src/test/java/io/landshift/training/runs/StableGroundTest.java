package io.landshift.training.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.Direction;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StableGroundTest {
  private static final Score THRESHOLDS = new Score("loss", Direction.LOSS, 2.5, 4.5, null);

  /** -5, -4.99 and so on: 1,000 logits. */
  private static float[] logits() {
    float[] logits = new float[1000];
    for (int index = 0; index < logits.length; index++) {
      logits[index] = -5 + index / 100f;
    }
    return logits;
  }

  @Test
  void scaledLogitsReachTheThresholdsAsOftenAsAsked() {
    // when
    LearnedBundle.Scale scale = StableGround.scale(logits(), THRESHOLDS, 0.1, 0.02, "made");

    // then: counted over the scaled logits
    int low = 0;
    int high = 0;
    for (float logit : logits()) {
      double score = scale.gain() * logit + scale.offset();
      low += score >= 2.5 - 1e-6 ? 1 : 0;
      high += score >= 4.5 - 1e-6 ? 1 : 0;
    }
    assertThat(low).isEqualTo(100);
    assertThat(high).isEqualTo(20);
    assertThat(Objects.requireNonNull(scale.measured()).exceedanceLow())
        .isEqualTo(0.1, within(1e-9));
    assertThat(Objects.requireNonNull(scale.measured()).exceedanceHigh())
        .isEqualTo(0.02, within(1e-9));
  }

  @Test
  void whatNeverHappenedIsTakenForTheRarestThatWasSeen() {
    // when
    LearnedBundle.Scale scale = StableGround.scale(logits(), THRESHOLDS, 0.1, 0, "made");

    // then: only the largest logit is as high
    assertThat(scale.gain() * 4.99f + scale.offset()).isEqualTo(4.5, within(1e-5));
  }

  @Test
  void logitsThatDoNotDifferAreNotBlownUp() {
    // when
    LearnedBundle.Scale scale =
        StableGround.scale(new float[] {1, 1, 1, 1}, THRESHOLDS, 0.5, 0.1, "made");

    // then
    assertThat(scale.gain()).isEqualTo(20, within(1e-4));
  }
}
