package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceLooksTest {
  private static final ReferenceParameters SEASON = new ReferenceParameters(30, 180, 1461, 3, 40);

  @ParameterizedTest
  @CsvSource({
    "2020-07-15, 2019-07-15, 0",
    "2020-07-15, 2019-06-15, 30",
    "2020-07-15, 2019-08-14, 30",
    "2020-01-05, 2018-12-30, 6",
    "2019-12-30, 2018-01-05, 6",
    // A leap year between shifts nothing.
    "2021-03-10, 2020-02-20, 19",
    "2020-03-10, 2019-02-20, 18",
    "2020-02-29, 2019-02-28, 0",
    "2020-02-29, 2019-03-01, 1",
    "2021-02-28, 2020-02-29, 1",
    "2020-01-15, 2019-07-16, 182",
    "2021-01-01, 2020-07-02, 183"
  })
  void measuresTheSeasonToTheNearestAnniversary(LocalDate date, LocalDate other, int expected) {
    assertThat(ReferenceLooks.seasonDistance(date.toEpochDay(), other.toEpochDay()))
        .isEqualTo(expected);
  }

  @Test
  void isNeverMoreThanHalfAYearFromAnAnniversary() {
    long from = LocalDate.of(2015, 1, 1).toEpochDay();
    for (long date = from + 365 * 4; date < from + 365 * 8; date += 3) {
      for (long other = from; other < date; other += 7) {
        assertThat(ReferenceLooks.seasonDistance(date, other)).isBetween(0, 183);
      }
    }
  }

  @Test
  void tellsEarlierInTheSeasonFromLater() {
    long date = LocalDate.of(2020, 1, 5).toEpochDay();
    assertThat(ReferenceLooks.seasonOffset(date, LocalDate.of(2018, 12, 30).toEpochDay()))
        .isEqualTo(-6);
    assertThat(ReferenceLooks.seasonOffset(date, LocalDate.of(2018, 1, 30).toEpochDay()))
        .isEqualTo(25);
  }

  @Test
  void takesTheSeasonOfEarlierYearsAndTwiceItsWidthApart() {
    // given
    List<Look> history =
        List.of(
            look("2015-07-10"), // too old
            look("2018-07-10"),
            look("2018-05-20"),
            look("2018-01-10"),
            look("2019-08-14"),
            look("2019-08-15"),
            look("2019-09-13"),
            look("2019-09-14"),
            look("2020-02-01"), // too young
            look("2020-07-10"),
            look("2020-07-15"),
            look("2020-07-20")); // later

    // when
    ChosenLooks chosen = ReferenceLooks.choose(history, LocalDate.of(2020, 7, 15), SEASON);

    // then
    assertThat(chosen.inner()).containsExactly(look("2018-07-10"), look("2019-08-14"));
    assertThat(chosen.outer())
        .containsExactly(look("2018-05-20"), look("2019-08-15"), look("2019-09-13"));
  }

  @Test
  void ageLimitsAreIncluded() {
    ReferenceParameters any = new ReferenceParameters(183, 10, 20, 1, 5);
    List<Look> history =
        List.of(new Look("a", 79), new Look("b", 80), new Look("c", 90), new Look("d", 91));
    assertThat(ReferenceLooks.choose(history, 100, any).inner())
        .extracting(Look::id)
        .containsExactly("b", "c");
  }

  @Test
  void aWindowOfHalfAYearMeansAnySeason() {
    ReferenceParameters any = new ReferenceParameters(183, 1, 5000, 1, 127);
    List<Look> history = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      history.add(new Look("s" + i, 17_000 + 11L * i));
    }
    ChosenLooks chosen = ReferenceLooks.choose(history, 18_200, any);
    assertThat(chosen.inner()).hasSize(100);
    assertThat(chosen.outer()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theMostRecentWinWhateverTheOrder(long seed) {
    // given
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    ReferenceParameters few = new ReferenceParameters(30, 180, 1461, 3, 4);
    List<Look> history = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      history.add(new Look("scene-" + i % 7, 17_000 + random.nextInt(1500)));
    }
    List<Look> distinct = new ArrayList<>(history.stream().distinct().sorted().toList());

    // when
    ChosenLooks chosen = ReferenceLooks.choose(distinct, 18_700, few);
    Collections.shuffle(distinct, random);
    ChosenLooks shuffled = ReferenceLooks.choose(distinct, 18_700, few);

    // then
    ChosenLooks all =
        ReferenceLooks.choose(distinct, 18_700, new ReferenceParameters(30, 180, 1461, 3, 127));
    assertThat(chosen).isEqualTo(shuffled);
    assertThat(chosen.inner()).hasSize(4).isSorted();
    assertThat(all.inner()).endsWith(chosen.inner().toArray(Look[]::new));
    assertThat(all.outer()).endsWith(chosen.outer().toArray(Look[]::new));
  }

  @Test
  void refusesParametersThatContradictEachOther() {
    assertThatThrownBy(() -> new ReferenceParameters(30, 0, 10, 3, 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReferenceParameters(30, 20, 10, 3, 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReferenceParameters(30, 1, 10, 3, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReferenceParameters(30, 1, 10, 3, 128))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Look look(String date) {
    return new Look("scene-" + date, LocalDate.parse(date).toEpochDay());
  }
}
