package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class RastersIT {
  @TempDir Path folder;

  @Test
  void givenEntryOfAZip_whenInspected_thenSaysWhatTheCatalogueSays() {
    // given
    String href = Data.romania("S2_L2A_RO_20180427/B11.tif");

    // when
    RasterInfo info = Rasters.inspect(href, RasterRules.anywhere());

    // then
    assertThat(info.crs()).isEqualTo("EPSG:3035");
    assertThat(info.width()).isEqualTo(50);
    assertThat(info.height()).isEqualTo(50);
    assertThat(info.geoTransform())
        .isEqualTo(new GeoTransform(5271982.57655193, 20, 0, 2533004.21491519, 0, -20));
    assertThat(info.bands())
        .containsExactly(new BandInfo(RasterType.UINT16, 0.0, 128, 128, 1e-4, 0, "B11"));
  }

  @Test
  void givenFloatsWritten_whenReadAll_thenSameNumbers() {
    // given
    Grid grid = new Grid("LOCAL", "EPSG:32633", 500_000.0, 5_000_000.0, 10.0, 30, 20);
    float[] numbers = new float[600];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i == 7 ? Float.NaN : i * 0.5f;
    }
    Path file = folder.resolve("made/here.tif");

    // when
    CogWriter.write(
        file,
        grid,
        new PixelWindow(0, 0, 30, 20),
        CogLayout.of(RasterType.FLOAT32, "height").withNodata(Double.NaN),
        RowSource.ofFloats(30, numbers));

    // then
    assertThat(Rasters.readAll(file.toString(), 1, RasterRules.within(folder)))
        .containsExactly(numbers);
    assertThat(file.getParent()).isDirectoryNotContaining("glob:**/.*");
  }
}
