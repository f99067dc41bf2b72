package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.PixelWindow;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanesTest {
  private static final PixelWindow SMALL = new PixelWindow(10, 20, 2, 2);
  private static final PixelWindow LARGE = new PixelWindow(9, 20, 3, 3);

  @Test
  void planesAreJoinedOneAfterTheOther() {
    assertThat(Planes.joined(List.of(new short[] {1, -2}, new short[] {256})))
        .containsExactly(1, -2, 256);
    assertThat(Planes.joined(List.of())).isEmpty();
  }

  @Test
  void everyPlaneMovesToItsPlaceInALargerWindow() {
    // given
    short[] values = {1, 2, 3, 4, 5, 6, 7, 8};

    // when
    short[] moved = Planes.moved(values, SMALL, LARGE, 2, (short) -9);

    // then
    assertThat(moved)
        .containsExactly(-9, 1, 2, -9, 3, 4, -9, -9, -9, -9, 5, 6, -9, 7, 8, -9, -9, -9);
    assertThat(Planes.moved(moved, LARGE, SMALL, 2, (short) 0)).containsExactly(values);
  }

  @Test
  void bytesAndFloatsMoveTheSameWay() {
    assertThat(Planes.moved(new byte[] {1, 2, 3, 4}, SMALL, LARGE, (byte) 7))
        .containsExactly(7, 1, 2, 7, 3, 4, 7, 7, 7);
    assertThat(Planes.moved(new float[] {1, 2, 3, 4}, SMALL, LARGE))
        .containsExactly(Float.NaN, 1, 2, Float.NaN, 3, 4, Float.NaN, Float.NaN, Float.NaN);
  }

  @Test
  void nothingMovesBetweenWindowsApart() {
    assertThat(Planes.moved(new byte[] {1, 2, 3, 4}, SMALL, new PixelWindow(0, 0, 2, 1), (byte) 5))
        .containsExactly(5, 5);
  }
}
