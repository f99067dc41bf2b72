package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("it")
class GridsIT {
  private static final String UTM33 = "EPSG:32633";

  @Test
  void givenCropOfATile_whenCellsAsked_thenTheTileAndTheCropsPlaceInIt() {
    // given: the Virginia scene, tile 18SVG, whose 60 m bands begin elsewhere
    Extent fine = new Extent("EPSG:32618", 435_730, 4_159_990, 455_060, 4_179_460);
    Extent coarse = new Extent("EPSG:32618", 435_720, 4_160_040, 455_040, 4_179_480);

    // when / then: 33TWL and others fix the origin, see MgrsTest
    Grid grid = new Grid("MGRS-18SVG", "EPSG:32618", 399_960.0, 4_200_000.0, 10.0, 10_980, 10_980);
    assertThat(Grids.cellsOf(fine, 10, "18SVG"))
        .containsExactly(new CellWindow(grid, new PixelWindow(3577, 2054, 1933, 1947)));
    assertThat(Grids.cellsOf(coarse, 10, "T18SVG").getFirst().grid()).isEqualTo(grid);
  }

  @Test
  void givenRealSceneOffTheLattice_whenCellsAsked_thenFixedCellWithItsPhase() {
    // given
    Extent extent =
        new Extent(
            "EPSG:3035", 5271982.57655193, 2532004.21491519, 5272982.57655193, 2533004.21491519);

    // when
    List<CellWindow> cells = Grids.cellsOf(extent, 10, null);

    // then: 5271982.58 = 51 * 102400 + 4958 * 10 + 2.58; 2533004.21 = 24 * 102400 + 7540 * 10 +
    // 4.21
    assertThat(cells).hasSize(1);
    Grid grid = cells.getFirst().grid();
    assertThat(grid.getCode()).isEqualTo("EPSG3035-10m-C0051R0024-P258.421");
    assertThat(grid.getOriginX()).isEqualTo(5_222_402.58);
    assertThat(grid.getOriginY()).isEqualTo(2_560_004.21);
    assertThat(cells.getFirst().window()).isEqualTo(new PixelWindow(4958, 2700, 100, 100));
  }

  @Test
  void givenTwoCropsOfOneScene_whenCellsAsked_thenOneGrid() {
    // given: each crop's corner is rounded in its own way
    Extent one = new Extent("EPSG:3035", 5271982.5766, 2532004.2149, 5272982.5766, 2533004.2149);
    Extent other =
        new Extent("EPSG:3035", 5272002.57661, 2532004.21492, 5272082.57661, 2532984.21492);

    // when / then
    assertThat(Grids.cellsOf(one, 10, null).getFirst().grid())
        .isEqualTo(Grids.cellsOf(other, 10.0000000001, null).getFirst().grid());
  }

  @Test
  void givenRasterAcrossFourCells_whenCellsAsked_thenTheirWindowsMakeItUp() {
    // given: cells of 102,400 m meet at 512000, 5017600
    Extent extent = new Extent(UTM33, 511_000, 5_016_000, 513_500, 5_018_000);

    // when
    List<CellWindow> cells = Grids.cellsOf(extent, 10, null);

    // then
    assertThat(cells)
        .extracting(cell -> cell.grid().getCode(), CellWindow::window)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "EPSG32633-10m-C0004R0049", new PixelWindow(10_140, 10_200, 100, 40)),
            org.assertj.core.groups.Tuple.tuple(
                "EPSG32633-10m-C0005R0049", new PixelWindow(0, 10_200, 150, 40)),
            org.assertj.core.groups.Tuple.tuple(
                "EPSG32633-10m-C0004R0048", new PixelWindow(10_140, 0, 100, 160)),
            org.assertj.core.groups.Tuple.tuple(
                "EPSG32633-10m-C0005R0048", new PixelWindow(0, 0, 150, 160)));
    assertThat(cells.getFirst().grid().getOriginY()).isEqualTo(5_120_000);
  }

  @Test
  void givenTileCodeThatDoesNotFit_whenCellsAsked_thenFixedCells() {
    // given: another zone; off the lattice; a pixel size that does not divide the tile; elsewhere
    Extent inTile = new Extent(UTM33, 500_000, 5_000_000, 501_000, 5_001_000);
    Extent off = new Extent(UTM33, 500_005, 5_000_000, 501_005, 5_001_000);
    Extent elsewhere = new Extent(UTM33, 700_000, 5_000_000, 701_000, 5_001_000);

    // when / then
    assertThat(code(inTile, 10, "33TWL")).isEqualTo("MGRS-33TWL");
    assertThat(code(inTile, 10, "34TCR")).startsWith("EPSG32633-10m-C");
    assertThat(code(off, 10, "33TWL")).isEqualTo("EPSG32633-10m-C0004R0048-P500.0");
    assertThat(code(inTile, 7, "33TWL")).startsWith("EPSG32633-7m-C");
    assertThat(code(elsewhere, 10, "33TWL")).isEqualTo("EPSG32633-10m-C0006R0048");
  }

  @Test
  void givenPixelsOfSeveralSizes_whenCellsAsked_thenNoTwoGridsShareACode() {
    // given
    Extent inTile = new Extent(UTM33, 499_980, 5_000_040, 501_180, 5_001_240);

    // when / then
    assertThat(code(inTile, 10, "33TWL")).isEqualTo("MGRS-33TWL");
    assertThat(code(inTile, 20, "33TWL")).isEqualTo("MGRS-33TWL-20m");
    assertThat(code(inTile, 120, "33TWL")).isEqualTo("MGRS-33TWL-120m");
    assertThat(code(inTile, 0.5, "33TWL")).isEqualTo("MGRS-33TWL-0.5m");
  }

  private static String code(Extent extent, double size, String tile) {
    return Grids.cellsOf(extent, size, tile).getFirst().grid().getCode();
  }

  @Test
  void givenDegreesAndNegativeCoordinates_whenCellsAsked_thenCellsCountDownwards() {
    // given: a Landsat composite in longitude and latitude
    double size = 8.084837557075694E-4;
    Extent extent =
        new Extent(
            "EPSG:4326",
            -74.72249415376068,
            -8.282107593468341 - 377 * size,
            -74.72249415376068 + 697 * size,
            -8.282107593468341);

    // when
    List<CellWindow> cells = Grids.cellsOf(extent, size, null);

    // then
    assertThat(cells).hasSizeBetween(1, 4);
    CellWindow cell = cells.getFirst();
    assertThat(cell.grid().getCode()).matches("EPSG4326-0\\.000808483756deg-C-010R-002");
    double west = cell.grid().getOriginX() + cell.window().getX() * cell.grid().getPixelSize();
    assertThat(Math.abs(west - extent.minX())).isLessThan(size / 1000);
    assertThat(cells.stream().mapToInt(c -> c.window().getWidth() * c.window().getHeight()).sum())
        .isEqualTo(697 * 377);
  }

  @Test
  void givenCrsWithoutCode_whenCellsAsked_thenNamedByItsDigest() {
    // given
    String wkt;
    try (Crs crs = Crs.of(UTM33)) {
      wkt = crs.wkt().replaceAll(",?AUTHORITY\\[[^]]*]", "").replace("UTM zone 33N", "mine");
    }

    // when / then
    assertThat(code(new Extent(wkt, 500_000, 5_000_000, 501_000, 5_001_000), 10, null))
        .matches("CRS[0-9a-f]{8}-10m-C0004R0048");
  }

  @Test
  void givenNoOrUnknownCrs_whenCellsAsked_thenMetadataInvalid() {
    for (String crs : List.of("", "EPSG:999999", "/etc/passwd", "http://example.org/crs")) {
      Failing.with(
          FailureReason.METADATA_INVALID,
          () -> Grids.cellsOf(new Extent(crs, 0, 0, 100, 100), 10, null));
    }
  }

  @Test
  void givenRotatedRaster_whenGridAsked_thenSquarePixelsOverItsBox() {
    // given
    GeoTransform turned = new GeoTransform(1000, 8, 6, 2000, 6, -8);
    RasterInfo info = new RasterInfo(UTM33, turned, 10, 20, List.of());

    // when / then: corners at (1000,2000), (1080,2060), (1120,1840), (1200,1900)
    assertThat(Grids.gridOf(info))
        .isEqualTo(new Grid("LOCAL", UTM33, 1000.0, 2060.0, 10.0, 20, 22));
  }
}
