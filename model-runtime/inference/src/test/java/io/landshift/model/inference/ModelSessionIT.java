package io.landshift.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("it")
class ModelSessionIT {
  private static final PixelRegion CHUNK = new PixelRegion(0, 0, 3, 2);
  private static final boolean[] ALL = {true, true, true, true, true, true, true};

  @Test
  void aForestThatStaysAForestScoresNothing() {
    // given
    try (ModelSession session =
        ModelRuntime.open(Bundles.spectralBaseline(), RuntimeOptions.cpu())) {
      short[] features = session.encode(forest(session));
      FeaturePlanes planes = FeaturePlanes.quantised(features, 3, 2, session.manifest());

      // when
      LandCover landCover = session.segment(features, ALL, 3, 2, false);
      float[][] scores =
          session.scores(planes, planes, planes, null, ALL, new PixelRegion(0, 0, 3, 2));

      // then: the second class is vegetation
      assertThat(landCover.classes()).containsOnly(2);
      assertThat(landCover.probabilities()).isNull();
      assertThat(scores[0]).containsOnly(0f);
      assertThat(scores[1]).containsOnly(0f);
    }
  }

  @Test
  void arraysMustFitTheChunk() {
    try (ModelSession session =
        ModelRuntime.open(Bundles.spectralBaseline(), RuntimeOptions.cpu())) {
      assertThatThrownBy(() -> session.segment(new short[59], ALL, 3, 2, false))
          .hasMessageContaining("59 values, expected 60");
      assertThatThrownBy(() -> session.segment(new short[60], new boolean[3], 3, 2, false))
          .hasMessageContaining("presence");
      assertThatThrownBy(
              () -> session.scores(new float[60], new float[60], new float[1], ALL, 3, 2))
          .hasMessageContaining("spread");
      assertThatThrownBy(() -> session.segment(new short[0], ALL, 0, 2, false))
          .isInstanceOf(IllegalArgumentException.class);
      WindowPlan plan = WindowPlan.of(session.manifest().window(), CHUNK);
      ChunkInput fewBands = new ChunkInput(plan, CHUNK, new float[][] {new float[6]}, null);
      assertThatThrownBy(() -> session.encode(fewBands)).hasMessageContaining("7");
    }
  }

  @Test
  void aClosedSessionSaysSo() {
    // given
    ModelSession session = ModelRuntime.open(Bundles.spectralBaseline(), RuntimeOptions.cpu());
    ChunkInput input = forest(session);

    // when
    session.close();
    session.close();

    // then
    assertThatThrownBy(() -> session.encode(input)).isInstanceOf(IllegalStateException.class);
  }

  private static ChunkInput forest(ModelSession session) {
    float[] spectrum = {0.02f, 0.04f, 0.02f, 0.38f, 0.41f, 0.18f, 0.08f};
    float[][] bands = new float[7][CHUNK.area()];
    for (int band = 0; band < 7; band++) {
      Arrays.fill(bands[band], spectrum[band]);
    }
    WindowPlan plan = WindowPlan.of(session.manifest().window(), CHUNK);
    return new ChunkInput(plan, CHUNK, bands, null);
  }
}
