package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.ingest.scenes.Quality;
import org.junit.jupiter.api.Test;

class LatticeTest {
  /** Three columns, two rows: 0 1 2 / 3 4 5, of which 1 is cloud, 0 not labelled. */
  private static final Sample.Changed SAMPLE = Made.changed(3, 2, false);

  @Test
  void mirrorsColumns() {
    // when
    Sample seen = Lattice.mirrored(3, 2).apply(SAMPLE);

    // then
    assertPixels(seen, 3, 2, 1, 0, 5, 4, 3);
  }

  @Test
  void turnsToTheRight() {
    // when
    Sample seen = Lattice.turned(3, 2).apply(SAMPLE);

    // then
    assertPixels(seen, 2, 3, 0, 4, 1, 5, 2);
  }

  @Test
  void fourTurnsAndTwoMirrorsAreNone() {
    // when
    Sample seen = SAMPLE;
    for (int quarter = 0; quarter < 4; quarter++) {
      seen = Lattice.turned(seen.width(), seen.height()).apply(seen);
    }
    Sample mirrored = Lattice.mirrored(3, 2).apply(Lattice.mirrored(3, 2).apply(SAMPLE));

    // then
    assertPixels(seen, 3, 0, 1, 2, 3, 4, 5);
    assertPixels(mirrored, 3, 0, 1, 2, 3, 4, 5);
  }

  @Test
  void cutsWhereThereIsNothingToo() {
    // when: from a column left of the raster, to a row below it
    Sample.Changed seen = (Sample.Changed) Lattice.crop(3, 2, -1, 1, 2, 2).apply(SAMPLE);

    // then: of 3 4 5 in the second row only 3 is inside
    assertThat(seen.before().plane("red")).containsExactly(Float.NaN, 0.003f, Float.NaN, Float.NaN);
    assertThat(seen.before().quality())
        .containsExactly(Quality.NODATA, Quality.CLEAR, Quality.NODATA, Quality.NODATA);
    assertThat(seen.labels().codes()).containsExactly(-1, 0, -1, -1);
  }

  @Test
  void keepsWhatTheSampleIs() {
    // when
    Sample unlabelled =
        Lattice.mirrored(3, 2).apply(new Sample.Unlabelled(Made.SOURCE, SAMPLE.looks()));
    Sample segmented =
        Lattice.mirrored(3, 2)
            .apply(new Sample.Segmented(Made.SOURCE, SAMPLE.after(), SAMPLE.labels()));

    // then
    assertThat(unlabelled).isInstanceOf(Sample.Unlabelled.class);
    assertThat(unlabelled.looks()).hasSize(2);
    assertThat(segmented).isInstanceOf(Sample.Segmented.class);
    assertThat(segmented.source()).isEqualTo(Made.SOURCE);
  }

  /** Both looks, their quality and the labels come from these pixels. */
  private static void assertPixels(Sample seen, int width, int... from) {
    Sample.Changed changed = (Sample.Changed) seen;
    assertThat(changed.width()).isEqualTo(width);
    assertThat(changed.height()).isEqualTo(from.length / width);
    for (int i = 0; i < from.length; i++) {
      assertThat(changed.before().plane("red")[i]).isEqualTo(from[i] / 1000f);
      assertThat(changed.after().plane("nir")[i]).isEqualTo((100 + from[i]) / 1000f + 0.5f);
      assertThat(changed.after().quality()[i])
          .isEqualTo(from[i] == 1 ? Quality.CLOUD : Quality.CLEAR);
      assertThat(changed.labels().codes()[i]).isEqualTo(SAMPLE.labels().codes()[from[i]]);
    }
    assertThat(changed.before().planes()[2]).as("a missing band stays missing").isNull();
  }
}
