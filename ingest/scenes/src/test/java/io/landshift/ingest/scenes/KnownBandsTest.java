package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.BandAsset;
import io.landshift.schemas.Modality;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownBandsTest {

  @ParameterizedTest
  @ValueSource(strings = {"B02", "B2", "b02", "2", "B02_10m", "band2", "BAND_2", "blue", " Blue "})
  void readsTheNamesOfASentinelBandTolerantly(String name) {
    BandMeaning band = KnownBands.byName(KnownBands.SENTINEL_2, name).orElseThrow();

    assertThat(band.commonName()).isEqualTo("blue");
    assertThat(band.centerWavelength()).isEqualTo(0.49);
  }

  @ParameterizedTest
  @CsvSource({
    "sentinel-2-msi, B8A, nir08, 0.865",
    "sentinel-2-msi, B8, nir, 0.842",
    "sentinel-2-msi, B12, swir22, 2.19",
    "sentinel-2-msi, rededge2, rededge, 0.74",
    "landsat-oli, SR_B5, nir08, 0.86",
    "landsat-oli, B10, lwir11, 10.9",
    "landsat-tm, B5, swir16, 1.67",
    "planet, red, red, 0.66",
  })
  void knowsBandsOfSeveralSensors(String sensor, String name, String common, double wavelength) {
    BandMeaning band = KnownBands.byName(sensor, name).orElseThrow();

    assertThat(band.commonName()).isEqualTo(common);
    assertThat(band.centerWavelength()).isEqualTo(wavelength);
  }

  @ParameterizedTest
  @ValueSource(strings = {"QA60", "B13", "B99", "", "SCL", "TCI"})
  void doesNotGuessOtherNames(String name) {
    assertThat(KnownBands.byName(KnownBands.SENTINEL_2, name)).isEmpty();
  }

  @Test
  void tellsTheRedEdgesAndTheSecondNearInfraredByTheirWavelength() {
    // given: Planetary Computer calls B8A a red edge, Earth Search names bands by their meaning
    BandMeaning planetary = KnownBands.describe(KnownBands.SENTINEL_2, "B8A", "rededge", 0.865);
    BandMeaning earthSearch =
        KnownBands.describe(KnownBands.SENTINEL_2, "rededge3", "rededge", 0.783);

    // then
    assertThat(planetary.commonName()).isEqualTo("nir08");
    assertThat(earthSearch.name()).isEqualTo("B07");
  }

  @Test
  void answersARequestByNameElseByWavelength() {
    // given
    List<BandAsset> landsat =
        List.of(band("B4", "red", 0.65), band("B5", "nir08", 0.86), band("B6", "swir16", 1.6));

    // when, then
    assertThat(new BandRequest("red", 0.665, true).find(landsat).orElseThrow().getName())
        .isEqualTo("B4");
    assertThat(new BandRequest("nir", 0.842, true).find(landsat).orElseThrow().getName())
        .isEqualTo("B5");
    assertThat(new BandRequest("nir", null, true).find(landsat)).isEmpty();
    assertThat(new BandRequest("swir22", 2.19, true).find(landsat)).isEmpty();
    assertThat(new BandRequest("green", 0.56, true).find(landsat)).isEmpty();
  }

  @Test
  void choosesTheRightOneOfBandsWithOneName() {
    // given
    List<BandAsset> bands =
        List.of(
            band("B05", "rededge", 0.704),
            band("B06", "rededge", 0.74),
            band("B07", "rededge", 0.783));

    // when, then
    assertThat(new BandRequest("rededge", 0.74, true).find(bands).orElseThrow().getName())
        .isEqualTo("B06");
    assertThat(new BandRequest("rededge075", 0.74, true).find(bands).orElseThrow().getName())
        .isEqualTo("B06");
    assertThat(new BandRequest("rededge", 0.74, true).find(bands.subList(2, 3))).isEmpty();
  }

  private static BandAsset band(String name, String common, double wavelength) {
    return new BandAsset(
        name, common, wavelength, Modality.OPTICAL, "/x.tif", 1, 1.0, 0.0, null, null);
  }
}
