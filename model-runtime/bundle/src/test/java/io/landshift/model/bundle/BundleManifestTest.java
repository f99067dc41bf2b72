package io.landshift.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Calibration;
import io.landshift.model.bundle.BundleManifest.Feature;
import io.landshift.model.bundle.BundleManifest.InputGroup;
import io.landshift.model.bundle.BundleManifest.LandCoverClass;
import io.landshift.model.bundle.BundleManifest.Normalisation;
import io.landshift.model.bundle.BundleManifest.NormalisedDifference;
import io.landshift.model.bundle.BundleManifest.ReferenceCondition;
import io.landshift.model.bundle.BundleManifest.ReferenceParameters;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.schemas.Modality;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BundleManifestTest {

  @Test
  void aFeatureExistsWhereOneBandOfEachAlternativeIsThere() {
    // given: blue green red nir nir08 swir16 swir22
    BundleManifest manifest = Bundles.spectralBaseline().manifest();
    boolean[] demo = {true, true, true, true, true, true, false};
    boolean[] withoutNarrow = {true, true, true, true, false, true, true};
    boolean[] rgbNir = {true, true, true, true, false, false, false};

    // when, then: the bands, then ndvi ndmi nbr
    assertThat(manifest.existingFeatures(demo))
        .containsExactly(true, true, true, true, true, true, false, true, true, false);
    assertThat(manifest.existingFeatures(withoutNarrow))
        .containsExactly(true, true, true, true, false, true, true, true, true, true);
    assertThat(manifest.existingFeatures(rgbNir))
        .containsExactly(true, true, true, true, false, false, false, true, false, false);
  }

  @Test
  void bandsAreListedByNeed() {
    // given
    BundleManifest manifest = Bundles.spectralBaseline().manifest();

    // when, then
    assertThat(manifest.bandsWithNeed(Need.REQUIRED)).containsExactly("red", "nir");
    assertThat(manifest.bandsWithNeed(Need.OPTIONAL)).containsExactly("swir22");
  }

  @Test
  void everythingWrittenIsReadBack() {
    // given: every optional part is there, in two groups
    BundleManifest manifest =
        manifest(
            List.of(
                new InputGroup(
                    "optical",
                    Modality.OPTICAL,
                    "optical",
                    List.of(new Band("red", 0.665, Need.REQUIRED, new Normalisation(0.12, 0.034)))),
                new InputGroup(
                    "radar",
                    Modality.RADAR,
                    "radar",
                    List.of(new Band("vv", 0, Need.OPTIONAL, null)))),
            List.of(
                new Feature(
                    "f",
                    0.25,
                    1.5,
                    0.125,
                    new ReferenceCondition("f", 0.5),
                    List.of(List.of("red", "vv"))),
                new Feature("g", 0.25, 0, null, null, List.of()),
                difference("d", 0.5, List.of("f", "g"))),
            new SelfTest(4, 4, List.of(true, false), "a", "b", "c", "d", "e", "f", 2, 0.1, 0.2));
    Map<String, byte[]> selfTest = new TreeMap<>();
    manifest.selfTest().files().forEach(path -> selfTest.put(path, new byte[1]));
    Map<GraphRole, byte[]> graphs =
        Map.of(
            GraphRole.ENCODER, new byte[] {1},
            GraphRole.SEGMENTATION, new byte[] {2},
            GraphRole.CHANGE, new byte[] {3});

    // when
    Map<String, byte[]> files = BundleWriter.files(manifest, graphs, selfTest);
    BundleDocument read = BundleDocument.read(files.get(Bundle.MANIFEST));

    // then
    assertThat(read.manifest()).isEqualTo(manifest);
    assertThat(read.graphs())
        .containsOnly(
            Map.entry(GraphRole.ENCODER, "encoder.onnx"),
            Map.entry(GraphRole.SEGMENTATION, "segmentation.onnx"),
            Map.entry(GraphRole.CHANGE, "change.onnx"));
    assertThat(read.checksums())
        .containsEntry("change.onnx", Digests.sha256(new byte[] {3}))
        .containsEntry("a", Digests.sha256(new byte[1]));
  }

  @Test
  void partsThatContradictEachOtherAreRefused() {
    // given
    InputGroup group =
        new InputGroup(
            "g", Modality.OPTICAL, "t", List.of(new Band("red", 0.6, Need.REQUIRED, null)));
    Feature feature = new Feature("f", 1, 0, null, null, List.of(List.of("red")));
    SelfTest test = new SelfTest(1, 1, List.of(true), "a", "b", "c", "d", "e", "f", 0, 0, 0);

    // when, then
    assertThat(manifest(List.of(group), List.of(feature), test).bands()).hasSize(1);
    assertThatThrownBy(() -> manifest(List.of(group, group), List.of(feature), test))
        .hasMessageContaining("t is there twice");
    assertThatThrownBy(() -> manifest(List.of(group), List.of(feature, feature), test))
        .hasMessageContaining("f is there twice");
    assertThatThrownBy(() ->
            manifest(
                List.of(group),
                List.of(new Feature("f", 1, 0, null, null, List.of(List.of("blue")))),
                test))
        .hasMessageContaining("blue");
    assertThatThrownBy(() ->
            manifest(
                List.of(group),
                List.of(new Feature("f", 1, 0, null, new ReferenceCondition("g", 0), List.of())),
                test))
        .hasMessageContaining("correction");
    assertThatThrownBy(() ->
            manifest(
                List.of(group),
                List.of(feature),
                new SelfTest(1, 1, List.of(), "a", "b", "c", "d", "e", "f", 0, 0, 0)))
        .hasMessageContaining("presence");
  }

  @Test
  void aFeatureIsDerivedFromEncodedOnesOnly() {
    // given
    InputGroup group =
        new InputGroup(
            "g", Modality.OPTICAL, "t", List.of(new Band("red", 0.6, Need.REQUIRED, null)));
    SelfTest test = new SelfTest(1, 1, List.of(true), "a", "b", "c", "d", "e", "f", 0, 0, 0);
    Feature f = new Feature("f", 1, 0, null, null, List.of());
    Feature half = new Feature("half", 0.5, 0, null, null, List.of());
    Feature derived = difference("d", 0.5, List.of("f"));

    // when, then
    assertThat(manifest(List.of(group), List.of(f, half, derived), test).encodedFeatures())
        .isEqualTo(2);
    assertThatThrownBy(() -> manifest(List.of(group), List.of(derived, f), test))
        .hasMessageContaining("d is derived from what the encoder does not give");
    assertThatThrownBy(() -> manifest(List.of(group), List.of(f, derived, half), test))
        .hasMessageContaining("half is encoded and must come before");
    assertThatThrownBy(() ->
            manifest(
                List.of(group), List.of(f, derived, difference("again", 0.5, List.of("d"))), test))
        .hasMessageContaining("again is derived from what the encoder does not give");
    assertThatThrownBy(() ->
            manifest(
                List.of(group),
                List.of(f, half, difference("mixed", 0.5, List.of("f", "half"))),
                test))
        .hasMessageContaining("equal steps");
    assertThatThrownBy(() -> difference("third", 0.3, List.of("f")))
        .hasMessageContaining("1 must be a whole number of its steps");
  }

  private static Feature difference(String name, double step, List<String> first) {
    return new Feature(
        name, step, 1, 0, null, null, List.of(), new NormalisedDifference(first, List.of("f")));
  }

  private static BundleManifest manifest(
      List<InputGroup> inputs, List<Feature> features, SelfTest selfTest) {
    return new BundleManifest(
        "name",
        "description",
        "architecture",
        inputs,
        new WindowGeometry(32, 4, 2, 8),
        features,
        List.of(new LandCoverClass(1, "water", "Water", 0x0000FF)),
        List.of(
            new Score("any", Direction.ANY, 2.5, 4.5, new Calibration(0.006, 3e-6, "a forest"))),
        new ReferenceParameters(30, 60, 180, 1461, 3, 16),
        20,
        selfTest);
  }
}
