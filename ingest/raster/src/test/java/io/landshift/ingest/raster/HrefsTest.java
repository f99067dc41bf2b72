package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.FailureReason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HrefsTest {
  @TempDir Path temporary;
  private Path root;
  private RasterRules rules;

  @BeforeEach
  void makeFiles() throws IOException {
    Path real = temporary.toRealPath();
    root = Files.createDirectory(real.resolve("root"));
    rules = RasterRules.within(root);
    Files.writeString(root.resolve("a.tif"), "x");
    Files.writeString(root.resolve("with space.tif"), "x");
    Files.writeString(real.resolve("secret.tif"), "x");
    try (OutputStream out = Files.newOutputStream(root.resolve("a.zip"));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("scene/B04.tif"));
      zip.write(1);
    }
  }

  @Test
  void givenEveryAllowedForm_whenLocated_thenThePathForGdal() {
    // given
    String archive = root.resolve("a.zip").toString();

    // when / then
    assertThat(Hrefs.locate(root.resolve("a.tif").toString(), rules).gdalPath())
        .isEqualTo(root.resolve("a.tif").toString());
    assertThat(Hrefs.locate(root.resolve("with space.tif").toUri().toString(), rules).gdalPath())
        .isEqualTo(root.resolve("with space.tif").toString());
    assertThat(Hrefs.locate("FILE://localhost" + root.resolve("a.tif"), rules).gdalPath())
        .isEqualTo(root.resolve("a.tif").toString());
    assertThat(Hrefs.locate("zip:" + archive + "!/scene/B04.tif", rules).gdalPath())
        .isEqualTo("/vsizip/{" + archive + "}/scene/B04.tif");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a.tif",
        "./a.tif",
        "../a.tif",
        "http://example.org/a.tif",
        "HTTPS://example.org/a.tif",
        "s3://bucket/a.tif",
        "ftp://example.org/a.tif",
        "file:a.tif",
        "file://example.org/a.tif",
        "file:///a.tif?x=1",
        "/vsicurl/http://169.254.169.254/a.tif",
        "//vsicurl/http://example.org/a.tif",
        "/VSIS3/bucket/a.tif",
        "/vsizip//etc/a.zip/a.tif",
        "file:///vsimem/a.tif",
        "zip:/vsicurl/http://example.org/a.zip!/a.tif",
        "zip:a.zip!/a.tif",
        "GTIFF_DIR:1:/a.tif",
        "<VRTDataset/>",
        "/a.vrt",
        "/a.VRT",
        "/etc/passwd",
        "/a\u0000.tif",
        "/a\n.tif"
      })
  void givenAnythingElse_whenLocated_thenRefused(String href) {
    Failing.with(FailureReason.HREF_REFUSED, () -> Hrefs.locate(href, rules));
  }

  @Test
  void givenWaysOutOfTheRoot_whenLocated_thenRefused() throws IOException {
    // given
    Path secret = root.resolveSibling("secret.tif");
    Path link = Files.createSymbolicLink(root.resolve("link.tif"), secret);

    // when / then
    Failing.with(FailureReason.HREF_REFUSED, () -> Hrefs.locate(root + "/../secret.tif", rules));
    Failing.with(FailureReason.HREF_REFUSED, () -> Hrefs.locate(link.toString(), rules));
    Failing.with(
        FailureReason.HREF_REFUSED,
        () -> Hrefs.locate("file://" + root + "/%2e%2e/secret.tif", rules));
    Failing.with(FailureReason.HREF_REFUSED, () -> Hrefs.locate(root + "-other/a.tif", rules));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.tif",
        "scene/../../secret.tif",
        "/etc/passwd",
        "scene//B04.tif",
        "./scene/B04.tif",
        "scene\\B04.tif",
        "scene/B04.tif!/x",
        "a}/b.tif",
        ""
      })
  void givenEntryThatIsNotPlain_whenLocated_thenRefused(String entry) {
    Failing.with(
        FailureReason.HREF_REFUSED,
        () -> Hrefs.locate("zip:" + root.resolve("a.zip") + "!/" + entry, rules));
  }

  @Test
  void givenWhatIsNotThere_whenLocated_thenMissing() {
    Failing.with(
        FailureReason.ASSET_MISSING, () -> Hrefs.locate(root.resolve("b.tif").toString(), rules));
    Failing.with(
        FailureReason.ASSET_MISSING,
        () -> Hrefs.locate("zip:" + root.resolve("b.zip") + "!/a.tif", rules));
    Failing.with(
        FailureReason.ASSET_MISSING,
        () -> Hrefs.locate("zip:" + root.resolve("a.zip") + "!/scene/B05.tif", rules));
  }

  @Test
  void givenFolderOrBrokenArchive_whenLocated_thenUnreadable() {
    Failing.with(FailureReason.ASSET_UNREADABLE, () -> Hrefs.locate(root.toString(), rules));
    Failing.with(
        FailureReason.ASSET_UNREADABLE,
        () -> Hrefs.locate("zip:" + root.resolve("a.tif") + "!/a.tif", rules));
  }

  @Test
  void givenEntryThatInflatesThousandfold_whenLocated_thenLimitExceeded() throws IOException {
    // given
    Path bomb = root.resolve("bomb.zip");
    try (OutputStream out = Files.newOutputStream(bomb);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("bomb.tif"));
      byte[] zeroes = new byte[1 << 20];
      for (int i = 0; i < 80; i++) {
        zip.write(zeroes);
      }
    }

    // when / then
    Failing.with(
        FailureReason.LIMIT_EXCEEDED, () -> Hrefs.locate("zip:" + bomb + "!/bomb.tif", rules));
  }
}
