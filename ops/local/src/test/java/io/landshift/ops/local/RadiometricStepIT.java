package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.detection.BoundedDetection;
import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dry ground, of which the pixels alone say nothing, is compared with how it used to look. */
@Tag("it")
class RadiometricStepIT {
  private static final int SIDE = 64;
  private static final PixelWindow WINDOW = new PixelWindow(0, 0, SIDE, SIDE);
  private static final Grid GRID =
      new Grid("TEST-DRY", "EPSG:32633", 512_000.0, 5_120_000.0, 10.0, SIDE, SIDE);
  private static final List<String> BANDS =
      List.of("blue", "green", "red", "nir", "nir08", "swir16", "swir22");
  private static final int[] DRY = {700, 1000, 1300, 2100, 2200, 3000, 2500};

  private static final String FORGOTTEN = "2021-07-05";
  private static final String STEP = "2021-07-10";
  private static final String SAME_STEP = "2021-07-15";
  private static final String GROUND = "2021-07-20";
  private static final String CONFIRMED = "2021-07-25";

  @TempDir static Path folder;

  private static List<SceneAvailable> series;
  private static BoundedDetection.Results results;

  @BeforeAll
  static void run() {
    short[][] planes = new short[BANDS.size()][SIDE * SIDE];
    Random random = new Random(7);
    for (int p = 0; p < SIDE * SIDE; p++) {
      double light = 0.8 + 0.4 * random.nextDouble();
      for (int band = 0; band < planes.length; band++) {
        planes[band][p] = (short) (DRY[band] * light);
      }
    }
    CogWriter.write(
        folder.resolve("dry.tif"),
        GRID,
        WINDOW,
        CogLayout.of(RasterType.UINT16, BANDS.toArray(String[]::new)).withNodata(0),
        RowSource.ofShorts(SIDE, planes));
    series =
        List.of(
            scene("2019-06-25", "sentinel-2a", 1, 0),
            scene("2019-07-10", "sentinel-2a", 1.02, 0),
            scene("2019-08-05", "sentinel-2a", 0.98, 0),
            scene("2020-07-01", "sentinel-2a", 1, 0.003),
            scene("2020-07-20", "sentinel-2a", 1.01, 0),
            scene("2021-07-02", "sentinel-2b", 1.03, 0.002),
            scene(FORGOTTEN, "sentinel-2a", 1, 0.1),
            scene(STEP, "sentinel-2c", 1.25, 0),
            scene(SAME_STEP, "sentinel-2c", 1.25, 0),
            scene(GROUND, "sentinel-2a", 1.25, 0),
            scene(CONFIRMED, "sentinel-2c", 1.25, 0));
    results = run("plain", series);
  }

  private static SceneAvailable scene(String date, String platform, double gain, double offset) {
    List<BandAsset> bands = new ArrayList<>();
    for (int band = 0; band < DRY.length; band++) {
      bands.add(
          BandAsset.newBuilder()
              .setName(BANDS.get(band))
              .setCommonName(BANDS.get(band))
              .setHref(folder.resolve("dry.tif").toString())
              .setBand(band + 1)
              .setScale(1e-4 * gain)
              .setOffset(offset)
              .setNodata(0.0)
              .build());
    }
    Instant sensed = Instant.parse(date + "T10:00:00Z");
    return SceneAvailable.newBuilder()
        .setGrid(GRID)
        .setWindow(WINDOW)
        .setSensor("sentinel-2-msi")
        .setPlatform(platform)
        .setProcessingBaseline("05.11")
        .setProductId(date)
        .setSensingTime(sensed)
        .setBands(bands)
        .setAnnouncedAt(sensed.plusSeconds(3600))
        .build();
  }

  private static BoundedDetection.Results run(String name, List<SceneAvailable> scenes) {
    Path at = folder.resolve(name);
    return BoundedDetection.run(
        scenes,
        DetectionSettings.standard(at.resolve("store"), at.resolve("products")),
        2,
        outcome -> {});
  }

  private static SceneOutcome outcome(BoundedDetection.Results from, String date) {
    Map<String, SceneOutcome> last = Said.lastOutcomes(from.outcomes());
    return last.get(date);
  }

  private static DeadLetter letter(String date) {
    return results.deadLetters().stream()
        .filter(letter -> date.equals(letter.getProductId()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anOffsetThatIsLeftInIsFoundByHowTheGroundUsedToLook() {
    // then
    DeadLetter letter = letter(FORGOTTEN);
    assertThat(letter.getReason()).isEqualTo(FailureReason.RADIOMETRY_CONTRADICTED);
    assertThat(letter.getStage()).isEqualTo("fold");
    assertThat(letter.getEvidence().get("unchanged ground, blue"))
        .matches("\\+0\\.(09|10)\\d from its usual 0\\.07\\d, expected about 0");
    assertThat(letter.getEvidence())
        .containsKeys("unchanged ground, swir22", "compared with")
        .containsEntry("pixels that were compared", "4096 of 4096, in 1 of 1 chunks")
        .containsEntry("made by", "sentinel-2a, baseline 05.11");
    assertThat(outcome(results, FORGOTTEN).getResult()).isEqualTo(SceneResult.QUARANTINED);
  }

  @Test
  void aStepOfOnePlatformIsNotBelievedUntilAnotherSeesIt() {
    // then: another platform alone is no reason, nor is brighter ground seen by the same one
    assertThat(outcome(results, "2021-07-02").getResult()).isEqualTo(SceneResult.PROCESSED);
    assertThat(letter(STEP).getReason()).isEqualTo(FailureReason.PLATFORM_STEP);
    assertThat(letter(STEP).getEvidence().get("unchanged ground, nir"))
        .startsWith("+0.05")
        .contains("expected about 0");
    assertThat(letter(SAME_STEP).getReason()).isEqualTo(FailureReason.PLATFORM_STEP);
    assertThat(outcome(results, GROUND).getResult()).isEqualTo(SceneResult.PROCESSED);
    assertThat(outcome(results, CONFIRMED).getResult()).isEqualTo(SceneResult.PROCESSED);
    assertThat(results.deadLetters()).hasSize(3);
  }

  @Test
  void whatIsReleasedIsProcessedAndLaterScenesOfThatMakerPass() {
    // given
    List<SceneAvailable> released = new ArrayList<>(series);
    released.replaceAll(scene ->
        List.of(FORGOTTEN, STEP).contains(scene.getProductId())
            ? SceneAvailable.newBuilder(scene)
                .setAccepted(
                    List.of(FailureReason.RADIOMETRY_CONTRADICTED, FailureReason.PLATFORM_STEP))
                .build()
            : scene);

    // when
    BoundedDetection.Results after = run("released", released);

    // then
    assertThat(after.deadLetters()).isEmpty();
    assertThat(Said.lastOutcomes(after.outcomes()).values())
        .extracting(SceneOutcome::getResult)
        .containsOnly(SceneResult.PROCESSED);
  }

  @Test
  void anyOrderOfArrivalGivesTheSame() throws Exception {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed of the order of arrival: " + seed);
    List<SceneAvailable> shuffled = new ArrayList<>(series);
    Collections.shuffle(shuffled, new Random(seed));

    // when
    BoundedDetection.Results other = run("shuffled", shuffled);

    // then
    assertThat(Said.lastOutcomes(other.outcomes()))
        .isEqualTo(Said.lastOutcomes(results.outcomes()));
    assertThat(Said.files(folder.resolve("shuffled/products")))
        .isEqualTo(Said.files(folder.resolve("plain/products")));
  }
}
