package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductItemTest {
  /** Linux' disk that is always full. */
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path folder;

  @Test
  void aFullDiskLeavesTheOldItemAndNothingElse() throws IOException {
    assumeThat(FULL).exists();
    // given: what is written goes to the full disk
    Path item = Files.writeString(folder.resolve("scene.json"), "old");
    Files.createSymbolicLink(folder.resolve("scene.json.tmp"), FULL);

    // when, then
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> ProductItem.write(item, new byte[] {1}))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.STORAGE_FULL));
    assertThat(item).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("scene.json");
  }

  @Test
  void aFolderThatIsGoneIsNotAFullDisk() {
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> ProductItem.write(folder.resolve("gone/scene.json"), new byte[] {1}))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.STORAGE_UNAVAILABLE));
  }
}
