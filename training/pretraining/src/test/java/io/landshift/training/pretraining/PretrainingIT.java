package io.landshift.training.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weighting;
import io.landshift.training.networks.Weights;
import io.landshift.training.samples.Augmentation;
import io.landshift.training.samples.BarkBeetleSet;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.MmEarthSet;
import io.landshift.training.samples.Sample;
import io.landshift.training.torch.Step;
import io.landshift.training.torch.Torch;
import io.landshift.training.torch.TorchParameters;
import io.landshift.training.torch.WarmUpCosine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps of pretraining on a made file of MMEarth's layout, and on real pairs where they are. */
class PretrainingIT {
  private static final int SIDE = 56;
  private static final int STEPS = 24;
  private static final List<BandRequest> BANDS =
      List.of(
          new BandRequest("blue", 0.49, false),
          new BandRequest("green", 0.56, false),
          new BandRequest("red", 0.665, false),
          new BandRequest("nir", 0.842, false),
          new BandRequest("swir16", 1.61, false),
          new BandRequest("swir22", 2.19, false));

  @TempDir static Path folder;

  @BeforeAll
  static void oneThread() {
    Torch.beDeterministic();
  }

  @Test
  void allTasksOfMmEarthAreLearnedAndASeedGivesTheSameBits() {
    // given
    List<Sample.Aligned> tiles = tiles();
    Map<String, Standardisation> scales = scales(tiles);
    Augmentation windows = new Augmentation(SIDE, 1, 0, 0);
    Function<RandomGenerator, Window> draw =
        random -> {
          Sample tile = windows.cut(tiles.get(random.nextInt(tiles.size())), random);
          return Windows.multiModal((Sample.Aligned) tile, scales, false);
        };
    Model<MaskedAutoencoder> model = model(Windows.multiModal(BANDS.size()));

    // when
    Pretraining.Result result = training(Weighting.UNCERTAINTY, 5 * STEPS).run(model, draw);
    Pretraining.Result brief = training(Weighting.UNCERTAINTY, 4).run(model, draw);
    Pretraining.Result again = training(Weighting.UNCERTAINTY, 4).run(model, draw);

    // then
    report("made in MMEarth's layout, 12 tasks, by uncertainty", result);
    assertThat(result.steps()).allMatch(Step::taken);
    assertThat(last(result)).isLessThan(first(result) - 2);
    assertThat(again.steps()).isEqualTo(brief.steps());
    model
        .parameters()
        .forEach(parameter ->
            assertThat(again.weights().of(parameter))
                .as(parameter.name())
                .isEqualTo(brief.weights().of(parameter)));
    assertThat(errorOfPosition(model, result.weights(), tiles, scales))
        .as("the mean of both places is wrong by 0.25")
        .isLessThan(0.1);
    float[] logVariances = result.weights().of(model.network().logVariances());
    System.out.println("s " + Arrays.toString(logVariances));
    for (int task = 0; task < logVariances.length; task++) {
      assertThat(logVariances[task]).as(model.network().tasks().get(task).name()).isNotZero();
    }
  }

  /**
   * Mean squared error of a fact that only what is visible can tell: one new window of each tile.
   */
  private static double errorOfPosition(
      Model<MaskedAutoencoder> model,
      Weights weights,
      List<Sample.Aligned> tiles,
      Map<String, Standardisation> scales) {
    SplittableRandom random = new SplittableRandom(31);
    Augmentation windows = new Augmentation(SIDE, 1, 0, 0);
    List<Window> batch =
        tiles.stream()
            .map(tile -> (Sample.Aligned) windows.cut(tile, random))
            .map(tile -> Windows.multiModal(tile, scales, false))
            .toList();
    MaskedObjective objective = new MaskedObjective(model.network(), Weighting.EQUAL);
    List<Values> inputs =
        objective.inputs(batch, PatchMask.draw(batch.size(), 7, PatchMask.RATIO, random));
    List<String> names = model.network().tasks().stream().map(PretextTask::name).toList();
    int task = names.indexOf("lat");
    float[] expected = inputs.get(2 + 2 * task).values();
    try (TorchParameters parameters = new TorchParameters(model.parameters(), weights)) {
      float[] told =
          Torch.run(model.network(), parameters, inputs.subList(0, 2)).get(task).values();
      double sum = 0;
      for (int index = 0; index < told.length; index++) {
        sum += Math.pow(told[index] - expected[index], 2);
      }
      System.out.printf("position told within %.4f, by the mean 0.25%n", sum / told.length);
      return sum / told.length;
    }
  }

  /** So few steps learn little more than means. */
  @Test
  void scenesTeachWhatTheyThemselvesAnswer() {
    // given: not multi-modal
    String root = System.getProperty("landshift.data", "");
    assumeTrue(!root.isBlank() && !root.contains("${"), "no shared data: set landshift.data");
    Path path = Path.of(root).resolve("training/bark_beetle_train");
    assumeTrue(Files.exists(path), path + " is not there");
    BarkBeetleSet set = new BarkBeetleSet(path, BANDS);
    List<Sample.Changed> pairs = set.sources().stream().limit(16).map(set::read).toList();
    List<Look> looks = pairs.stream().flatMap(pair -> pair.looks().stream()).toList();
    Standardisation scale = Standardisation.of(looks.stream().map(Windows::planes).toList());
    Augmentation windows = new Augmentation(SIDE, 1, 0, 0);
    Model<MaskedAutoencoder> model = model(Windows.selfMade(BANDS.size()));

    // when
    Pretraining.Result result =
        training(Weighting.EQUAL, STEPS)
            .run(
                model,
                random -> {
                  Sample pair = windows.cut(pairs.get(random.nextInt(pairs.size())), random);
                  Look look = pair.looks().get(random.nextInt(2));
                  return Windows.selfMade(pair.source(), look, scale, false);
                });

    // then
    report("bark_beetle_train, 16 pairs, 3 self-made tasks, equal", result);
    assertThat(result.steps()).allMatch(Step::taken);
    assertThat(last(result)).isLessThan(0.9 * first(result));
  }

  private static Model<MaskedAutoencoder> model(List<PretextTask> tasks) {
    return Model.of(scope ->
        MaskedAutoencoder.of(
            scope,
            new MaskedEncoder(
                ConvNextEncoder.of(scope.of("encoder"), 8, List.of(1, 1, 1, 1), BANDS.size(), 8),
                Parity.FIXED),
            64,
            tasks));
  }

  private static Pretraining training(Weighting weighting, long steps) {
    return new Pretraining(
        4,
        PatchMask.RATIO,
        weighting,
        7,
        new WarmUpCosine(3e-3, 0, 2, steps),
        Pretraining.PUBLISHED_OPTIMISER);
  }

  private static void report(String what, Pretraining.Result result) {
    System.out.printf(
        "pretraining, %s: %.3f -> %.3f in %d steps%n",
        what, first(result), last(result), result.steps().size());
  }

  private static double first(Pretraining.Result result) {
    return result.steps().subList(0, 4).stream().mapToDouble(Step::loss).average().orElseThrow();
  }

  private static double last(Pretraining.Result result) {
    int steps = result.steps().size();
    return result.steps().subList(steps - 4, steps).stream()
        .mapToDouble(Step::loss)
        .average()
        .orElseThrow();
  }

  private static Map<String, Standardisation> scales(List<Sample.Aligned> tiles) {
    Map<String, Standardisation> scales = Windows.scales(tiles);
    assertThat(scales).containsOnlyKeys("sentinel1", "aster", "canopy_height_eth", "era5");
    scales.put(
        Windows.IMAGE,
        Standardisation.of(tiles.stream().map(tile -> Windows.planes(tile.look())).toList()));
    return scales;
  }

  /** Tiles of land whose kind decides all else, and differs from tile to tile. */
  private static List<Sample.Aligned> tiles() {
    int tiles = 6;
    int side = 64;
    Random random = new Random(2);
    short[][][][] sentinel2 = new short[tiles][13][side][side];
    float[][][][] sentinel1 = new float[tiles][8][side][side];
    short[][][][] aster = new short[tiles][2][side][side];
    byte[][][][] canopy = new byte[tiles][2][side][side];
    byte[][][][] dynamic = new byte[tiles][1][side][side];
    byte[][][][] cover = new byte[tiles][1][side][side];
    float[][] biome = new float[tiles][14];
    float[][] ecoRegion = new float[tiles][846];
    float[][] pairs = new float[tiles][2];
    float[][] era5 = new float[tiles][12];
    for (int tile = 0; tile < tiles; tile++) {
      biome[tile][tile % 2] = 1;
      ecoRegion[tile][100 * tile] = 1;
      pairs[tile][tile % 2] = 1;
      // Kelvins, which a squared error cannot take as they are.
      Arrays.fill(era5[tile], 280 + 10 * (tile % 2));
      era5[tile][5] = Float.NaN;
      for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
          int kind = (row / 20 + column / 20 + tile) % 3;
          for (int band = 0; band < 13; band++) {
            sentinel2[tile][band][row][column] =
                (short) (500 + 900 * kind + 60 * band * (tile % 2) + random.nextInt(60));
          }
          for (int channel = 0; channel < 8; channel++) {
            sentinel1[tile][channel][row][column] =
                channel > 3 ? Float.NEGATIVE_INFINITY : -20 + 5 * kind + random.nextFloat();
          }
          aster[tile][0][row][column] = (short) (100 * tile + row);
          canopy[tile][0][row][column] = (byte) (kind == 0 ? 127 : 10 * kind);
          dynamic[tile][0][row][column] = (byte) (kind == 2 ? 0 : kind + 1);
          cover[tile][0][row][column] = (byte) (10 * (kind + 1));
        }
      }
    }
    Path path = folder.resolve("data_1M_v001_64.h5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      file.putDataset("sentinel2", sentinel2);
      file.putDataset("sentinel1", sentinel1);
      file.putDataset("aster", aster);
      file.putDataset("canopy_height_eth", canopy);
      file.putDataset("dynamic_world", dynamic);
      file.putDataset("esa_worldcover", cover);
      file.putDataset("biome", biome);
      file.putDataset("eco_region", ecoRegion);
      file.putDataset("lat", pairs);
      file.putDataset("lon", pairs);
      file.putDataset("month", pairs);
      file.putDataset("era5", era5);
    }
    MmEarthSet set = new MmEarthSet(path, BANDS);
    List<Sample.Aligned> samples = new ArrayList<>();
    set.sources().forEach(source -> samples.add(set.read(source)));
    return samples;
  }
}
