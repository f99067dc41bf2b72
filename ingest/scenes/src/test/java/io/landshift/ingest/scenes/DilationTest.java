package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DilationTest {

  @Test
  void setsExactlyThePixelsWithASetOneInTheirSquare() {
    // given
    long seed = System.nanoTime();
    System.out.println("DilationTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int width = 1 + random.nextInt(20);
      int height = 1 + random.nextInt(20);
      int radius = random.nextInt(6);
      boolean[] mask = new boolean[width * height];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = random.nextInt(12) == 0;
      }
      boolean[] before = mask.clone();

      // when
      boolean[] grown = Dilation.square(mask, width, height, radius);

      // then
      assertThat(mask).isEqualTo(before);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          assertThat(grown[y * width + x])
              .as("seed %d round %d pixel %d,%d", seed, round, x, y)
              .isEqualTo(anyNear(mask, width, height, x, y, radius));
        }
      }
    }
  }

  private static boolean anyNear(boolean[] mask, int width, int height, int x, int y, int radius) {
    for (int v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
      for (int u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
        if (mask[v * width + u]) {
          return true;
        }
      }
    }
    return false;
  }
}
