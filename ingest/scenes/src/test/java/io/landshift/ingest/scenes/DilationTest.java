package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DilationTest {

  @Test
  void setsExactlyThePixelsWithASetOneInTheirSquare() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("DilationTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      // Rows of up to three words, and growth of up to more than a word.
      boolean wide = round % 4 == 0;
      int width = 1 + random.nextInt(wide ? 190 : 20);
      int height = 1 + random.nextInt(20);
      int radius = random.nextInt(wide ? 70 : 6);
      byte[] mask = new byte[width * height];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = (byte) (random.nextInt(wide ? 400 : 12) == 0 ? 3 : random.nextInt(3));
      }
      BitMask set = BitMask.where(mask, (byte) 3, width, height);

      // when
      BitMask result = Dilation.square(set, radius);

      // then
      byte[] grown = new byte[mask.length];
      result.paint(grown, (byte) 1);
      int count = 0;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          boolean expected = anyNear(mask, width, height, x, y, radius);
          count += expected ? 1 : 0;
          if (grown[y * width + x] != (expected ? 1 : 0)) {
            throw new AssertionError("seed %d round %d pixel %d,%d".formatted(seed, round, x, y));
          }
        }
      }
      assertThat(result.count()).as("seed %d round %d", seed, round).isEqualTo(count);
      assertThat(set.count()).isEqualTo(counted(mask));
    }
  }

  private static boolean anyNear(byte[] mask, int width, int height, int x, int y, int radius) {
    for (int v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
      for (int u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
        if (mask[v * width + u] == 3) {
          return true;
        }
      }
    }
    return false;
  }

  private static int counted(byte[] mask) {
    int count = 0;
    for (byte code : mask) {
      count += code == 3 ? 1 : 0;
    }
    return count;
  }
}
