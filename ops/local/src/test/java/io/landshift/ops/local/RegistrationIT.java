package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.change.PhaseCorrelation;
import io.landshift.change.Shift;
import io.landshift.detection.BoundedDetection;
import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.ScoreSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real ground that lies off is found, moved back where it is near, and not believed where far. */
@Tag("it")
class RegistrationIT {
  private static final double LIMIT = 2;
  private static final double STEPS = Shift.STEPS;
  private static final LocalDate FAR = LocalDate.of(2021, 7, 2);
  private static final LocalDate NEAR = LocalDate.of(2021, 7, 12);

  @TempDir static Path folder;

  private static ShiftedScenes ground;
  private static List<SceneAvailable> series;
  private static BoundedDetection.Results plain;
  private static BoundedDetection.Results registered;

  @BeforeAll
  static void runWithAndWithout() {
    ground = new ShiftedScenes(folder);
    series =
        List.of(
            ground.scene(LocalDate.of(2019, 6, 25), 0, 0),
            ground.scene(LocalDate.of(2019, 7, 10), -1, 2),
            ground.scene(LocalDate.of(2019, 8, 5), 2, -1),
            ground.scene(LocalDate.of(2020, 7, 1), 0, 3),
            ground.scene(LocalDate.of(2020, 7, 20), 1, 0),
            ground.scene(FAR, 12, -1),
            ground.scene(NEAR, 4, -2),
            ground.scene(LocalDate.of(2021, 7, 22), -2, 3));
    plain = run("plain", series, 0);
    registered = run("registered", series, LIMIT);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "0, -2", "-1, 2", "4, -5", "12, -7"})
  void realGroundIsFoundToATenthOfAPixel(int east, int south) {
    // given: each pixel is the mean of 3 x 3 finer ones
    float[] reference = ground.band("B08", 0, 0, 1);
    float[] image = ground.band("B08", east, south, 2);

    // when
    Shift shift =
        PhaseCorrelation.shift(
            image, reference, everywhere(image.length), ShiftedScenes.SIDE, ShiftedScenes.SIDE);

    // then
    assertThat(shift.measured()).isTrue();
    assertThat(shift.east() / STEPS).isCloseTo(east / (double) ShiftedScenes.FINE, within(0.1));
    assertThat(shift.south() / STEPS).isCloseTo(south / (double) ShiftedScenes.FINE, within(0.1));
  }

  @ParameterizedTest
  @CsvSource({"0.3, -0.4", "-0.6, 0.2", "1.2, 0.9", "2.5, -3.3"})
  void aSceneOfTheDemoIsFoundToATenthOfAPixel(double east, double south) {
    // given: two dates; the later one is moved by the Fourier theorem
    float[] reference = demo("2017-07-01");
    float[] image = demo("2017-07-31");
    int side = 100;
    float[] moved = FourierShift.move(image, side, east, south);
    boolean[] valid = everywhere(image.length);

    // when
    Shift before = PhaseCorrelation.shift(image, reference, valid, side, side);
    Shift after = PhaseCorrelation.shift(moved, reference, valid, side, side);

    // then
    assertThat(before.measured()).isTrue();
    assertThat(after.measured()).isTrue();
    assertThat((after.east() - before.east()) / STEPS).isCloseTo(east, within(0.1));
    assertThat((after.south() - before.south()) / STEPS).isCloseTo(south, within(0.1));
  }

  private static boolean[] everywhere(int pixels) {
    boolean[] valid = new boolean[pixels];
    Arrays.fill(valid, true);
    return valid;
  }

  /** The near infrared of a clear date. */
  private static float[] demo(String day) {
    for (SceneAvailable scene : DemoScenes.before(Instant.parse("2017-09-01T00:00:00Z"))) {
      if (scene.getSensingTime().toString().startsWith(day)) {
        for (BandAsset band : scene.getBands()) {
          if ("nir".equals(band.getCommonName())) {
            return Rasters.readAll(band.getHref(), band.getBand(), RasterRules.anywhere());
          }
        }
      }
    }
    throw new AssertionError("no near infrared of " + day);
  }

  @Test
  void aNearLookIsMovedBackAndAFarOneQuarantined() throws IOException {
    // then: hardly a pixel of this ground, which never changed, scores as it did where it lay off
    SceneOutcome near = outcome(registered, NEAR);
    assertThat(near.getResult()).isEqualTo(SceneResult.PROCESSED);
    assertThat(near.getShiftEast()).isCloseTo(4 / 3.0, within(0.15));
    assertThat(near.getShiftSouth()).isCloseTo(-2 / 3.0, within(0.15));
    assertThat(low(outcome(plain, NEAR))).isGreaterThan(100);
    assertThat(low(near)).isLessThan(low(outcome(plain, NEAR)) / 10);
    assertThat(outcome(plain, NEAR).getShiftEast()).isNull();
    assertThat(item(registered, NEAR).at("/properties/landshift:shift_east").asDouble())
        .isEqualTo(near.getShiftEast());
    assertThat(SceneFigures.json(near).at("/shiftPixels/south").asDouble())
        .isEqualTo(near.getShiftSouth());
    assertThat(SceneFigures.json(outcome(plain, NEAR)).has("shiftPixels")).isFalse();
    assertThat(item(plain, NEAR).at("/properties/landshift:shift_east").isMissingNode()).isTrue();

    // then: what lies too far off is not folded, and says how far
    SceneOutcome far = outcome(registered, FAR);
    assertThat(far.getResult()).isEqualTo(SceneResult.QUARANTINED);
    assertThat(far.getReason()).isEqualTo(FailureReason.MISREGISTERED);
    assertThat(far.getShiftEast()).isCloseTo(4, within(0.15));
    assertThat(registered.deadLetters()).hasSize(1);
    DeadLetter letter = registered.deadLetters().getFirst();
    assertThat(letter.getReason()).isEqualTo(FailureReason.MISREGISTERED);
    assertThat(letter.getStage()).isEqualTo("fold");
    assertThat(letter.getEvidence().get("pixels to the east of earlier looks"))
        .matches("(3\\.9|4\\.0).*expected -2\\.0 to 2\\.0");
    assertThat(registered.detections()).isEmpty();
  }

  @Test
  void aFarLookThatIsReleasedIsMovedBackAllTheSame() {
    // given
    List<SceneAvailable> released = new ArrayList<>(series);
    released.replaceAll(scene ->
        scene.getProductId().endsWith(FAR.toString())
            ? SceneAvailable.newBuilder(scene)
                .setAccepted(List.of(FailureReason.MISREGISTERED))
                .build()
            : scene);

    // when
    BoundedDetection.Results results = run("released", released, LIMIT);

    // then
    SceneOutcome far = outcome(results, FAR);
    assertThat(far.getResult()).isEqualTo(SceneResult.PROCESSED);
    assertThat(far.getShiftEast()).isCloseTo(4, within(0.15));
    assertThat(low(far)).isLessThan(low(outcome(plain, FAR)) / 10);
    assertThat(results.deadLetters()).isEmpty();
  }

  @Test
  void anyOrderOfArrivalGivesTheSame() throws Exception {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed of the order of arrival: " + seed);
    List<SceneAvailable> shuffled = new ArrayList<>(series);
    Collections.shuffle(shuffled, new Random(seed));

    // when
    BoundedDetection.Results other = run("shuffled", shuffled, LIMIT);

    // then
    assertThat(Said.lastOutcomes(other.outcomes()))
        .isEqualTo(Said.lastOutcomes(registered.outcomes()));
    assertThat(Said.files(folder.resolve("shuffled/products")))
        .isEqualTo(Said.files(folder.resolve("registered/products")));
  }

  private static BoundedDetection.Results run(
      String name, List<SceneAvailable> scenes, double limit) {
    DetectionSettings settings =
        DetectionSettings.standard(
                folder.resolve(name).resolve("store"), folder.resolve(name).resolve("products"))
            .withRegistrationLimit(limit);
    return BoundedDetection.run(scenes, settings, 2, outcome -> {});
  }

  private static SceneOutcome outcome(BoundedDetection.Results results, LocalDate date) {
    Map<String, SceneOutcome> last = Said.lastOutcomes(results.outcomes());
    return last.get("S2A_" + date);
  }

  /** The STAC item of a date's maps. */
  private static JsonNode item(BoundedDetection.Results results, LocalDate date)
      throws IOException {
    for (SceneOutcome outcome : results.outcomes()) {
      if (outcome.getProductId().endsWith(date.toString()) && outcome.getItemHref() != null) {
        return new ObjectMapper().readTree(Path.of(outcome.getItemHref()).toFile());
      }
    }
    throw new AssertionError("no item of " + date);
  }

  /** Pixels that score at least low, in the score that has most of them. */
  private static long low(SceneOutcome outcome) {
    return outcome.getScores().stream().mapToLong(ScoreSummary::getLow).max().orElseThrow();
  }
}
