package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MgrsTest {
  /** ULX and ULY as the products' own metadata and catalogue items state them. */
  @ParameterizedTest
  @CsvSource({
    "33TWL, EPSG:32633, 499980, 5100000",
    "33TWM, EPSG:32633, 499980, 5200020",
    "06VVN, EPSG:32606, 399960, 6800040",
    "58UFE, EPSG:32658, 600000, 6000000",
    "58UFG, EPSG:32658, 600000, 6200040",
    "58VFJ, EPSG:32658, 600000, 6400020",
    "59ULA, EPSG:32659, 300000, 6100020",
    "59UMU, EPSG:32659, 399960, 5900040",
    "59VPC, EPSG:32659, 600000, 6300000",
    "60VUK, EPSG:32660, 300000, 6500040",
    "01CCV, EPSG:32701, 300000, 2000020",
    "01CDL, EPSG:32701, 399960, 1100020",
    "01KAB, EPSG:32701, 99960, 8200000",
    "01LAC, EPSG:32701, 99960, 8300020",
    "01VCG, EPSG:32601, 300000, 6700020",
    "01WCP, EPSG:32601, 300000, 7400040",
    "01WCS, EPSG:32601, 300000, 7700040",
    "07HFE, EPSG:32707, 600000, 6500020",
    "10SDG, EPSG:32610, 399960, 4200000",
    "11SLT, EPSG:32611, 300000, 3800040",
    "13TDE, EPSG:32613, 399960, 4500000",
    "20EPT, EPSG:32720, 600000, 3300040",
    "22HBD, EPSG:32722, 199980, 5900020",
    "24MUA, EPSG:32724, 300000, 9600040",
    "24MUV, EPSG:32724, 300000, 9500020",
    "24MXV, EPSG:32724, 600000, 9500020",
    "27VWK, EPSG:32627, 499980, 7000020",
    "28QCH, EPSG:32628, 300000, 2300040",
    "31TDH, EPSG:32631, 399960, 4800000",
    "33XWJ, EPSG:32633, 499980, 8900040",
    "34LBP, EPSG:32734, 199980, 8900020",
    "34UCF, EPSG:32634, 300000, 6100020",
    "34VEL, EPSG:32634, 499980, 6600000",
    "37MGS, EPSG:32737, 699960, 9700000",
    "46RER, EPSG:32646, 499980, 3100020",
    "60CWS, EPSG:32760, 499980, 1200040"
  })
  void givenTileOfARealProduct_whenDecoded_thenOriginIsThatOfTheProduct(
      String code, String crs, double originX, double originY) {
    // given
    Mgrs tile = Mgrs.parse(code);

    // when
    double decoded = tile.originY(originY - 3_000);

    // then
    assertThat(decoded).isEqualTo(originY);
    assertThat(tile.crs()).isEqualTo(crs);
    assertThat(tile.originX()).isEqualTo(originX);
  }

  @Test
  void givenEverySpellingOfATile_whenParsed_thenNameIsTheSame() {
    assertThat(Mgrs.parse("MGRS-33TWL").name()).isEqualTo("33TWL");
    assertThat(Mgrs.parse("T33TWL").name()).isEqualTo("33TWL");
    assertThat(Mgrs.parse("33twl").name()).isEqualTo("33TWL");
    assertThat(Mgrs.parse("6VVN").name()).isEqualTo("06VVN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "33TW", "61TWL", "00TWL", "33IWL", "33TOL", "33TWW", "33TAL", "x"})
  void givenNoTile_whenParsed_thenMetadataInvalid(String code) {
    assertThatThrownBy(() -> Mgrs.parse(code))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }
}
