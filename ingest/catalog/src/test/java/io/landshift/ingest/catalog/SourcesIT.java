package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.landshift.schemas.Backscatter;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Modality;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class SourcesIT {
  @TempDir Path folder;

  private Path zipped(Path what) throws IOException {
    Path zip = folder.resolve("series.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        Stream<Path> files = Files.walk(what)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(what.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
    return zip;
  }

  @Test
  void readsACollectionInSensingOrderFromAFolderAndFromAZip() throws IOException {
    // given
    Path root = folder.resolve("collection");
    SmallScenes.itemWithRaster(root, "late", "2020-08-01T00:00:00Z");
    SmallScenes.itemWithRaster(root, "b-early", "2020-06-01T00:00:00Z");
    SmallScenes.itemWithRaster(root, "a-early", "2020-06-01T00:00:00Z");
    SmallScenes.itemWithRaster(root, "not-linked", "2020-06-01T00:00:00Z");
    SmallScenes.collection(root.resolve("deep/catalog.json"), "../late/late.json");
    SmallScenes.collection(
        root.resolve("collection.json"),
        "./b-early/b-early.json",
        "a-early/a-early.json",
        "a-early/../a-early/a-early.json",
        "deep/catalog.json");

    // when
    Collected fromFolder = Collected.of(Sources.of(root));
    Collected fromZip = Collected.of(Sources.of(zipped(root)));
    Collected fromFile = Collected.of(Sources.of(root.resolve("collection.json")));

    // then
    assertThat(fromFolder.products()).containsExactly("a-early", "b-early", "late");
    assertThat(fromFolder.failures).isEmpty();
    assertThat(fromFolder.flushes).isEqualTo(1);
    assertThat(fromFolder.scenes.getFirst().getGrid().getCode()).isEqualTo("MGRS-33TWL");
    assertThat(fromFolder.scenes.getFirst().getWindow().getWidth()).isEqualTo(64);
    assertThat(fromZip.products()).isEqualTo(fromFolder.products());
    assertThat(fromZip.scenes.getFirst().getBands().getFirst().getHref())
        .startsWith("zip:/")
        .endsWith("/series.zip!/a-early/B04.tif");
    assertThat(fromFile.products()).isEqualTo(fromFolder.products());
  }

  @Test
  void goesOnAfterEveryBadEntryAndKeepsItsBytes() throws IOException {
    // given
    Path root = folder.resolve("hostile");
    SmallScenes.itemWithRaster(root, "good", "2020-06-01T00:00:00Z");
    SmallScenes.write(root.resolve("json.json"), "{no json");
    SmallScenes.write(
        root.resolve("empty.json"), "{\"type\": \"Feature\", \"stac_version\": \"1\"}");
    SmallScenes.write(
        root.resolve("escape.json"),
        SmallScenes.item("escape", "2020-06-01T00:00:00Z", "../../../../etc/passwd"));
    SmallScenes.write(
        root.resolve("gone.json"), SmallScenes.item("gone", "2020-06-01T00:00:00Z", "gone.tif"));
    SmallScenes.write(root.resolve("text.tif"), "this is not a raster");
    SmallScenes.write(
        root.resolve("text.json"), SmallScenes.item("text", "2020-06-01T00:00:00Z", "text.tif"));
    String noAssets =
        "{\"type\": \"Feature\", \"stac_version\": \"1\", \"id\": \"x\", \"properties\":"
            + " {\"datetime\": \"2020-06-01T00:00:00Z\"}, \"assets\": {}}";
    SmallScenes.write(root.resolve("assets.json"), noAssets);
    SmallScenes.write(root.resolve("deep.json"), "{\"a\":".repeat(5000) + "1" + "}".repeat(5000));
    SmallScenes.collection(
        root.resolve("collection.json"),
        "json.json",
        "empty.json",
        "escape.json",
        "gone.json",
        "text.json",
        "assets.json",
        "deep.json",
        "../../outside.json",
        "https://example.com/item.json",
        "absent.json",
        "loop/catalog.json",
        "good/good.json");
    SmallScenes.collection(
        root.resolve("loop/catalog.json"), "../loop/catalog.json", "../loop/absent-catalog.json");

    // when
    Collected collected = Collected.of(Sources.of(root));

    // then
    assertThat(collected.products()).containsExactly("good");
    assertThat(collected.failures)
        .extracting(SceneFailure::document, SceneFailure::reason)
        .containsExactlyInAnyOrder(
            failed("json.json", FailureReason.METADATA_INVALID),
            failed("empty.json", FailureReason.METADATA_INVALID),
            failed("escape.json", FailureReason.HREF_REFUSED),
            failed("gone.json", FailureReason.ASSET_MISSING),
            failed("text.json", FailureReason.ASSET_UNREADABLE),
            failed("assets.json", FailureReason.ASSETS_ABSENT),
            failed("deep.json", FailureReason.LIMIT_EXCEEDED),
            failed("collection.json", FailureReason.HREF_REFUSED),
            failed("collection.json", FailureReason.HREF_REFUSED),
            failed("absent.json", FailureReason.ASSET_MISSING),
            failed("loop/absent-catalog.json", FailureReason.ASSET_MISSING));
    assertThat(collected.failures)
        .filteredOn(failure -> failure.document().equals("assets.json"))
        .allSatisfy(failure -> assertThat(new String(failure.payload())).isEqualTo(noAssets));
  }

  private static Tuple failed(String document, FailureReason reason) {
    return tuple(document, reason);
  }

  @Test
  void readsItemsBesideTheirRastersWithoutACollection() {
    // given
    SmallScenes.itemWithRaster(folder.resolve("2021"), "b", "2021-08-01T00:00:00Z");
    SmallScenes.itemWithRaster(folder.resolve("2020"), "a", "2020-08-01T00:00:00Z");
    SmallScenes.write(folder.resolve("notes.json"), "{\"type\": \"notes\"}");

    // when
    Collected collected = Collected.of(Sources.of(folder));

    // then
    assertThat(collected.products()).containsExactly("a", "b");
    assertThat(collected.failures).isEmpty();
  }

  @Test
  void readsRastersWithSidecars() {
    // given
    SmallScenes.raster(folder.resolve("one.tif"), "B04", "B08", "QA60");
    SmallScenes.raster(folder.resolve("two.tif"), "x", "y", "z");
    SmallScenes.raster(folder.resolve("own/three.tif"), "x");
    SmallScenes.write(
        folder.resolve("series.json"),
        """
        {"sensor": "sentinel-2-msi", "scale": 0.0001, "nodata": 0, "scenes": [
         {"file": "two.tif", "date": "2020-07-01", "bands": ["B04", null, {"commonName": "nir"}]},
         {"file": "one.tif", "date": "2020-06-01"},
         {"file": "one.tif.gone", "date": "2020-06-01"},
         {"file": "../../etc/passwd", "date": "2020-06-01"}]}
        """);
    SmallScenes.write(
        folder.resolve("own/three.json"),
        "{\"date\": \"2020-05-01T10:00:00Z\", \"bands\": [\"red\"], \"product\": \"own-3\"}");

    // when
    Collected collected = Collected.of(Sources.of(folder));

    // then
    assertThat(collected.products()).containsExactly("own-3", "one", "two");
    SceneAvailable one = collected.scenes.get(1);
    assertThat(one.getBands())
        .extracting(band -> band.getCommonName())
        .containsExactly("red", "nir");
    SceneAvailable two = collected.scenes.get(2);
    assertThat(two.getBands()).extracting(band -> band.getBand()).containsExactly(1, 3);
    assertThat(two.getBands()).extracting(band -> band.getName()).containsExactly("B04", "B08");
    assertThat(collected.scenes.getFirst().getBands().getFirst().getScale()).isEqualTo(1);
    assertThat(collected.failures)
        .extracting(SceneFailure::document, SceneFailure::reason)
        .containsExactlyInAnyOrder(
            failed("series.json, one.tif.gone", FailureReason.ASSET_MISSING),
            failed("series.json, ../../etc/passwd", FailureReason.HREF_REFUSED));
  }

  @Test
  void readsRadarThroughTheSameDoor() {
    // given: a dated raster, a STAC item, and a raster of which nobody says how it is written
    SmallScenes.raster(folder.resolve("a.tif"), "VV", "VH");
    SmallScenes.raster(folder.resolve("bad.tif"), "VV", "VH");
    SmallScenes.write(
        folder.resolve("series.json"),
        """
        {"sensor": "sentinel-1-sar", "platform": "sentinel-1a", "orbitDirection": "ascending",
         "relativeOrbit": 15, "scenes": [
          {"file": "a.tif", "date": "2020-06-01", "unit": "dB"},
          {"file": "bad.tif", "date": "2020-06-01"}]}
        """);
    Path items = folder.resolve("items");
    SmallScenes.raster(items.resolve("vv.tif"), "VV");
    SmallScenes.write(
        items.resolve("item.json"),
        """
        {"type": "Feature", "stac_version": "1.0.0", "collection": "sentinel-1-rtc", "id": "look",
         "properties": {"datetime": "2020-06-02T05:00:00Z", "constellation": "Sentinel-1",
           "platform": "SENTINEL-1B", "grid:code": "MGRS-33TWL",
           "sat:orbit_state": "descending", "sat:relative_orbit": 95},
         "assets": {"vv": {"href": "vv.tif", "type": "image/tiff", "roles": ["data"]}}}
        """);

    // when
    Collected series = Collected.of(Sources.of(folder.resolve("series.json")));
    Collected item = Collected.of(Sources.of(items));

    // then
    assertThat(series.scenes)
        .singleElement()
        .satisfies(scene -> {
          assertThat(scene.getSensor()).isEqualTo("sentinel-1-sar");
          assertThat(scene.getOrbitDirection()).isEqualTo("ascending");
          assertThat(scene.getRelativeOrbit()).isEqualTo(15);
          assertThat(scene.getBands())
              .extracting(BandAsset::getName, BandAsset::getModality, BandAsset::getBackscatter)
              .containsExactly(
                  tuple("VV", Modality.RADAR, Backscatter.DECIBELS),
                  tuple("VH", Modality.RADAR, Backscatter.DECIBELS));
        });
    assertThat(series.failures)
        .singleElement()
        .satisfies(failure -> {
          assertThat(failure.reason()).isEqualTo(FailureReason.METADATA_INVALID);
          assertThat(failure.message()).contains("dB");
        });
    assertThat(item.failures).isEmpty();
    assertThat(item.scenes)
        .singleElement()
        .satisfies(scene -> {
          assertThat(scene.getGrid().getCode()).isEqualTo("MGRS-33TWL");
          assertThat(scene.getOrbitDirection()).isEqualTo("descending");
          assertThat(scene.getBands().getFirst().getBackscatter()).isEqualTo(Backscatter.POWER);
        });
  }

  @Test
  void saysWhatItNeedsWhereNothingIsUnderstood() throws IOException {
    SmallScenes.write(folder.resolve("empty/readme.txt"), "nothing");
    Path noZip = Files.writeString(folder.resolve("a.zip"), "no zip");

    for (Path path : List.of(folder.resolve("empty"), noZip, folder.resolve("empty/readme.txt"))) {
      assertThatExceptionOfType(LandshiftException.class)
          .isThrownBy(() -> Sources.of(path))
          .withMessageContaining("series.json")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
    }
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> Sources.of(folder.resolve("absent")))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.ASSET_MISSING));
  }
}
