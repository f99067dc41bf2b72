package io.landshift.training.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.landshift.training.networks.Values;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PatchMaskTest {
  @Test
  void seesNineteenOfFortyNinePatchesInEachWindowAndEachEquallyOften() {
    // given
    int windows = 4000;

    // when
    Values mask = PatchMask.draw(windows, 7, PatchMask.RATIO, new SplittableRandom(5));

    // then
    assertThat(mask.shape()).containsExactly(windows, 1, 7, 7);
    int[] often = new int[49];
    for (int window = 0; window < windows; window++) {
      int seen = 0;
      for (int patch = 0; patch < 49; patch++) {
        float visible = mask.values()[window * 49 + patch];
        assertThat(visible).isIn(0f, 1f);
        seen += (int) visible;
        often[patch] += (int) visible;
      }
      assertThat(seen).isEqualTo(19);
    }
    for (int count : often) {
      // four standard deviations of a share
      assertThat(count / 4000.0).isEqualTo(19 / 49.0, within(0.031));
    }
  }

  @Test
  void aSeedDecidesTheMask() {
    float[] one = PatchMask.draw(2, 7, 0.6, new SplittableRandom(1)).values();
    assertThat(PatchMask.draw(2, 7, 0.6, new SplittableRandom(1)).values()).isEqualTo(one);
    assertThat(PatchMask.draw(2, 7, 0.6, new SplittableRandom(2)).values()).isNotEqualTo(one);
  }

  @Test
  void refusesToHideEverything() {
    assertThat(PatchMask.kept(49, 0)).isEqualTo(49);
    assertThatThrownBy(() -> PatchMask.kept(49, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
