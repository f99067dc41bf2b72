package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.ingest.scenes.Quality;
import io.landshift.schemas.PixelWindow;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeededPixelsTest {
  /** It begins and ends within tiles of 8 pixels: 2 columns, 8, 8 and 1; 5 rows and 3. */
  private static final PixelWindow WINDOW = new PixelWindow(14, 11, 19, 8);

  private final byte[] quality = new byte[Windows.pixels(WINDOW)];
  private final byte[] idle = new byte[Windows.pixels(WINDOW)];

  NeededPixelsTest() {
    Arrays.fill(quality, Quality.CLOUD);
    Arrays.fill(idle, (byte) 1);
  }

  @Test
  void nothingIsNeededUnderAClosedCloud() {
    assertThat(NeededPixels.of(quality, idle, WINDOW, 8, 2)).containsOnly(0);
  }

  @Test
  void aClearPixelNeedsItsTile() {
    // given
    quality[3 * 19 + 6] = Quality.CLEAR;

    // when
    byte[] needed = NeededPixels.of(quality, idle, WINDOW, 8, 0);

    // then
    assertThat(needed).isEqualTo(marked(2, 0, 10, 5));
  }

  @Test
  void whereSomethingIsGoingOnAReferenceIsNeededUnderACloud() {
    // given
    idle[7 * 19 + 18] = 0;

    // when
    byte[] needed = NeededPixels.of(quality, idle, WINDOW, 8, 0);

    // then
    assertThat(needed).isEqualTo(marked(18, 5, 19, 8));
  }

  @Test
  void aPixelThatMayBeMovedIntoATileNeedsIt() {
    // given: the last column but one of a tile
    quality[8] = Quality.CLEAR;

    // when, then
    assertThat(NeededPixels.of(quality, idle, WINDOW, 8, 1)).isEqualTo(marked(2, 0, 10, 5));
    assertThat(NeededPixels.of(quality, idle, WINDOW, 8, 2)).isEqualTo(marked(2, 0, 18, 5));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyPixelOfATileWithAClearOneIsNeeded(long seed) {
    // given
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2; i++) {
      quality[random.nextInt(quality.length)] = Quality.CLEAR;
    }

    // when
    byte[] needed = NeededPixels.of(quality, idle, WINDOW, 8, 0);

    // then
    for (int p = 0; p < quality.length; p++) {
      boolean expected = false;
      for (int q = 0; q < quality.length; q++) {
        expected |= quality[q] == Quality.CLEAR && tile(q).equals(tile(p));
      }
      assertThat(needed[p]).isEqualTo((byte) (expected ? 1 : 0));
    }
  }

  private static String tile(int pixel) {
    int x = WINDOW.getX() + pixel % WINDOW.getWidth();
    int y = WINDOW.getY() + pixel / WINDOW.getWidth();
    return x / 8 + " " + y / 8;
  }

  private static byte[] marked(int left, int top, int right, int bottom) {
    byte[] marked = new byte[Windows.pixels(WINDOW)];
    for (int y = top; y < bottom; y++) {
      Arrays.fill(marked, y * 19 + left, y * 19 + right, (byte) 1);
    }
    return marked;
  }
}
