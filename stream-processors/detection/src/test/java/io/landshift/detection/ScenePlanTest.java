package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.landshift.schemas.PixelWindow;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScenePlanTest {
  @Test
  void aSceneOnTheChunksLatticeHasWholeChunksInRowOrder() {
    // given
    ScenePlan plan = Scenes.plan(new PixelWindow(0, 1024, 3072, 2048), 1024);

    // when
    List<ChunkTask> chunks = plan.chunks();

    // then
    assertThat(plan.chunkCount()).isEqualTo(6);
    assertThat(chunks)
        .extracting(ChunkTask::column, ChunkTask::row)
        .containsExactly(
            tuple(0, 1), tuple(1, 1), tuple(2, 1), tuple(0, 2), tuple(1, 2), tuple(2, 2));
    assertThat(chunks.getLast().window()).isEqualTo(new PixelWindow(2048, 2048, 1024, 1024));
  }

  @Test
  void aSceneOffTheLatticeHasPartsOfChunksAtItsBorders() {
    // given
    ScenePlan plan = Scenes.plan(new PixelWindow(1000, 1024, 50, 1), 1024);

    // when
    List<ChunkTask> chunks = plan.chunks();

    // then
    assertThat(chunks)
        .extracting(ChunkTask::window)
        .containsExactly(new PixelWindow(1000, 1024, 24, 1), new PixelWindow(1024, 1024, 26, 1));
  }

  @Test
  void theLastChunkOfAGridEndsWithTheGrid() {
    // given
    ScenePlan plan = Scenes.plan(new PixelWindow(10_979, 10_979, 1, 1), 1024);

    // then
    assertThat(plan.chunks())
        .singleElement()
        .satisfies(chunk -> {
          assertThat(chunk.column()).isEqualTo(10);
          assertThat(chunk.window()).isEqualTo(new PixelWindow(10_979, 10_979, 1, 1));
        });
  }

  @Test
  void chunksCoverEveryPixelOnceWhateverTheWindow() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed of the windows: " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      int x = random.nextInt(300);
      int y = random.nextInt(300);
      PixelWindow window = new PixelWindow(x, y, 1 + random.nextInt(200), 1 + random.nextInt(200));
      ScenePlan plan = Scenes.plan(window, 16 * (1 + random.nextInt(6)));

      // when
      int[] seen = new int[window.getWidth() * window.getHeight()];
      for (ChunkTask chunk : plan.chunks()) {
        PixelWindow part = chunk.window();
        assertThat(part.getX() / plan.chunkSize()).isEqualTo(chunk.column());
        assertThat(part.getY() / plan.chunkSize()).isEqualTo(chunk.row());
        for (int row = 0; row < part.getHeight(); row++) {
          for (int column = 0; column < part.getWidth(); column++) {
            seen[(part.getY() - y + row) * window.getWidth() + part.getX() - x + column]++;
          }
        }
      }

      // then
      assertThat(plan.chunks()).hasSize(plan.chunkCount());
      assertThat(seen).containsOnly(1);
    }
  }
}
