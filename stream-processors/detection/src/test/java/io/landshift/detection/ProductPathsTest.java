package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProductPathsTest {
  private static final Path ROOT = Path.of("/products");
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  @Test
  void aNameThatSaysWhatAnotherWasMadeIntoDoesNotTakeItsPlace() {
    // given: hostile names, then the names of their folders, and of the folders of these
    Set<String> names = new LinkedHashSet<>(List.of("..", "a/b", "a?b", "", "a b", "A_b", "a.b"));
    for (int round = 0; round < 2; round++) {
      List.copyOf(names).forEach(name -> names.add(paths(name).name()));
    }

    // when
    List<Path> folders = new ArrayList<>(names.stream().map(name -> paths(name).folder()).toList());

    // then
    assertThat(names).hasSizeGreaterThan(12);
    assertThat(folders)
        .doesNotHaveDuplicates()
        .allSatisfy(folder -> {
          assertThat(folder.normalize()).isEqualTo(folder);
          assertThat(folder.getParent().getParent().getParent()).isEqualTo(ROOT);
        });
  }

  @Test
  void usualNamesAreKept() {
    assertThat(paths("S2A_MSIL2A_20190101T093411_R093_T34TFS_N0211").folder())
        .isEqualTo(
            ROOT.resolve("TEST-33TWL")
                .resolve("S2A_MSIL2A_20190101T093411_R093_T34TFS_N0211")
                .resolve("0-0123456789ab"));
  }

  private static ProductPaths paths(String productId) {
    SceneAvailable scene = SmallScenes.scene(productId, Instant.EPOCH, "/forest.tif");
    return ProductPaths.of(ROOT, new ScenePlan(scene, 64, DIGEST, "", Instant.EPOCH));
  }
}
