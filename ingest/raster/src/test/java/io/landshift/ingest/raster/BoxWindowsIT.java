package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("it")
class BoxWindowsIT {
  /** Tile 33TWL: upper left corner 499980, 5200020 in UTM zone 33, whose meridian is 15 degrees. */
  private static final Grid TILE =
      new Grid("MGRS-33TWL", "EPSG:32633", 499980.0, 5200020.0, 10.0, 10980, 10980);

  private static final PixelWindow ALL = new PixelWindow(0, 0, 10980, 10980);

  @Test
  void givenABoxOnTheCentralMeridian_whenCut_thenTheWindowOfItsCorners() {
    // given: on the meridian easting is 500000, so the box begins two pixels inside the tile
    PixelWindow window = BoxWindows.within(ALL, TILE, 15.0, 46.5, 15.01, 46.51);

    // then: 0.01 degrees of latitude are 1111.8 m there, of longitude 767 m
    assertThat(window.getX()).isBetween(1, 2);
    assertThat(window.getWidth()).isBetween(76, 79);
    assertThat(window.getHeight()).isBetween(111, 114);
  }

  @Test
  void givenABoxAroundTheTile_whenCut_thenTheSceneItself() {
    PixelWindow scene = new PixelWindow(7, 11, 100, 200);
    assertThat(BoxWindows.within(scene, TILE, 14, 45, 17, 48)).isEqualTo(scene);
  }

  @Test
  void givenABoxBesideTheTile_whenCut_thenEmpty() {
    PixelWindow window = BoxWindows.within(ALL, TILE, 10, 46, 11, 47);
    assertThat(window.getWidth()).isZero();
  }

  @Test
  void givenABoxAcrossTheAntimeridian_whenCut_thenNotTheOtherWayRound() {
    // given: zone 1 begins at -180 degrees; tile 01WCQ
    Grid tile = new Grid("MGRS-01WCQ", "EPSG:32601", 300000.0, 7500000.0, 10.0, 10980, 10980);

    // when: a box of 0.2 degrees around the antimeridian, and one that ends at it
    PixelWindow across = BoxWindows.within(ALL, tile, 179.9, 67.0, -179.9, 67.1);
    PixelWindow elsewhere = BoxWindows.within(ALL, tile, -100, 67.0, -99, 67.1);

    // then: 3.1 degrees of 43.6 km west of the zone's meridian, which is at easting 500000
    assertThat(across.getX()).isBetween(6400, 6600);
    assertThat(across.getWidth()).isBetween(850, 1000);
    assertThat(elsewhere.getWidth()).isZero();
  }
}
