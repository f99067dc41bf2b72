package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.PixelWindow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private static final PixelWindow LEFT = new PixelWindow(0, 0, 4, 3);
  private static final PixelWindow RIGHT = new PixelWindow(3, 1, 5, 5);

  @Test
  void intersectsInTheCommonPixels() {
    assertThat(Windows.intersect(LEFT, RIGHT)).isEqualTo(new PixelWindow(3, 1, 1, 2));
    assertThat(Windows.intersect(RIGHT, LEFT)).isEqualTo(new PixelWindow(3, 1, 1, 2));
    assertThat(Windows.intersect(LEFT, LEFT)).isEqualTo(LEFT);
  }

  @Test
  void windowsThatOnlyTouchHaveNothingInCommon() {
    // given
    PixelWindow beside = new PixelWindow(4, 0, 2, 2);
    PixelWindow far = new PixelWindow(100, 100, 2, 2);

    // then
    assertThat(Windows.isEmpty(Windows.intersect(LEFT, beside))).isTrue();
    assertThat(Windows.isEmpty(Windows.intersect(LEFT, far))).isTrue();
    assertThat(Windows.pixels(Windows.intersect(LEFT, far))).isZero();
  }

  @Test
  void theHullHoldsBoth() {
    assertThat(Windows.hull(LEFT, RIGHT)).isEqualTo(new PixelWindow(0, 0, 8, 6));
    assertThat(Windows.hull(RIGHT, LEFT)).isEqualTo(new PixelWindow(0, 0, 8, 6));
  }

  @Test
  void copiesTheRowsInCommonFromPlaceToPlace() {
    // when
    List<List<Integer>> copies = new ArrayList<>();
    Windows.copyRows(LEFT, RIGHT, (from, to, length) -> copies.add(List.of(from, to, length)));

    // then: column 3 of rows 1 and 2 of the left, the first column of rows 0 and 1 of the right
    assertThat(copies).containsExactly(List.of(7, 0, 1), List.of(11, 5, 1));
  }

  @Test
  void copiesNothingWhereNothingIsInCommon() {
    Windows.copyRows(
        LEFT,
        new PixelWindow(4, 0, 1, 1),
        (from, to, length) -> {
          throw new AssertionError("copied " + length);
        });
  }
}
