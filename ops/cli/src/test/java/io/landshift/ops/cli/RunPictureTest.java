package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.Coverage;
import io.landshift.schemas.Grid;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.StageTimes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunPictureTest {

  @Test
  void givenClearScenesOfManySeasons_thenTheTwoOfOneSeasonThatLieFarthestApart() {
    // given
    List<SceneOutcome> outcomes =
        List.of(
            outcome("2019-12-30", 1000),
            outcome("2017-07-01", 950),
            outcome("2020-08-01", 990),
            outcome("2020-10-30", 990),
            outcome("2021-07-01", 400));

    // when
    RunPicture.Span span = RunPicture.span(outcomes).orElseThrow();

    // then: July to August; the cloudy July of 2021 is left out
    assertThat(span.before().getProductId()).isEqualTo("2017-07-01");
    assertThat(span.after().getProductId()).isEqualTo("2020-08-01");
  }

  @Test
  void theTurnOfTheYearIsOneSeason() {
    // given
    List<SceneOutcome> outcomes = List.of(outcome("2018-12-20", 9), outcome("2020-01-10", 9));

    // when, then
    assertThat(RunPicture.span(outcomes))
        .map(span -> span.after().getProductId())
        .hasValue("2020-01-10");
  }

  @Test
  void givenOneClearSceneAmongCloudyOnes_thenCloudyOnesWillDo() {
    // given
    List<SceneOutcome> outcomes = List.of(outcome("2023-08-13", 600), outcome("2023-08-15", 1000));

    // when, then
    assertThat(RunPicture.span(outcomes))
        .map(span -> span.before().getProductId())
        .hasValue("2023-08-13");
  }

  @Test
  void givenOneProcessedScene_thenNoPicture() {
    // given
    SceneOutcome failed =
        SceneOutcome.newBuilder(outcome("2023-08-13", 0)).setProducts(Map.of()).build();

    // when, then
    assertThat(RunPicture.span(List.of(failed, outcome("2023-08-15", 1000)))).isEmpty();
  }

  @Test
  void aWholeTileIsShownInCoarserPixelsOfTheSameGround() {
    // given
    Grid tile = new Grid("T33TWL", "EPSG:32633", 499_980.0, 5_100_000.0, 10.0, 10_980, 10_980);

    // when
    Grid grid = RunPicture.of(tile).grid();

    // then
    assertThat(grid.getPixelSize()).isEqualTo(100);
    assertThat(grid.getWidth()).isEqualTo(1098);
    assertThat(grid.getHeight()).isEqualTo(1098);
    assertThat(grid.getOriginX()).isEqualTo(499_980);
  }

  private static SceneOutcome outcome(String date, long clear) {
    Instant sensed = Instant.parse(date + "T10:00:00Z");
    return SceneOutcome.newBuilder()
        .setGridCode("G")
        .setProductId(date)
        .setSensingTime(sensed)
        .setResult(SceneResult.PROCESSED)
        .setCoverage(new Coverage(1000L, 0L, 1000 - clear, clear, 0L, 0L))
        .setProducts(Map.of("land-cover", "file"))
        .setTimes(StageTimes.newBuilder().setSensed(sensed).build())
        .build();
  }
}
