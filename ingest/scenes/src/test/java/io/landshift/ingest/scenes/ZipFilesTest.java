package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipFilesTest {
  @TempDir Path folder;

  private Path zip(String... names) throws IOException {
    Path path = folder.resolve("a.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return path;
  }

  private static void assertReason(FailureReason reason, Path path) {
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> new ZipFiles(path).close())
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void listsReadsAndNamesItsFiles() throws IOException {
    // given
    Path path = zip("b/c.tif", "a.json");

    // when
    try (ZipFiles files = new ZipFiles(path)) {

      // then
      assertThat(files.list()).containsExactly("a.json", "b/c.tif");
      assertThat(files.size("b/c.tif")).hasValue(7);
      assertThat(files.size("b")).isEmpty();
      assertThat(files.read("a.json", 100)).asString().isEqualTo("a.json");
      assertThat(files.href("b/c.tif")).isEqualTo("zip:" + path.toRealPath() + "!/b/c.tif");
      assertThatExceptionOfType(LandshiftException.class)
          .isThrownBy(() -> files.read("a.json", 3))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.LIMIT_EXCEEDED));
      assertThatExceptionOfType(LandshiftException.class)
          .isThrownBy(() -> files.href("d"))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.ASSET_MISSING));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../a.tif", "a/../../b", "/etc/passwd", "a\\b", "C:/a", "./a", "a/./b", "a/.."})
  void refusesAZipWhoseNamesLeaveIt(String name) throws IOException {
    assertReason(FailureReason.HREF_REFUSED, zip("collection.json", name));
  }

  @Test
  void refusesABombWithoutUnpackingIt() throws IOException {
    // given
    Path path = folder.resolve("bomb.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("a.tif"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        zip.write(zeros);
      }
    }

    // when, then
    assertThat(Files.size(path)).isLessThan(100_000);
    assertReason(FailureReason.LIMIT_EXCEEDED, path);
  }

  @Test
  void refusesAnEntryThatIsThereTwice() throws IOException {
    // given: two names of one length, of which one is then overwritten with the other
    Path path = zip("a1.json", "a2.json");
    byte[] bytes = Files.readAllBytes(path);
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("a2.json", "a1.json");
    Files.write(path, text.getBytes(StandardCharsets.ISO_8859_1));

    // when, then
    assertReason(FailureReason.METADATA_INVALID, path);
  }

  @Test
  void saysThatAFileIsNotAZip() throws IOException {
    Path path = folder.resolve("no.zip");
    try (OutputStream out = Files.newOutputStream(path)) {
      out.write("PK\3\4 but no more".getBytes(StandardCharsets.ISO_8859_1));
    }

    assertThat(ZipFiles.isZip(path)).isTrue();
    assertReason(FailureReason.ASSET_UNREADABLE, path);
    assertReason(FailureReason.ASSET_MISSING, folder.resolve("absent.zip"));
  }
}
