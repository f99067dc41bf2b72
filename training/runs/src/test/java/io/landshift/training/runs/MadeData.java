package io.landshift.training.runs;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Made sets in the layouts of real ones: forest with squares that die, and clouds over it. */
final class MadeData {
  static final int PLACES = 10;
  private static final int SIDE = 48;
  private static final List<String> BANDS =
      List.of("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12");
  private static final int[] FOREST = {
    250, 300, 500, 350, 900, 2600, 3200, 3400, 3500, 3500, 1500, 700
  };
  private static final int[] DEAD = {
    300, 500, 700, 900, 1300, 1800, 2000, 2100, 2200, 2200, 2700, 1800
  };

  private MadeData() {}

  /** Writes both sets into a folder. */
  static void write(Path data) throws IOException {
    Random random = new Random(4);
    Path pairs = data.resolve("training/bark_beetle_train");
    for (int place = 0; place < PLACES; place++) {
      String name = "%03d.tif".formatted(place);
      // A kilometre and a half apart, so that each is a place of its own.
      Grid grid = grid(500_000 + 1500.0 * place);
      short[] mask = new short[SIDE * SIDE];
      int x = 4 + random.nextInt(SIDE - 24);
      int y = 4 + random.nextInt(SIDE - 24);
      for (int pixel = 0; pixel < mask.length; pixel++) {
        boolean dead =
            pixel % SIDE >= x
                && pixel % SIDE < x + 16
                && pixel / SIDE >= y
                && pixel / SIDE < y + 16;
        mask[pixel] = (short) (dead ? 1 : 0);
      }
      write(pairs.resolve("2019-09").resolve(name), grid, BANDS, look(mask, false, random));
      write(pairs.resolve("2020-09").resolve(name), grid, BANDS, look(mask, true, random));
      write(pairs.resolve("mask").resolve(name), grid, List.of("mask"), new short[][] {mask});
    }
    clouds(data.resolve("training/cloud_shadow_csmask"), random);
  }

  /** Tiles laid out as MMEarth's, with some of its other sources: half are warm, half are cold. */
  static void writeAligned(Path data) throws IOException {
    int side = 40;
    short[][][][] sentinel2 = new short[PLACES][13][side][side];
    byte[][][][] cover = new byte[PLACES][1][side][side];
    float[][] era5 = new float[PLACES][12];
    Random random = new Random(6);
    for (int tile = 0; tile < PLACES; tile++) {
      Arrays.fill(era5[tile], tile % 2 == 0 ? 300 : 270);
      for (byte[] row : cover[tile][0]) {
        Arrays.fill(row, (byte) (1 + tile % 2));
      }
      for (short[][] band : sentinel2[tile]) {
        for (short[] row : band) {
          for (int column = 0; column < side; column++) {
            row[column] = (short) (1000 + 500 * (tile % 2) + random.nextInt(200));
          }
        }
      }
    }
    Path folder = Files.createDirectories(data.resolve("training/mmearth"));
    try (WritableHdfFile file = HdfFile.write(folder.resolve("data_1M_v001_64.h5"))) {
      file.putDataset("sentinel2", sentinel2);
      file.putDataset("dynamic_world", cover);
      file.putDataset("era5", era5);
    }
  }

  private static short[][] look(short[] mask, boolean after, Random random) {
    short[][] bands = new short[FOREST.length][mask.length];
    double light = 1 + 0.05 * random.nextGaussian();
    for (int band = 0; band < bands.length; band++) {
      for (int pixel = 0; pixel < mask.length; pixel++) {
        int level = after && mask[pixel] == 1 ? DEAD[band] : FOREST[band];
        bands[band][pixel] = (short) (level * light * (0.95 + 0.1 * random.nextDouble()));
      }
    }
    return bands;
  }

  /** Thirds of shadow, land and cloud, on two tiles. */
  private static void clouds(Path folder, Random random) throws IOException {
    Files.createDirectories(folder);
    int[] codes = {0, 3, 4};
    double[][] levels = {
      {.02, .025, .02, .09, .05, .03}, {.03, .05, .035, .34, .15, .07}, {.6, .6, .6, .65, .4, .35}
    };
    for (String tile : List.of("landsat5", "sentinel2")) {
      ByteBuffer image =
          ByteBuffer.allocate(SIDE * SIDE * 6 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      byte[] mask = new byte[SIDE * SIDE];
      for (int pixel = 0; pixel < mask.length; pixel++) {
        int kind = 3 * (pixel % SIDE) / SIDE;
        mask[pixel] = (byte) codes[kind];
        for (double level : levels[kind]) {
          image.putFloat((float) (level * (0.9 + 0.2 * random.nextDouble())));
        }
      }
      try (ZipOutputStream zip =
          new ZipOutputStream(Files.newOutputStream(folder.resolve(tile + ".npz")))) {
        array(zip, "img", "<f4", 6, image.array());
        array(zip, "msk", "|u1", 1, mask);
      }
    }
  }

  /** As {@code numpy.save} writes it. */
  private static void array(
      ZipOutputStream zip, String name, String type, int channels, byte[] data) throws IOException {
    zip.putNextEntry(new ZipEntry(name + ".npy"));
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d, %d), }%n"
            .formatted(type, SIDE, SIDE, channels);
    zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    zip.write(new byte[] {(byte) header.length(), 0});
    zip.write(header.getBytes(StandardCharsets.ISO_8859_1));
    zip.write(data);
    zip.closeEntry();
  }

  private static Grid grid(double x) {
    return new Grid("LOCAL", "EPSG:32633", x, 5_500_000.0, 10.0, SIDE, SIDE);
  }

  private static void write(Path file, Grid grid, List<String> names, short[][] bands)
      throws IOException {
    Files.createDirectories(file.getParent());
    CogWriter.write(
        file,
        grid,
        new PixelWindow(0, 0, SIDE, SIDE),
        CogLayout.of(RasterType.UINT16, names.toArray(String[]::new)),
        RowSource.ofShorts(SIDE, bands));
  }

  /** A run that is over in seconds. */
  static String config(int steps, int checkpoint) {
    return """
    name: made
    description: Made forest.
    seed: 7
    shipped: false
    bands: [blue, green, red, nir, nir08, swir16, swir22]
    encoder: {width: 8, depths: [1, 1, 1, 1], patch: 16}
    split: {seed: 1, validation: 0.4, test: 0}
    pretraining:
      seed: 7
      steps: {count: 6, warm_up: 2, rate: 1.0e-3, checkpoint: 3}
      batch: 4
      side: 32
      ratio: 0.6
      decoder: 16
      weighting: UNCERTAINTY
      parity: FIXED
      sets: [bark_beetle_train]
    finetuning:
      steps: {count: %d, warm_up: 2, rate: 5.0e-3, checkpoint: %d}
      start: PRETRAINED
      side: 32
      layer_decay: 0.9
      smoothing: 0.0
      labels: 1.0
      weighting: EQUAL
      tasks:
        - {set: bark_beetle_train, batch: 6}
        - {set: cloud_shadow_csmask, batch: 2}
    bundle:
      change: bark_beetle_train
      measured_on: bark_beetle_train
      calibrated_on: [bark_beetle_train]
      score: vegetation-loss
      direction: LOSS
      segmentation: cloud_shadow_csmask
      size: 64
      overlap: 8
      head_window: 64
      margin: 0.5
    experiments:
      seeds:
        question: Does the seed matter?
        alike: {finetuning: {steps: {count: 4, warm_up: 1, rate: 5.0e-3, checkpoint: 4}}}
        variants:
          all: {}
          half: {finetuning: {labels: 0.5}}
        seeds: [7]
      alone:
        question: Is it better alone, and elsewhere?
        variants:
          change: {finetuning: {weighting: UNCERTAINTY, tasks: [{set: bark_beetle_train, batch: 2}, {set: cloud_shadow_csmask, batch: 0}]}}
          classes: {finetuning: {start: RANDOM, tasks: [{set: bark_beetle_train, batch: 0}, {set: cloud_shadow_csmask, batch: 2}]}}
          elsewhere: {split: {seed: 1, turn: 0.4, validation: 0.4, test: 0}, finetuning: {start: RANDOM}}
        seeds: [7]
    """
        .formatted(steps, checkpoint);
  }
}
