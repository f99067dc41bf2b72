package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.change.ActivePixels.From;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActivePixelsTest {
  @Test
  void collectsProvisionalAndConfirmedPixelsInTheirPlaceOnTheGrid() {
    // given
    LifecycleStatus state = new LifecycleStatus(12);
    byte[] codes = {0, 1, 2, 3, 4, 5, 6, 7, 8, (byte) 255, 0, 2};
    System.arraycopy(codes, 0, state.status(), 0, 12);
    short[] score = new short[12];
    byte[] from = new byte[12];
    byte[] to = new byte[12];
    for (int i = 0; i < 12; i++) {
      state.firstDay()[i] = (short) (100 + i);
      score[i] = (short) (200 + i);
      from[i] = (byte) (10 + i);
      to[i] = (byte) (50 + i);
    }

    // when
    ActivePixels active =
        ActivePixels.collect(
            state, new ChunkWindow(1024, 2048, 4, 3), score, from, to, From.PROVISIONAL);

    // then
    assertThat(active.size()).isEqualTo(5);
    assertThat(active.x()).containsExactly(1026, 1027, 1025, 1026, 1027);
    assertThat(active.y()).containsExactly(2048, 2048, 2049, 2049, 2050);
    assertThat(active.status()).containsExactly(2, 3, 5, 6, 2);
    assertThat(active.score()).containsExactly(202, 203, 205, 206, 211);
    assertThat(active.firstDay()).containsExactly(102, 103, 105, 106, 111);
    assertThat(active.fromClass()).containsExactly(12, 13, 15, 16, 21);
    assertThat(active.toClass()).containsExactly(52, 53, 55, 56, 61);
    assertThat(ActivePixels.fromBytes(active.toBytes())).isEqualTo(active);
    assertThat(active.toBytes()).hasSize(8 + 15 * 5);
    ActivePixels ofAPair =
        ActivePixels.collect(
            state, new ChunkWindow(1024, 2048, 4, 3), score, from, to, From.FIRST_HIGH);
    assertThat(ofAPair.status()).containsExactly(2, 3, 4, 5, 6, 2);
  }

  @Test
  void refusesDamageAndPixelsThatAreThereTwice() {
    // given
    ActivePixels one = onePixel(5);
    byte[] bytes = one.toBytes();

    // when, then
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ActivePixels.fromBytes(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    byte[] negative = bytes.clone();
    negative[11] = (byte) 0x80;
    assertThatThrownBy(() -> ActivePixels.fromBytes(negative))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ActivePixels.merge(List.of(one, one)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ActivePixels.merge(List.of(onePixel(6), one)).x()).containsExactly(5, 6);
    assertThat(ActivePixels.merge(List.of())).isEqualTo(ActivePixels.EMPTY);
  }

  private static ActivePixels onePixel(int x) {
    LifecycleStatus state = new LifecycleStatus(1);
    state.status()[0] = 3;
    return ActivePixels.collect(
        state,
        new ChunkWindow(x, 0, 1, 1),
        new short[1],
        new byte[1],
        new byte[1],
        From.PROVISIONAL);
  }
}
