package io.landshift.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.model.bundle.WindowPlan;
import org.junit.jupiter.api.Test;

class ChunkInputTest {
  private static final PixelRegion CHUNK = new PixelRegion(0, 0, 4, 2);
  private static final WindowPlan PLAN = WindowPlan.of(new WindowGeometry(8, 0, 1, 8), CHUNK);

  @Test
  void bandsThatAreNullAreAbsent() {
    // when
    ChunkInput input = new ChunkInput(PLAN, CHUNK, new float[][] {new float[8], null}, null);

    // then
    assertThat(input.presence()).containsExactly(true, false);
  }

  @Test
  void arraysMustHaveTheRightLength() {
    assertThatThrownBy(() -> new ChunkInput(PLAN, CHUNK, new float[][] {new float[7]}, null))
        .hasMessageContaining("7 pixels");
    assertThatThrownBy(
            () -> new ChunkInput(PLAN, CHUNK, new float[][] {new float[8]}, new boolean[7]))
        .hasMessageContaining("valid mask");
  }
}
