package io.landshift.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.model.inference.ChunkInput;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.LandCover;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The result of a bundle is defined on the fixed window grid: nothing else may change a bit. */
@Tag("it")
class WindowGridIT {
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());

  @BeforeAll
  static void printSeed() {
    System.out.println("-Dseed=" + SEED);
  }

  static List<Bundle> bundles() {
    return List.of(new ConvolutionalBundle(SEED).bundle(), Bundles.spectralBaseline());
  }

  @Test
  void everyWindowIsWhatThePlainComputationGives() {
    // given
    ConvolutionalBundle network = new ConvolutionalBundle(SEED);
    int width = 60;
    int height = 50;
    Scene scene = new Scene(width, height, ConvolutionalBundle.BANDS, 0);
    int cells = ConvolutionalBundle.GEOMETRY.size() / 2;
    int core = ConvolutionalBundle.GEOMETRY.core();
    int overlap = ConvolutionalBundle.GEOMETRY.overlap();

    // when
    short[] features;
    try (ModelSession session = ModelRuntime.open(network.bundle(), RuntimeOptions.cpu())) {
      features = scene.encode(session, new PixelRegion(0, 0, width, height));
    }

    // then
    for (int row = 0; row < height / 2; row++) {
      for (int column = 0; column < width / 2; column++) {
        int x = column * 2 / core * core - overlap;
        int y = row * 2 / core * core - overlap;
        float[] window = network.encodeWindow(scene.bands, width, height, x, y);
        for (int feature = 0; feature < ConvolutionalBundle.FEATURES; feature++) {
          int at = (feature * cells + row - y / 2) * cells + column - x / 2;
          double expected = window[at] / ConvolutionalBundle.STEP;
          double actual = features[(feature * height / 2 + row) * width / 2 + column];
          assertThat(actual).isCloseTo(expected, within(0.51));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void noChunkSizeThreadCountOrOrderChangesABit(Bundle bundle) {
    // given
    int unit = bundle.manifest().window().headSize();
    int side = 3 * unit;
    Scene scene = new Scene(side, side, bundle.manifest().bands().size(), 0.001);
    Results expected;
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      expected = new Results(scene, session, List.of(new PixelRegion(0, 0, side, side)));
    }
    Random random = new Random(SEED);
    for (int round = 0; round < 6; round++) {
      RuntimeOptions options =
          RuntimeOptions.cpu()
              .withThreads(1 + random.nextInt(3))
              .withConcurrency(1 + random.nextInt(3));
      List<PixelRegion> chunks = chunks(side, unit * (1 + random.nextInt(3)));
      Collections.shuffle(chunks, random);

      // when
      Results actual;
      try (ModelSession session = ModelRuntime.open(bundle, options)) {
        actual = new Results(scene, session, chunks);
      }

      // then
      assertThat(actual.features).as("features, %s", options).isEqualTo(expected.features);
      assertThat(actual.classes).as("classes, %s", options).isEqualTo(expected.classes);
      assertThat(actual.probabilities).as("%s", options).isEqualTo(expected.probabilities);
      assertThat(actual.scores).as("scores, %s", options).isEqualTo(expected.scores);
    }
  }

  @Test
  void headsSeeTilesOfTheGridWhereverAChunkBegins() {
    // given: tiles of 16 pixels, and a chunk that begins and ends inside of some
    Bundle bundle = new ConvolutionalBundle(SEED).bundle();
    Scene scene = new Scene(64, 64, ConvolutionalBundle.BANDS, 0);
    PixelRegion whole = new PixelRegion(0, 0, 64, 64);
    PixelRegion part = new PixelRegion(10, 6, 46, 50);
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      // when
      float[] all = scores(session, scene.encode(session, whole), whole);
      float[] some = scores(session, scene.encode(session, part), part);

      // then: of tiles that the chunk has whole, nothing differs
      for (int y = part.y(); y < part.bottom(); y++) {
        for (int x = part.x(); x < part.right(); x++) {
          float expected = all[y * 64 + x];
          float actual = some[(y - part.y()) * part.width() + x - part.x()];
          if (x >= 16 && x < 48 && y >= 16 && y < 48) {
            assertThat(actual).as("at %d, %d", x, y).isEqualTo(expected);
          }
        }
      }
      LandCover classes =
          session.segment(
              FeaturePlanes.quantised(scene.encode(session, part), 23, 25, session.manifest()),
              null,
              new boolean[] {true, true, true},
              part,
              true);
      LandCover expected =
          session.segment(
              scene.encode(session, whole), new boolean[] {true, true, true}, 64, 64, true);
      assertThat(probability(classes, part, 20, 20))
          .isEqualTo(probability(expected, whole, 20, 20));
      assertThat(probability(classes, part, 10, 20))
          .as("this head looks at its neighbours: the test can fail")
          .isNotEqualTo(probability(expected, whole, 10, 20));
    }
  }

  private static float probability(LandCover cover, PixelRegion chunk, int x, int y) {
    float[] all = cover.probabilities();
    return all == null ? Float.NaN : all[(y - chunk.y()) * chunk.width() + x - chunk.x()];
  }

  private static float[] scores(ModelSession session, short[] encoded, PixelRegion chunk) {
    int columns = chunk.width() / 2;
    int rows = chunk.height() / 2;
    float[] centre = new float[encoded.length];
    for (int index = 0; index < centre.length; index++) {
      centre[index] = encoded[index] * 8e-4f;
    }
    return session
        .scores(
            FeaturePlanes.quantised(encoded, columns, rows, session.manifest()),
            FeaturePlanes.of(centre, columns, rows),
            FeaturePlanes.of(new float[centre.length], columns, rows),
            null,
            new boolean[] {true, true, true},
            chunk)[0];
  }

  @Test
  void aBatchThatChangesABitIsNotUsed() {
    // given: the encoder's global response normalisation adds over channels, rows and columns
    RuntimeOptions options = RuntimeOptions.cpu().withBatch(8);

    // when, then
    try (ModelSession session =
        ModelRuntime.open(new ConvolutionalBundle(SEED).bundle(), options)) {
      assertThat(session.batch(GraphRole.ENCODER)).isEqualTo(1);
    }
  }

  @Test
  void aBatchChangesNoBitWhereEveryPixelIsAlone() {
    // given
    Bundle bundle = Bundles.spectralBaseline();
    int side = 3 * bundle.manifest().window().headSize();
    Scene scene = new Scene(side, side, bundle.manifest().bands().size(), 0.001);
    List<PixelRegion> whole = List.of(new PixelRegion(0, 0, side, side));
    int batch = 2 + new Random(SEED).nextInt(6);
    try (ModelSession alone = ModelRuntime.open(bundle, RuntimeOptions.cpu());
        ModelSession together = ModelRuntime.open(bundle, RuntimeOptions.cpu().withBatch(batch))) {

      // when
      Results expected = new Results(scene, alone, whole);
      Results actual = new Results(scene, together, whole);

      // then
      for (GraphRole role : GraphRole.values()) {
        assertThat(together.batch(role)).isEqualTo(batch);
      }
      assertThat(actual.features).isEqualTo(expected.features);
      assertThat(actual.classes).isEqualTo(expected.classes);
      assertThat(actual.probabilities).isEqualTo(expected.probabilities);
      assertThat(actual.scores).isEqualTo(expected.scores);
    }
  }

  @Test
  void chunksMayBeCutAtAnyStride() {
    // given
    Bundle bundle = new ConvolutionalBundle(SEED).bundle();
    Random random = new Random(SEED);
    Scene scene = new Scene(90, 70, ConvolutionalBundle.BANDS, 0.002);
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      short[] whole = scene.encode(session, new PixelRegion(0, 0, 90, 70));
      for (int round = 0; round < 40; round++) {
        int x = 2 * random.nextInt(44);
        int y = 2 * random.nextInt(34);
        int width = 2 * (1 + random.nextInt(45 - x / 2));
        int height = 2 * (1 + random.nextInt(35 - y / 2));

        // when
        short[] part = scene.encode(session, new PixelRegion(x, y, width, height));

        // then
        for (int feature = 0; feature < ConvolutionalBundle.FEATURES; feature++) {
          for (int row = 0; row < height / 2; row++) {
            for (int column = 0; column < width / 2; column++) {
              assertThat(part[(feature * height / 2 + row) * width / 2 + column])
                  .isEqualTo(whole[(feature * 35 + row + y / 2) * 45 + column + x / 2]);
            }
          }
        }
      }
    }
  }

  @Test
  void itIsEnoughToReadTheRegionOfThePlan() {
    // given: a scene larger than what the chunk's windows see
    Bundle bundle = new ConvolutionalBundle(SEED).bundle();
    Scene scene = new Scene(120, 120, ConvolutionalBundle.BANDS, 0);
    PixelRegion chunk = new PixelRegion(48, 48, 24, 24);
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      WindowPlan plan = WindowPlan.of(bundle.manifest().window(), chunk);

      // when
      short[] fromAll = scene.encode(session, chunk);
      short[] fromRead = session.encode(scene.cut(plan, plan.readRegion()));
      short[] fromLess = session.encode(scene.cut(plan, chunk));

      // then: with less, the halo is missing and the border differs
      assertThat(fromRead).isEqualTo(fromAll);
      assertThat(fromLess).isNotEqualTo(fromAll);
    }
  }

  private static List<PixelRegion> chunks(int side, int chunkSize) {
    List<PixelRegion> chunks = new ArrayList<>();
    for (int y = 0; y < side; y += chunkSize) {
      for (int x = 0; x < side; x += chunkSize) {
        int width = Math.min(chunkSize, side - x);
        int height = Math.min(chunkSize, side - y);
        chunks.add(new PixelRegion(x, y, width, height));
      }
    }
    return chunks;
  }

  /** Random pixels on the grid from its origin, with some NaN. */
  private static final class Scene {
    private final PixelRegion region;
    private final float[][] bands;

    Scene(int width, int height, int bandCount, double noData) {
      Random random = new Random(SEED + 1);
      region = new PixelRegion(0, 0, width, height);
      bands = new float[bandCount][width * height];
      for (float[] band : bands) {
        for (int pixel = 0; pixel < band.length; pixel++) {
          band[pixel] = random.nextDouble() < noData ? Float.NaN : random.nextFloat();
        }
      }
    }

    short[] encode(ModelSession session, PixelRegion chunk) {
      WindowPlan plan = WindowPlan.of(session.manifest().window(), chunk);
      return session.encode(new ChunkInput(plan, region, bands, null));
    }

    /** The input with the pixels of a region only. */
    ChunkInput cut(WindowPlan plan, PixelRegion part) {
      float[][] cut = new float[bands.length][part.area()];
      for (int band = 0; band < bands.length; band++) {
        for (int row = 0; row < part.height(); row++) {
          System.arraycopy(
              bands[band],
              (part.y() + row) * region.width() + part.x(),
              cut[band],
              row * part.width(),
              part.width());
        }
      }
      return new ChunkInput(plan, part, cut, null);
    }
  }

  /** What the chunks of a scene give, put together. */
  private static final class Results {
    private final int width;
    private final int stride;
    private final short[] features;
    private final byte[] classes;
    private final float[] probabilities;
    private final float[] scores;

    Results(Scene scene, ModelSession session, List<PixelRegion> chunks) {
      int pixels = scene.region.area();
      width = scene.region.width();
      stride = session.manifest().window().stride();
      features = new short[session.manifest().features().size() * pixels / (stride * stride)];
      classes = new byte[pixels];
      probabilities = new float[session.manifest().classes().size() * pixels];
      scores = new float[session.manifest().scores().size() * pixels];
      chunks.forEach(chunk -> add(scene, session, chunk));
    }

    private void add(Scene scene, ModelSession session, PixelRegion chunk) {
      boolean[] presence = new boolean[scene.bands.length];
      java.util.Arrays.fill(presence, true);
      int chunkWidth = chunk.width();
      int chunkHeight = chunk.height();
      short[] encoded = scene.encode(session, chunk);
      LandCover landCover = session.segment(encoded, presence, chunkWidth, chunkHeight, true);
      float[] current = new float[encoded.length];
      for (int index = 0; index < current.length; index++) {
        current[index] = encoded[index] == Short.MIN_VALUE ? Float.NaN : encoded[index] * 1e-4f;
      }
      // Any reference will do that depends on the pixel only.
      float[] centre = current.clone();
      float[] spread = new float[current.length];
      for (int index = 0; index < current.length; index++) {
        centre[index] *= 0.8f;
        spread[index] = Math.abs(current[index]) * 0.1f;
      }
      float[][] scored = session.scores(current, centre, spread, presence, chunkWidth, chunkHeight);
      for (int feature = 0; feature < session.manifest().features().size(); feature++) {
        place(encoded, feature, features, chunk, stride);
      }
      for (int channel = 0; channel < session.manifest().classes().size(); channel++) {
        place(landCover.probabilities(), channel, probabilities, chunk, 1);
      }
      place(landCover.classes(), 0, classes, chunk, 1);
      for (int score = 0; score < scored.length; score++) {
        int plane = scores.length / scored.length;
        for (int row = 0; row < chunkHeight; row++) {
          int to = score * plane + (chunk.y() + row) * width + chunk.x();
          System.arraycopy(scored[score], row * chunkWidth, scores, to, chunkWidth);
        }
      }
    }

    private void place(Object from, int channel, Object to, PixelRegion chunk, int cell) {
      int columns = chunk.width() / cell;
      int rows = chunk.height() / cell;
      int allColumns = width / cell;
      int allRows = width / cell;
      for (int row = 0; row < rows; row++) {
        int source = (channel * rows + row) * columns;
        int target = (channel * allRows + chunk.y() / cell + row) * allColumns + chunk.x() / cell;
        System.arraycopy(from, source, to, target, columns);
      }
    }
  }
}
