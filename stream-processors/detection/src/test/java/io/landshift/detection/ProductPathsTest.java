package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductPathsTest {
  private static final Path ROOT = Path.of("/products");

  private static ProductPaths paths(String productId, long generation) {
    SceneAvailable scene = Scenes.scene(LocalDate.of(2021, 7, 1), new PixelWindow(0, 0, 16, 16));
    scene.setProductId(productId);
    scene.setGeneration(generation);
    return ProductPaths.of(ROOT, Scenes.plan(scene, 16));
  }

  @Test
  void carriesGridProductGenerationAndModel() {
    // given
    String digest = Scenes.plan(new PixelWindow(0, 0, 16, 16), 16).modelDigest();

    // when
    ProductPaths paths = paths("S2A_MSIL2A-1", 7);

    // then
    assertThat(paths.map("land-cover"))
        .isEqualTo(
            Path.of(
                "/products/MGRS-33TWL/S2A_MSIL2A-1/7-"
                    + digest.substring(0, 12)
                    + "/land-cover.tif"));
    assertThat(paths.item()).hasFileName("S2A_MSIL2A-1.json").hasParentRaw(paths.folder());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        ".",
        "",
        "../../etc/passwd",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "C:\\x",
        "a\u0000b",
        "a\nb",
        "%2e%2e%2f",
        "\u202Egpj.exe",
        "caf\u00e9",
        "con|prn"
      })
  void aHostileNameStaysBelowTheRoot(String name) {
    // when
    ProductPaths paths = paths(name, 0);

    // then
    assertThat(paths.folder().normalize()).isEqualTo(paths.folder()).startsWithRaw(ROOT);
    assertThat(paths.folder().getNameCount()).isEqualTo(4);
    assertThat(paths.item().getParent()).isEqualTo(paths.folder());
    assertThat(paths.item().getFileName().toString()).matches("[A-Za-z0-9_-]*~[0-9a-f]{12}\\.json");
  }

  @Test
  void aNameOfAnyLengthMakesAFileName() {
    assertThat(paths("x".repeat(10_000), 0).item().getFileName().toString().length())
        .isLessThan(200);
  }

  @Test
  void aNameThatSaysWhatAnotherWasMadeIntoDoesNotTakeItsPlace() {
    // given: hostile names, then the names of their folders, and of the folders of these
    Set<String> names = new LinkedHashSet<>(List.of("..", "a/b", "a?b", "", "a b", "A_b", "a.b"));
    for (int round = 0; round < 2; round++) {
      List.copyOf(names).forEach(name -> names.add(paths(name, 0).name()));
    }

    // when
    List<Path> folders =
        new ArrayList<>(names.stream().map(name -> paths(name, 0).folder()).toList());

    // then
    assertThat(names).hasSizeGreaterThan(12);
    assertThat(folders)
        .doesNotHaveDuplicates()
        .allSatisfy(folder -> {
          assertThat(folder.normalize()).isEqualTo(folder);
          assertThat(folder.getParent().getParent().getParent()).isEqualTo(ROOT);
        });
  }
}
