package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.ingest.raster.GeoTransform;
import io.landshift.ingest.raster.RasterInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacesTest {
  @Test
  void whatHangsTogetherIsOnePlace() {
    // given: rasters of 100 pixels of 10 m; c lies between a and e, b beyond the margin of 640 m,
    // d where a is but in another CRS
    Map<String, RasterInfo> rasters =
        Map.of(
            "a", raster("EPSG:3857", 0),
            "e", raster("EPSG:3857", 2600),
            "c", raster("EPSG:3857", 1300),
            "b", raster("EPSG:3857", 4250),
            "d", raster("EPSG:32633", 0));

    // when
    Map<String, String> places = Places.of(rasters);

    // then
    assertThat(places).isEqualTo(Map.of("a", "a", "c", "a", "e", "a", "b", "b", "d", "d"));
  }

  @Test
  void aRasterThatComesLaterJoinsTwoPlaces() {
    // given: z lies between a and b, which are apart
    Map<String, RasterInfo> rasters =
        Map.of(
            "a", raster("EPSG:3857", 0),
            "b", raster("EPSG:3857", 2600),
            "z", raster("EPSG:3857", 1300));

    // when, then
    assertThat(Places.of(rasters)).isEqualTo(Map.of("a", "a", "b", "a", "z", "a"));
  }

  private static RasterInfo raster(String crs, double west) {
    return new RasterInfo(crs, new GeoTransform(west, 10, 0, 5000, 0, -10), 100, 100, List.of());
  }
}
