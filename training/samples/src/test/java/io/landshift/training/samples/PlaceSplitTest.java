package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlaceSplitTest {
  private static final PlaceSplit SPLIT = new PlaceSplit(7, 0.2, 0.1);
  private static final List<Source> PLACES =
      IntStream.range(0, 5000).mapToObj(i -> Made.source("place " + i)).toList();

  @Test
  void partsPlacesByTheirSharesAndStays() {
    // when
    Map<Part, Integer> counts = new EnumMap<>(Part.class);
    PLACES.forEach(place -> counts.merge(SPLIT.of(place), 1, Integer::sum));

    // then: standard deviations are 28 and 21
    assertThat(counts.get(Part.VALIDATION) / 5000.0).isEqualTo(0.2, within(0.03));
    assertThat(counts.get(Part.TEST) / 5000.0).isEqualTo(0.1, within(0.03));
    // Fixed by the digest, as sha256sum gives it: any machine, any version draws the same.
    assertThat(SPLIT.of(PLACES.get(0))).isEqualTo(Part.TRAIN);
    assertThat(SPLIT.of(PLACES.get(1))).isEqualTo(Part.TRAIN);
    assertThat(SPLIT.of(PLACES.get(2))).isEqualTo(Part.TEST);
    assertThat(SPLIT.of(PLACES.get(3))).isEqualTo(Part.VALIDATION);
    assertThat(SPLIT.of(PLACES.get(4))).isEqualTo(Part.TRAIN);
  }

  @Test
  void samplesOfAPlaceAreNeverParted() {
    for (int i = 0; i < 100; i++) {
      // given
      Source one = new Source("set", "a", "ground " + i, Licence.SHIPPABLE, false);
      Source other = new Source("set", "b", "ground " + i, Licence.SHIPPABLE, false);

      // when, then
      assertThat(SPLIT.of(one)).isEqualTo(SPLIT.of(other));
    }
  }

  @Test
  void anotherSeedPartsOtherwise() {
    // when
    PlaceSplit other = new PlaceSplit(8, 0.2, 0.1);

    // then: 0.7^2 + 0.2^2 + 0.1^2 = 0.54 stay by chance
    long same = PLACES.stream().filter(place -> other.of(place) == SPLIT.of(place)).count();
    assertThat(same / 5000.0).isEqualTo(0.54, within(0.04));
  }

  @Test
  void turnsHoldOutEachPlaceOnce() {
    for (Source place : PLACES) {
      // when
      long held =
          Stream.of(0.0, 0.25, 0.5, 0.75)
              .filter(turn -> new PlaceSplit(7, 0.25, 0, turn).of(place) == Part.VALIDATION)
              .count();

      // then
      assertThat(held).as(place.name()).isEqualTo(1);
    }
  }

  @Test
  void fewAreAmongMore() {
    // when
    List<Source> tenth = SPLIT.few(PLACES, 0.1);
    List<Source> half = SPLIT.few(PLACES, 0.5);

    // then
    assertThat(tenth).hasSize(500);
    assertThat(half).hasSize(2500).containsAll(tenth);
    assertThat(SPLIT.few(PLACES, 1)).isEqualTo(PLACES);
    assertThat(SPLIT.few(PLACES.subList(0, 3), 0.01)).hasSize(1);
  }

  @Test
  void refusesSharesThatAreNone() {
    assertThatThrownBy(() -> new PlaceSplit(1, 0.7, 0.4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PlaceSplit(1, 0.2, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
