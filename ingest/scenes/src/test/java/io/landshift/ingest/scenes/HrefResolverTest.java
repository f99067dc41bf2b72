package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HrefResolverTest {
  @TempDir Path folder;

  private HrefResolver resolver(String document, Path... allowed) {
    return new HrefResolver(new FolderFiles(folder), document, List.of(allowed));
  }

  @ParameterizedTest
  @CsvSource({
    "items/a/a.json, B02.tif, items/a/B02.tif",
    "items/a/a.json, ./B02.tif, items/a/B02.tif",
    "items/a/a.json, ../../collection.json, collection.json",
    "items/a/a.json, x/../y//z.tif, items/a/y/z.tif",
    "collection.json, a/b.json, a/b.json",
    "a.json, 'with space.tif', 'with space.tif'",
    "a.json, '%2e%2e/%2e%2e/x', '%2e%2e/%2e%2e/x'",
  })
  void resolvesRelativeHrefsWithinTheRoot(String document, String href, String path) {
    assertThat(resolver(document).resolve(href)).isEqualTo(new HrefResolver.InRoot(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../etc/passwd",
        "../..",
        "a/../../../../x.tif",
        "/etc/passwd",
        "file:///etc/passwd",
        "file://host/etc/passwd",
        "file:etc/passwd",
        "/vsicurl/http://example.com/a.tif",
        "//host/share/a.tif",
        "C:\\data\\a.tif",
        "a\\..\\..\\b.tif",
        "zip:/tmp/a.zip!/b.tif",
        "data:image/tiff;base64,AAAA",
        "vrt://a.tif",
        "GTIFF_DIR:1:a.tif",
        "javascript:alert(1)",
      })
  void refusesWhatLeavesTheRootOrHasAnotherScheme(String href) {
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> resolver("items/a/a.json").resolve(href))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.HREF_REFUSED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\u0000.tif", "a\nb.tif"})
  void callsAnHrefThatIsNoneInvalid(String href) {
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> resolver("a.json").resolve(href))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://169.254.169.254/a", "HTTPS://example.com/a.tif", "s3://bucket/key.tif"})
  void recognisesWhatIsOnTheNetwork(String href) {
    assertThat(resolver("a.json").resolve(href)).isEqualTo(new HrefResolver.Remote(href));
  }

  @Test
  void takesAbsoluteFilesBelowAllowedFoldersOnly() {
    HrefResolver resolver = resolver("a.json", Path.of("/data/archive"));

    assertThat(resolver.resolve("/data/archive/x/../y.tif"))
        .isEqualTo(new HrefResolver.OnMachine(Path.of("/data/archive/y.tif")));
    assertThat(resolver.resolve("file:///data/archive/y.tif"))
        .isEqualTo(new HrefResolver.OnMachine(Path.of("/data/archive/y.tif")));
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> resolver.resolve("/data/archive/../secret.tif"));
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> resolver.resolve("/data/archive2/y.tif"));
  }

  @Test
  void doesNotFollowALinkOutOfTheFolder(@TempDir Path outside) throws IOException {
    // given
    Path secret = Files.writeString(outside.resolve("secret.tif"), "secret");
    Files.createSymbolicLink(folder.resolve("link.tif"), secret);
    Files.createSymbolicLink(
        folder.resolve("within.tif"), Files.writeString(folder.resolve("a"), "a"));
    FolderFiles files = new FolderFiles(folder);

    // when, then
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> files.href("link.tif"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.HREF_REFUSED));
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> files.read("link.tif", 100));
    assertThat(files.read("within.tif", 100)).containsExactly('a');
  }
}
