package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.ingest.raster.Extent;
import io.landshift.training.samples.UnfitForTrainingException.Reason;
import org.junit.jupiter.api.Test;

class TrainingGuardTest {
  @Test
  void keepsTheShowOutByNameAndByGround() {
    // given
    Source named = new Source("romania_s2_2015_2021", "x", "x", Licence.SHIPPABLE, false);
    Source renamed = new Source("mine", "x", "x", Licence.SHIPPABLE, true);

    // when, then
    for (Source source : new Source[] {named, renamed}) {
      assertRefused(source, false, Reason.HELD_OUT);
    }
    assertThat(TrainingGuard.holdsOut(new Extent("EPSG:3035", 5272900, 2532900, 5280000, 2540000)))
        .isTrue();
    assertThat(TrainingGuard.holdsOut(new Extent("EPSG:3035", 5272990, 2532900, 5280000, 2540000)))
        .as("the ground next to it")
        .isFalse();
    assertThat(TrainingGuard.holdsOut(new Extent("EPSG:3857", 5272900, 2532900, 5280000, 2540000)))
        .isFalse();
  }

  @Test
  void shipsOnlyWhatMayBePassedOn() {
    // given
    Source experiment = new Source("set", "x", "x", Licence.EXPERIMENT_ONLY, false);

    // when, then
    assertRefused(experiment, true, Reason.LICENCE);
    assertThatCode(() -> TrainingGuard.require(experiment, false)).doesNotThrowAnyException();
    assertThatCode(() -> TrainingGuard.require(Made.SOURCE, true)).doesNotThrowAnyException();
  }

  private static void assertRefused(Source source, boolean shipped, Reason reason) {
    assertThatThrownBy(() -> TrainingGuard.require(source, shipped))
        .isInstanceOfSatisfying(
            UnfitForTrainingException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
