package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.scenes.BandRequest;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Feature;
import io.landshift.model.bundle.BundleManifest.InputGroup;
import io.landshift.model.bundle.BundleManifest.LandCoverClass;
import io.landshift.model.bundle.BundleManifest.Normalisation;
import io.landshift.model.bundle.BundleManifest.ReferenceParameters;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.model.bundle.Direction;
import io.landshift.model.bundle.Need;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.schemas.Modality;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelBandsTest {
  private static final BundleManifest MANIFEST =
      manifest(
          new Band("red", 0.665, Need.REQUIRED, new Normalisation(0.001, 0.002)),
          new Band("nir", 0.842, Need.WANTED, null),
          new Band("swir22", 2.19, Need.OPTIONAL, new Normalisation(5, 1)));

  @Test
  void asksForTheBandsOfTheBundle() {
    assertThat(ModelBands.requests(MANIFEST))
        .containsExactly(
            new BandRequest("red", 0.665, true),
            new BandRequest("nir", 0.842, false),
            new BandRequest("swir22", 2.19, false));
  }

  @Test
  void normalisesAsTheEncoderIsPromised() {
    // given: red 0, 0.001, 0.002, 0.003 of which the last is not known, and no swir22
    Look look = Made.look(2, 2, 0);
    look.plane("red")[3] = Float.NaN;

    // when
    float[] tensor = ModelBands.tensor(MANIFEST, look);

    // then
    float[] expected = {-0.5f, 0, 0.5f, 0, 0.1f, 0.101f, 0.102f, 0.103f, 0, 0, 0, 0};
    assertThat(tensor).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(tensor[i]).as("number " + i).isEqualTo(expected[i], within(1e-6f));
    }
  }

  @Test
  void refusesALookOfOtherBands() {
    assertThatThrownBy(() ->
            ModelBands.tensor(
                manifest(new Band("blue", 0.49, Need.REQUIRED, null)), Made.look(2, 2, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static BundleManifest manifest(Band... bands) {
    return new BundleManifest(
        "name",
        "description",
        "architecture",
        List.of(new InputGroup("optical", Modality.OPTICAL, "bands", List.of(bands))),
        new WindowGeometry(32, 4, 2, 8),
        List.of(new Feature("f", 1e-4, 0.1, null, null, List.of())),
        List.of(new LandCoverClass(1, "water", "Water", 0x0000FF)),
        List.of(new Score("any", Direction.ANY, 2.5, 4.5, null)),
        new ReferenceParameters(30, 60, 180, 1461, 3, 16),
        20,
        new SelfTest(
            1,
            1,
            List.of(bands).stream().map(band -> true).toList(),
            "b",
            "f",
            "c",
            "s",
            "p",
            "s2",
            1,
            0.1,
            0.1));
  }
}
