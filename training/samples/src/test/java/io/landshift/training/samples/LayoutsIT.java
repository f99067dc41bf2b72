package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layouts of public change sets, in fixtures that are made like them. */
@Tag("it")
class LayoutsIT {
  private static final int WIDTH = 6;
  private static final int HEIGHT = 4;

  @TempDir Path folder;

  @Test
  void readsPicturesLaidOutAsLevir() throws IOException {
    // given: pixel (2, 1) changes from red to blue
    picture("train/A/train_1.png", 0xff3300, 2, 1, 0xff0000);
    picture("train/B/train_1.png", 0xff3300, 2, 1, 0x0000ff);
    mask("train/label/train_1.png", 0, 2, 1, 255);
    PictureChangeSet set =
        new PictureChangeSet(
            "levir",
            folder,
            Part.TRAIN,
            PictureChangeSet.Layout.LEVIR_CD,
            List.of("blue", "green", "nir"));

    // when
    Source source = set.sources().getFirst();
    Sample.Changed sample = set.read(source);

    // then
    assertThat(source)
        .isEqualTo(
            new Source("levir", "train_1.png", "train_1.png", Licence.EXPERIMENT_ONLY, false));
    assertThat(sample.labels().counts()).containsExactly(23, 1);
    assertThat(sample.labels().codes()[WIDTH + 2]).isEqualTo((byte) 1);
    assertThat(sample.before().plane("blue")[WIDTH + 2]).isZero();
    assertThat(sample.after().plane("blue")[WIDTH + 2]).isEqualTo(1);
    assertThat(sample.after().plane("green")[0]).isEqualTo(0.2f, within(1e-6f));
    assertThat(sample.before().planes()[2]).isNull();
  }

  @Test
  void readsPicturesLaidOutAsClcdAndRefusesHalvesOfPairs() throws IOException {
    // given
    picture("test/time1/00000.png", 0x010203, 0, 0, 0x010203);
    mask("test/label/00000.png", 0, 0, 0, 1);
    PictureChangeSet set =
        new PictureChangeSet(
            "clcd", folder, Part.TEST, PictureChangeSet.Layout.CLCD, List.of("red"));
    Source source = set.sources().getFirst();
    assertThat(source.heldOut()).as("its authors keep it for the test").isTrue();

    // when, then: the second date is not there
    assertThatThrownBy(() -> set.read(source))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID))
        .hasMessageContaining("time2");
    picture("test/time2/00000.png", 0x010203, 0, 0, 0x010203);
    assertThat(set.read(source).labels().counts()).containsExactly(23, 1);
  }

  @Test
  void readsCitiesOfOscd() throws IOException {
    // given
    String images = "Onera Satellite Change Detection dataset - Images/abudhabi/";
    band(images + "imgs_1_rect/B02.tif", 1000);
    band(images + "imgs_1_rect/B07.tif", 3000);
    band(images + "imgs_2_rect/B02.tif", 1500);
    band(images + "imgs_2_rect/B07.tif", 3500);
    Files.writeString(folder.resolve(images + "dates.txt"), "date_1: 20160120\ndate_2: 20180328\n");
    mask("Onera Satellite Change Detection dataset - Test Labels/abudhabi/cm/cm.png", 0, 5, 3, 255);
    OscdSet set =
        new OscdSet(
            folder,
            Part.TEST,
            List.of(
                new BandRequest("blue", 0.49, true),
                new BandRequest("rededge", 0.783, false),
                new BandRequest("pan", 0.59, false)));

    // when
    Sample.Changed sample = set.read(set.sources().getFirst());

    // then
    assertThat(sample.source().place()).isEqualTo("abudhabi");
    assertThat(sample.source().heldOut()).isTrue();
    assertThat(sample.before().time()).isEqualTo(Instant.parse("2016-01-20T00:00:00Z"));
    assertThat(sample.before().plane("blue")[0]).isEqualTo(0.1f, within(1e-6f));
    assertThat(sample.after().plane("blue")[0]).isEqualTo(0.15f, within(1e-6f));
    assertThat(sample.after().plane("rededge")[7]).isEqualTo(0.35f, within(1e-6f));
    assertThat(sample.after().planes()[2]).isNull();
    assertThat(sample.labels().counts()).containsExactly(23, 1);
    assertThatThrownBy(() -> new OscdSet(folder, Part.VALIDATION, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void picture(String name, int rgb, int x, int y, int other) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
      image.setRGB(pixel % WIDTH, pixel / WIDTH, rgb);
    }
    image.setRGB(x, y, other);
    write(name, image);
  }

  private void mask(String name, int all, int x, int y, int other) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    for (int pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
      image.getRaster().setSample(pixel % WIDTH, pixel / WIDTH, 0, all);
    }
    image.getRaster().setSample(x, y, 0, other);
    write(name, image);
  }

  private void write(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  private void band(String name, int number) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    short[] numbers = new short[WIDTH * HEIGHT];
    Arrays.fill(numbers, (short) number);
    CogWriter.write(
        file,
        new Grid("LOCAL", "EPSG:32633", 500_000.0, 5_000_000.0, 10.0, WIDTH, HEIGHT),
        new PixelWindow(0, 0, WIDTH, HEIGHT),
        CogLayout.of(RasterType.UINT16, "band"),
        RowSource.ofShorts(WIDTH, new short[][] {numbers}));
  }
}
