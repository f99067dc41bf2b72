package io.landshift.ops.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ops.cli.report.ReportContent.AlertOutline;
import io.landshift.ops.cli.report.ReportContent.AlertState;
import io.landshift.ops.cli.report.ReportContent.SceneDate;
import io.landshift.ops.cli.report.ReportContent.TrueColour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Draws real images; look at target/report.png after a change of the picture. */
@Tag("it")
class ReportPictureIT {
  @TempDir Path folder;

  @Test
  void drawsTheDemosImagesAndItsReferencePatches() throws Exception {
    // given
    Path data = Path.of(System.getProperty("landshift.data", ""), "demo/romania_s2_2015_2021");
    Path zip = data.resolve("romania-forest-s2-l2a.zip");
    assumeTrue(Files.exists(zip), "needs the shared data set demo/romania_s2_2015_2021");
    List<AlertOutline> alerts = patches(data.resolve("reference-patches.geojson"));
    List<SceneDate> scenes = new ArrayList<>();
    for (LocalDate date = LocalDate.of(2015, 8, 1);
        date.isBefore(LocalDate.of(2021, 1, 2));
        date = date.plusDays(15)) {
      scenes.add(new SceneDate(date, (date.getDayOfYear() * 7 % 10) / 9.0));
    }
    ReportContent content =
        new ReportContent(
            "Forest clear-cuts become alerts",
            "Southern Carpathians, Romania: 140 Sentinel-2 scenes of one square kilometre,"
                + " 2015 to 2021",
            scene(zip, "2015-08-31"),
            scene(zip, "2020-08-29"),
            10,
            alerts,
            scenes,
            "Contains modified Copernicus Sentinel data 2015-2021");

    // when
    Path file = folder.resolve("report.png");
    ReportPicture.write(content, file);

    // then
    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(1840);
    assertThat(folder).isDirectoryNotContaining("glob:**/*.part");
    Files.createDirectories(Path.of("target"));
    Files.copy(
        file, Path.of("target/report.png"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static TrueColour scene(Path zip, String date) {
    String folder = "zip:" + zip + "!/S2_L2A_RO_" + date.replace("-", "") + "/";
    return new TrueColour(
        LocalDate.parse(date),
        100,
        100,
        Rasters.readAll(folder + "B04.tif", 1, RasterRules.anywhere()),
        Rasters.readAll(folder + "B03.tif", 1, RasterRules.anywhere()),
        Rasters.readAll(folder + "B02.tif", 1, RasterRules.anywhere()));
  }

  /** Patches as alerts; from degrees to pixels by the corners that the items state. */
  private static List<AlertOutline> patches(Path file) throws Exception {
    List<AlertOutline> alerts = new ArrayList<>();
    for (JsonNode feature : new ObjectMapper().readTree(file.toFile()).get("features")) {
      JsonNode properties = feature.get("properties");
      List<double[]> rings = new ArrayList<>();
      for (JsonNode ring : feature.at("/geometry/coordinates")) {
        double[] points = new double[2 * ring.size()];
        for (int i = 0; i < ring.size(); i++) {
          double[] pixel = pixel(ring.get(i).get(0).asDouble(), ring.get(i).get(1).asDouble());
          points[2 * i] = pixel[0];
          points[2 * i + 1] = pixel[1];
        }
        rings.add(points);
      }
      LocalDate last = LocalDate.parse(properties.get("first_clear_disturbed").asText());
      AlertState state = AlertState.values()[alerts.size() % 3];
      alerts.add(
          new AlertOutline(
              rings,
              state,
              last,
              state == AlertState.PROVISIONAL ? null : last.plusDays(10 + 13 * alerts.size() % 60),
              properties.get("area_m2").asDouble()));
    }
    return alerts;
  }

  private static double[] pixel(double longitude, double latitude) {
    double[] lowerLeft = {22.1449392, 45.2010813};
    double[] lowerRight = {22.1575163, 45.1996179};
    double[] upperLeft = {22.1469068, 45.2099579};
    double ax = lowerRight[0] - lowerLeft[0];
    double ay = lowerRight[1] - lowerLeft[1];
    double bx = upperLeft[0] - lowerLeft[0];
    double by = upperLeft[1] - lowerLeft[1];
    double px = longitude - lowerLeft[0];
    double py = latitude - lowerLeft[1];
    double determinant = ax * by - ay * bx;
    double across = (px * by - py * bx) / determinant;
    double up = (ax * py - ay * px) / determinant;
    return new double[] {100 * across, 100 * (1 - up)};
  }
}
