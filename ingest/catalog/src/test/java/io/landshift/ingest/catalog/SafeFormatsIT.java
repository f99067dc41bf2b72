package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real and structurally exact SAFE products of many baselines, each with what must come of it. */
@Tag("it")
class SafeFormatsIT {

  /** What became of each product, by the last parts of its path. */
  private static Map<String, String> outcomes(String set) {
    Path folder = SharedData.path("formats/" + set);
    Map<String, String> outcomes = new TreeMap<>();
    try (SceneSource source = Sources.of(folder)) {
      source.read(
          new SceneSink() {
            @Override
            public void scene(SceneAvailable scene) {
              outcomes.put(
                  scene.getProductId() + " " + scene.getGrid().getCode(),
                  "scene, baseline "
                      + scene.getProcessingBaseline()
                      + ", "
                      + scene.getBands().size()
                      + " bands, offset "
                      + scene.getBands().getFirst().getOffset()
                      + ", masks "
                      + scene.getMasks().stream().map(mask -> mask.getKind()).toList());
            }

            @Override
            public void failure(SceneFailure failure) {
              outcomes.put(failure.document(), failure.reason() + ": " + failure.message());
            }
          });
    }
    outcomes.forEach(
        (product, outcome) -> System.out.println("| " + product + " | " + outcome + " |"));
    return outcomes;
  }

  @Test
  void productsOfEveryStructureAreReadOrRefusedWithAReason() {
    // when
    Map<String, String> outcomes = outcomes("gdal_fake_sentinel2");

    // then: old product with two granules, compact ones, and baselines with and without an offset
    assertThat(outcomes)
        .containsEntry(
            "S2A_MSIL1C_20151231T235959_R022_T32TQR MGRS-32TQR",
            "scene, baseline 01.03, 13 bands, offset 0.0, masks []")
        .containsEntry(
            "S2A_MSIL1C_20151231T235959_R022_T32TRQ MGRS-32TRQ",
            "scene, baseline 01.03, 13 bands, offset 0.0, masks []")
        .containsEntry(
            "S2A_MSIL2A_20180818T094031_R036_T34VFJ MGRS-34VFJ",
            "scene, baseline 02.08, 12 bands, offset 0.0, masks [SCENE_CLASSIFICATION]")
        .containsEntry(
            "S2B_MSIL1C_20230823T095559_R122_T34UCF MGRS-34UCF",
            "scene, baseline 05.09, 13 bands, offset -0.1, masks [CLOUD_CLASSIFICATION]")
        .containsEntry(
            "S2B_MSIL2A_20230823T095559_R122_T34UCF MGRS-34UCF",
            "scene, baseline 05.09, 12 bands, offset -0.1, masks [SCENE_CLASSIFICATION]")
        .hasSize(7);
    assertThat(outcomes.values())
        .filteredOn(outcome -> !outcome.startsWith("scene"))
        .singleElement()
        .asString()
        .startsWith("SCENE_INCOMPLETE");
  }

  @Test
  void trap10ABandThatIsMissingIsNamedInFolderAndZip() {
    assertThat(outcomes("eodag_real_s2_l1c_safe").values())
        .hasSize(2)
        .allSatisfy(outcome ->
            assertThat(outcome)
                .startsWith("SCENE_INCOMPLETE")
                .contains("B02", "B10", "B8A")
                .doesNotContain("B01"));
  }

  @Test
  void realZipsOfThreeBaselinesAreRead() {
    assertThat(outcomes("eodatasets_real_s2_l1c_zips"))
        .containsOnly(
            Map.entry(
                "S2A_MSIL1C_20180629T000241_R030_T56JMM MGRS-56JMM",
                "scene, baseline 02.06, 13 bands, offset 0.0, masks []"),
            Map.entry(
                "S2A_MSIL1C_20201031T004711_R102_T53JQJ MGRS-53JQJ",
                "scene, baseline 02.09, 13 bands, offset 0.0, masks []"),
            Map.entry(
                "S2A_MSIL1C_20210713T032051_R032_T48LWP MGRS-48LWP",
                "scene, baseline 03.01, 13 bands, offset 0.0, masks []"));
  }

  @Test
  void productsOfMetadataAloneAreIncomplete() {
    // Seven items lie beside the products; those inside a product are left to it.
    Map<String, Long> byReason =
        outcomes("stactools_sentinel2_metadata").values().stream()
            .collect(
                Collectors.groupingBy(
                    outcome -> outcome.substring(0, outcome.indexOf(':')), Collectors.counting()));
    assertThat(byReason)
        .containsOnly(Map.entry("SCENE_INCOMPLETE", 12L), Map.entry("ASSET_MISSING", 7L));
  }
}
