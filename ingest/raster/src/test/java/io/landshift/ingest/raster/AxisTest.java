package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void givenSameLattice_whenBilinear_thenEachPixelIsCopied() {
    // given / when: the target begins three source pixels in, and is off by less than a thousandth
    Axis axis = Axis.of(3.0004, 1, 0, 4, 10, Resampling.BILINEAR);

    // then
    assertThat(axis.taps).isEqualTo(1);
    assertThat(axis.centre).containsExactly(3, 4, 5, 6);
  }

  @Test
  void givenSourceTwiceAsCoarse_whenBilinear_thenQuartersBetweenCentresAndClampedAtTheEdges() {
    // given / when
    Axis axis = Axis.of(0, 0.5, 0, 6, 3, Resampling.BILINEAR);

    // then: centres of targets at u = 0.25, 0.75, 1.25, ...; of sources at 0.5, 1.5, 2.5
    assertThat(axis.centre).containsExactly(0, 0, 1, 1, 2, 2);
    assertThat(axis.first).containsExactly(0, 0, 0, 1, 1, 2);
    assertThat(axis.weights)
        .containsExactly(1, 0, 0.75f, 0.25f, 0.25f, 0.75f, 0.75f, 0.25f, 0.25f, 0.75f, 1, 0);
  }

  @Test
  void givenEdgesThatMeetButForAGridsRoundedPhase_whenBilinear_thenWeightsAreThoseOfMeetingEdges() {
    for (double a : new double[] {0.00049, -0.00049, 1.50031, 7.9998}) {
      // given
      double meeting = Math.rint(2 * a) / 2;

      // when / then
      assertThat(Axis.of(a, 0.5, 0, 6, 10, Resampling.BILINEAR).weights)
          .containsExactly(Axis.of(meeting, 0.5, 0, 6, 10, Resampling.BILINEAR).weights);
    }
    assertThat(Axis.of(0.01, 0.5, 0, 6, 10, Resampling.BILINEAR).weights)
        .isNotEqualTo(Axis.of(0, 0.5, 0, 6, 10, Resampling.BILINEAR).weights);
  }

  @Test
  void givenSourceFiner_whenBilinear_thenWeightsAreTheCoveredShares() {
    // given / when: a target pixel is two and a half source pixels wide
    Axis axis = Axis.of(0, 2.5, 0, 2, 5, Resampling.BILINEAR);

    // then
    assertThat(axis.first).containsExactly(0, 2);
    assertThat(axis.count).containsExactly(3, 3);
    assertThat(axis.weights[0]).isCloseTo(0.4f, within(1e-6f));
    assertThat(axis.weights[2]).isCloseTo(0.2f, within(1e-6f));
    assertThat(axis.weights[axis.taps]).isCloseTo(0.2f, within(1e-6f));
  }

  @Test
  void givenTargetBeyondTheSource_whenAnyResampling_thenNoCentre() {
    for (Resampling resampling : Resampling.values()) {
      assertThat(Axis.of(-2, 0.5, 0, 12, 3, resampling).centre)
          .containsExactly(-1, -1, -1, -1, 0, 0, 1, 1, 2, 2, -1, -1);
    }
  }
}
