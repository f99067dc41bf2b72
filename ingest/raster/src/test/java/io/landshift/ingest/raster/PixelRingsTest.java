package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.union.CascadedPolygonUnion;

class PixelRingsTest {
  private static final GeometryFactory GEOMETRIES = new GeometryFactory();

  @Test
  void givenRingOfPixelsClosedByACorner_whenTraced_thenHoleOfItsOwn() {
    // given: the hole touches the outside at a corner, between pixels (1,0) and (2,1)
    int[] x = {0, 1, 0, 2, 0, 1, 2};
    int[] y = {0, 0, 1, 1, 2, 2, 2};

    // when
    List<PixelRings.Polygon> polygons = PixelRings.of(x, y);

    // then
    assertThat(polygons).hasSize(1);
    assertThat(polygons.getFirst().rings()).hasSize(2);
    assertThat(jts(polygons.getFirst()).isValid()).isTrue();
    assertThat(jts(polygons.getFirst()).getArea()).isEqualTo(7);
  }

  @Test
  void givenTwoPixelsThatTouchByACorner_whenTraced_thenTwoSquares() {
    // when
    List<PixelRings.Polygon> polygons = PixelRings.of(new int[] {5, 6}, new int[] {7, 8});

    // then
    assertThat(polygons).hasSize(2);
    assertThat(polygons.getFirst().rings().getFirst()).containsExactly(5, 7, 6, 7, 6, 8, 5, 8);
  }

  @RepeatedTest(30)
  void givenRandomPixels_whenTraced_thenSameGroundAsTheUnionOfTheirSquares() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    Random random = new Random(seed);
    double share = random.nextDouble();
    int[] pixels = IntStream.range(0, 300).filter(i -> random.nextDouble() < share).toArray();
    if (pixels.length == 0) {
      return;
    }
    int[] x = IntStream.of(pixels).map(i -> 40 + i % 20).toArray();
    int[] y = IntStream.of(pixels).map(i -> -3 + i / 20).toArray();

    // when
    List<PixelRings.Polygon> polygons = PixelRings.of(x, y);

    // then
    List<Geometry> squares = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      squares.add(GEOMETRIES.toGeometry(new Envelope(x[i], x[i] + 1, y[i], y[i] + 1)));
    }
    Geometry union = CascadedPolygonUnion.union(squares);
    double area = 0;
    for (PixelRings.Polygon polygon : polygons) {
      Polygon traced = jts(polygon);
      assertThat(traced.isValid()).as("valid, seed %d", seed).isTrue();
      assertThat(union.covers(traced)).as("covered, seed %d", seed).isTrue();
      area += traced.getArea();
    }
    assertThat(area).as("area, seed %d", seed).isEqualTo(x.length);
  }

  private static Polygon jts(PixelRings.Polygon polygon) {
    LinearRing[] rings =
        polygon.rings().stream().map(PixelRingsTest::ring).toArray(LinearRing[]::new);
    return GEOMETRIES.createPolygon(rings[0], java.util.Arrays.copyOfRange(rings, 1, rings.length));
  }

  private static LinearRing ring(int[] corners) {
    Coordinate[] points = new Coordinate[corners.length / 2 + 1];
    for (int i = 0; i < points.length; i++) {
      int k = 2 * i % corners.length;
      points[i] = new Coordinate(corners[k], corners[k + 1]);
    }
    return GEOMETRIES.createLinearRing(points);
  }
}
