package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class EvaluateCommandIT {
  private static final int SIDE = 16;

  @TempDir Path folder;

  @Test
  void tellsTwoScoresApartOnTheSamePixels() throws Exception {
    // given: the one score is the truth, the other knows nothing
    Path truth = raster("truth", pixel -> pixel % 2);
    Path score = raster("score", pixel -> pixel % 2);
    Path blind = raster("blind", pixel -> 7);

    // when
    Shell.Ran ran =
        Shell.run(
            "evaluate",
            "--score",
            score,
            "--truth",
            truth,
            "--against",
            blind,
            "--threshold",
            1,
            "--json");
    Shell.Ran uneven =
        Shell.run(
            "evaluate", "--score", score, "--truth", truth, "--against", blind, "--against", blind);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(ran.out());
    assertThat(json.at("/pixels").asInt()).isEqualTo(SIDE * SIDE);
    assertThat(json.at("/against/rocAuc/value").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/calibrationError/value").asDouble()).isZero();
    assertThat(uneven.code()).isEqualTo(2);
    assertThat(uneven.err()).contains("--against");
  }

  private Path raster(String name, IntUnaryOperator numbers) {
    short[] plane = new short[SIDE * SIDE];
    for (int pixel = 0; pixel < plane.length; pixel++) {
      plane[pixel] = (short) numbers.applyAsInt(pixel);
    }
    Path file = folder.resolve(name + ".tif");
    Grid grid = new Grid("LOCAL", "EPSG:32633", 500_000.0, 5_000_000.0, 10.0, SIDE, SIDE);
    TestRasters.write(file, grid, new PixelWindow(0, 0, SIDE, SIDE), plane);
    return file;
  }
}
