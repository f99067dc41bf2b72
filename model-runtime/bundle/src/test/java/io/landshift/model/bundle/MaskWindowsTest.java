package io.landshift.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskWindowsTest {

  @ParameterizedTest
  @CsvSource({"256, 52", "16, 4", "16, 8", "7, 2", "7, 3", "5, 0", "1, 0", "1024, 512"})
  void theWeightsOfEveryCellSumToOneInTheWindowsThatAreNamedForIt(int size, int overlap) {
    // given
    MaskWindows windows = new MaskWindows(size, overlap);
    int[] weights = windows.weights();

    for (int cell = 0; cell < 4 * size; cell++) {
      // when
      int sum = 0;
      for (int index = windows.firstOf(cell); index <= windows.lastOf(cell); index++) {
        sum += weights[cell - windows.start(index)];
      }

      // then
      assertThat(sum).as("cell %d", cell).isEqualTo(MaskWindows.ONE);
    }
    assertThat(windows.firstOf(0)).as("nothing lies before the grid").isZero();
  }

  @Test
  void windowsAndWeightsAreThoseOfUkisCsmask() {
    // given: tile_array and untile_array of ukis-csmask 1.0.0 with xsize=256, overlap=0.2:
    // windows begin at -51, 153, 357; weights are scipy.signal.windows.tukey(256, 0.4)
    MaskWindows windows = new MaskWindows(256, 52);

    // when, then
    assertThat(windows.start(0)).isEqualTo(-51);
    assertThat(windows.start(1)).isEqualTo(153);
    assertThat(windows.start(2)).isEqualTo(357);
    int[] weights = windows.weights();
    double[] tukey = {0, 9.4821e-4, 3.7892e-3, 8.5126e-3, 1.5101e-2};
    for (int n = 0; n < tukey.length; n++) {
      assertThat(weights[n] / (double) MaskWindows.ONE).isCloseTo(tukey[n], within(4e-5));
      assertThat(weights[255 - n]).isCloseTo(weights[n], within(1));
    }
    assertThat(weights[25] / (double) MaskWindows.ONE).isCloseTo(0.4846024, within(4e-5));
    assertThat(weights[51]).isEqualTo(MaskWindows.ONE);
    assertThat(weights[128]).isEqualTo(MaskWindows.ONE);
  }

  @Test
  void aSceneIsMirroredBeyondItsBordersAsOftenAsItTakes() {
    // given: numpy.pad(numpy.arange(10, 13), (4, 5), mode="symmetric")
    int[] expected = {12, 12, 11, 10, 10, 11, 12, 12, 11, 10, 10, 11};
    MaskWindows windows = new MaskWindows(12, 0);

    // when: window 1 begins at cell 12, here taken as cell 6 of a scene of 10..12
    int[] seen = new MaskWindows(12, 0).seen(0, 4, 7);

    // then: cells 0..11 of a scene that is 4..6
    for (int n = 0; n < seen.length; n++) {
      assertThat(seen[n] + 6).as("position %d", n).isEqualTo(expected[n]);
    }
    assertThat(windows.seen(1, 12, 24))
        .containsExactly(12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
  }

  @Test
  void overlapsThatLeaveCellsWithoutOrWithThreeWindowsAreRefused() {
    assertThatThrownBy(() -> new MaskWindows(16, 9)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MaskWindows(16, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MaskWindows(16, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MaskWindows(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MaskWindows(1025, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
