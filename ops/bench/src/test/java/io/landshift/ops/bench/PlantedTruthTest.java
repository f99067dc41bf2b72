package io.landshift.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlantedTruthTest {
  private static final int WIDTH = 20;
  private static final double HIGH = 450;

  private final float[] scores = new float[WIDTH * WIDTH];

  private void fill(int x, int y, int width, int height, float score) {
    for (int row = y; row < y + height; row++) {
      Arrays.fill(scores, row * WIDTH + x, row * WIDTH + x + width, score);
    }
  }

  @Test
  void givenScoresOfADate_whenCompared_thenWhatIsFoundOfWhatCouldBeSeen() {
    // given: four patches of four pixels a side
    PlantedTruth truth =
        new PlantedTruth(
            "2021-01-01",
            List.of(
                new PlantedTruth.Patch(0, 0, 4),
                new PlantedTruth.Patch(10, 0, 4),
                new PlantedTruth.Patch(0, 10, 4),
                new PlantedTruth.Patch(10, 10, 4)));
    // the first is high in three of four rows, right at the threshold
    fill(0, 0, 4, 3, 450);
    // the second in half of them: not more than half
    fill(10, 0, 4, 2, 900);
    // of the third one row is free of cloud, and high
    fill(0, 10, 4, 4, Float.NaN);
    fill(0, 10, 4, 1, 900);
    // of the fourth two rows are free, and three quarters of those are high
    fill(10, 10, 4, 4, Float.NaN);
    fill(10, 10, 4, 2, 900);
    fill(10, 11, 2, 1, 449);
    // elsewhere two pixels are high and one is under cloud
    fill(18, 18, 2, 1, 451);
    fill(19, 0, 1, 1, Float.NaN);

    // when
    PlantedTruth.Found found = truth.compare(scores, WIDTH, HIGH);

    // then
    assertThat(found)
        .isEqualTo(new PlantedTruth.Found(4, 3, 2, 12 + 8 + 4 + 6 + 2, 2, 400 - 4 * 16 - 1));
  }

  @Test
  void givenATruthOnDisk_whenRead_thenTheSame(@TempDir Path folder) throws Exception {
    // given
    PlantedTruth truth =
        new PlantedTruth("2021-01-01", List.of(new PlantedTruth.Patch(200, 300, 8)));

    // when
    truth.write(folder);

    // then
    assertThat(PlantedTruth.read(folder)).isEqualTo(truth);
  }
}
