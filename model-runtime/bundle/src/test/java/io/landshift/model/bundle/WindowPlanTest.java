package io.landshift.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class WindowPlanTest {

  @Test
  void aChunkThatIsOneCoreNeedsOneWindow() {
    // given
    WindowGeometry geometry = new WindowGeometry(32, 4, 2, 8);

    // when
    WindowPlan plan = WindowPlan.of(geometry, new PixelRegion(24, 48, 24, 24));

    // then
    assertThat(plan.windows())
        .containsExactly(
            new WindowPlan.Window(
                new PixelRegion(20, 44, 32, 32), new PixelRegion(24, 48, 24, 24)));
    assertThat(plan.readRegion()).isEqualTo(new PixelRegion(20, 44, 32, 32));
  }

  @Test
  void theReadRegionReachesBeyondTheGridsOrigin() {
    // given
    WindowGeometry geometry = new WindowGeometry(32, 4, 2, 8);

    // when
    WindowPlan plan = WindowPlan.of(geometry, new PixelRegion(0, 0, 26, 2));

    // then
    assertThat(plan.windows()).hasSize(2);
    assertThat(plan.readRegion()).isEqualTo(new PixelRegion(-4, -4, 56, 32));
  }

  @RepeatedTest(20)
  void everyPixelHasOneWindowThatDoesNotDependOnTheChunk() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int stride = 1 << random.nextInt(4);
    int overlap = stride * random.nextInt(5);
    int size = 2 * overlap + stride * (1 + random.nextInt(12));
    WindowGeometry geometry = new WindowGeometry(size, overlap, stride, 4);
    PixelRegion chunk =
        new PixelRegion(
            stride * random.nextInt(40),
            stride * random.nextInt(40),
            stride * (1 + random.nextInt(30)),
            stride * (1 + random.nextInt(30)));

    // when
    WindowPlan plan = WindowPlan.of(geometry, chunk);

    // then
    Set<Long> covered = new HashSet<>();
    boolean twice = false;
    for (WindowPlan.Window window : plan.windows()) {
      PixelRegion core = window.core();
      assertThat(core.x() % geometry.core()).isZero();
      assertThat(core.y() % geometry.core()).isZero();
      assertThat(window.input().x()).isEqualTo(core.x() - overlap);
      assertThat(window.input().right()).isEqualTo(core.right() + overlap);
      assertThat(plan.readRegion().contains(window.input())).isTrue();
      for (int y = core.y(); y < core.bottom(); y++) {
        for (int x = core.x(); x < core.right(); x++) {
          twice |= !covered.add(((long) y << 32) + x);
        }
      }
    }
    assertThat(twice).isFalse();
    for (int y = chunk.y(); y < chunk.bottom(); y++) {
      for (int x = chunk.x(); x < chunk.right(); x++) {
        assertThat(covered.contains(((long) y << 32) + x)).as("pixel %d %d", x, y).isTrue();
      }
    }
  }

  @Test
  void whatCannotBeAWindowGridIsRefused() {
    assertThatThrownBy(() -> new WindowGeometry(32, 16, 1, 8)).hasMessageContaining("no core");
    assertThatThrownBy(() -> new WindowGeometry(32, 3, 2, 8)).hasMessageContaining("multiples");
    assertThatThrownBy(() -> new WindowGeometry(33, 4, 2, 8)).hasMessageContaining("multiples");
    assertThatThrownBy(() -> new WindowGeometry(5000, 0, 1, 8)).hasMessageContaining("window");
    assertThatThrownBy(() -> new WindowGeometry(32, 0, 8, 1000)).hasMessageContaining("head");
  }

  @Test
  void aChunkMustKeepToTheStrideAndTheGrid() {
    // given
    WindowGeometry geometry = new WindowGeometry(32, 4, 2, 8);

    // when, then
    assertThatThrownBy(() -> WindowPlan.of(geometry, new PixelRegion(1, 0, 2, 2)))
        .hasMessageContaining("stride");
    assertThatThrownBy(() -> WindowPlan.of(geometry, new PixelRegion(0, 0, 3, 2)))
        .hasMessageContaining("stride");
    assertThatThrownBy(() -> WindowPlan.of(geometry, new PixelRegion(-2, 0, 2, 2)))
        .hasMessageContaining("on the grid");
  }
}
