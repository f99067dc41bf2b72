package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.detection.BoundedDetection;
import io.landshift.detection.DetectionSettings;
import io.landshift.detection.DetectionSettings.Product;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ops.local.VirginiaScenes.Day;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results depend on the scenes, not on slots, on the order of arrival, or on the chunks' size. */
@Tag("it")
class BoundedDetectionIT {
  /** Four chunks of 1,024 pixels, in parts; many of 256. */
  private static final PixelWindow EXTENT = new PixelWindow(830, 810, 400, 416);

  @TempDir static Path folder;

  private static VirginiaScenes scenes;
  private static List<SceneAvailable> series;
  private static Run inOrder;

  private record Run(
      Map<String, String> files, List<Detection> detections, List<SceneOutcome> outcomes) {}

  @BeforeAll
  static void runInOrder() throws Exception {
    scenes = VirginiaScenes.make(folder.resolve("rasters"), EXTENT);
    series = unevenSeries();
    inOrder = run("in-order", series, settings("in-order"), 1);
    assertThat(inOrder.outcomes()).hasSize(series.size());
    assertThat(Said.standing(inOrder.detections()).values())
        .extracting(Detection::getStatus)
        .contains(DetectionStatus.CONFIRMED);
  }

  /** Some scenes cover a part only, and two were seen at the same time. */
  private static List<SceneAvailable> unevenSeries() {
    List<SceneAvailable> uneven = new ArrayList<>(scenes.series(400));
    PixelWindow west = new PixelWindow(830, 810, 230, 416);
    PixelWindow north = new PixelWindow(850, 810, 380, 190);
    Day after = Day.clear(1, 0.001).afterDisturbance();
    uneven.add(scenes.scene(LocalDate.of(2020, 7, 10), west, Day.clear(1.02, 0)));
    uneven.add(scenes.scene(LocalDate.of(2021, 7, 8), north, after));
    uneven.add(scenes.scene(LocalDate.of(2021, 7, 27), west, after));
    SceneAvailable twin = scenes.scene(LocalDate.of(2021, 7, 22), north, after);
    uneven.add(SceneAvailable.newBuilder(twin).setProductId("S2A_20210722_B").build());
    uneven.sort(
        Comparator.comparing(SceneAvailable::getSensingTime)
            .thenComparing(SceneAvailable::getProductId));
    return uneven;
  }

  private static DetectionSettings settings(String name) {
    return DetectionSettings.standard(
            folder.resolve(name).resolve("store"), folder.resolve(name).resolve("products"))
        .withProducts(Set.of(Product.values()));
  }

  private static Run run(
      String name, List<SceneAvailable> arriving, DetectionSettings settings, int slots)
      throws Exception {
    BoundedDetection.Results results =
        BoundedDetection.run(arriving, settings, slots, outcome -> {});
    assertThat(results.deadLetters()).isEmpty();
    return new Run(
        Said.files(folder.resolve(name).resolve("products")),
        results.detections(),
        results.outcomes());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anySlotCountAndOrderOfArrivalGivesTheSame(int slots) throws Exception {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed of the order of arrival with " + slots + " slots: " + seed);
    List<SceneAvailable> arriving = new ArrayList<>(series);
    arriving.addAll(series.subList(3, 6));
    Collections.shuffle(arriving, new Random(seed));
    String name = "shuffled-" + slots;

    // when
    Run run = run(name, arriving, settings(name), slots);

    // then
    assertThat(run.files()).isEqualTo(inOrder.files());
    assertThat(Said.standing(run.detections())).isEqualTo(Said.standing(inOrder.detections()));
    assertThat(Said.lastDetections(run.detections()))
        .containsAllEntriesOf(Said.lastDetections(inOrder.detections()));
    assertThat(Said.lastOutcomes(run.outcomes())).isEqualTo(Said.lastOutcomes(inOrder.outcomes()));
  }

  /**
   * Whether a pixel is hazy, whether a chunk is clear enough and what the whole chunk does today
   * are asked for each chunk: the first two are switched off, and the third is nothing where all
   * dates have the same radiometry. Nothing else may depend on the chunk's size.
   */
  @Test
  void withoutTheStepsThatLookAtWholeChunksTheirSizeDoesNotMatter() throws Exception {
    // given
    List<SceneAvailable> calm = new ArrayList<>();
    for (SceneAvailable scene : series) {
      calm.add(withRadiometryOf(scene, series.getFirst()));
    }

    // when
    Run large = run("calm-1024", calm, wholeChunkStepsOff("calm-1024", 1024), 1);
    Run small = run("calm-128", calm, wholeChunkStepsOff("calm-128", 128), 2);

    // then
    assertThat(Said.standing(large.detections())).isNotEmpty();
    assertThat(small.files()).isEqualTo(large.files());
    assertThat(Said.lastDetections(small.detections()))
        .isEqualTo(Said.lastDetections(large.detections()));
  }

  @Test
  void landCoverDoesNotDependOnTheSizeOfChunks() throws Exception {
    // when: the chunk correction is at work, which may change scores
    List<SceneAvailable> few = series.subList(0, 8);
    Run large = run("cover-1024", few, wholeChunkStepsOff("cover-1024", 1024), 1);
    Run small = run("cover-144", few, wholeChunkStepsOff("cover-144", 144), 1);

    // then
    assertThat(landCover(large)).hasSize(8).isEqualTo(landCover(small));
  }

  private static SceneAvailable withRadiometryOf(SceneAvailable scene, SceneAvailable other) {
    SceneAvailable copy = SceneAvailable.newBuilder(scene).build();
    for (int band = 0; band < copy.getBands().size(); band++) {
      copy.getBands().get(band).setScale(other.getBands().get(band).getScale());
      copy.getBands().get(band).setOffset(other.getBands().get(band).getOffset());
    }
    return copy;
  }

  private static DetectionSettings wholeChunkStepsOff(String name, int chunkSize) {
    return settings(name)
        .withChunkSize(chunkSize)
        .withMask(MaskParameters.DEFAULT.withHazeTest(false).withMinimumClearShare(0))
        .withSuspiciousShare(1);
  }

  private static Map<String, String> landCover(Run run) {
    Map<String, String> files = new TreeMap<>(run.files());
    files.keySet().removeIf(file -> !file.endsWith("land-cover.tif"));
    return files;
  }
}
