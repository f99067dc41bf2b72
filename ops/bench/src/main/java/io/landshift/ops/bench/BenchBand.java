package io.landshift.ops.bench;

import java.util.List;

/**
 * A band that the model takes.
 *
 * @param name as Sentinel-2 has it
 * @param number by which SAFE metadata calls it
 * @param metres side of a pixel
 * @param soil the number of bare soil, in steps of 1e-4
 */
record BenchBand(String name, int number, int metres, int soil) {
  static final List<BenchBand> ALL =
      List.of(
          new BenchBand("B02", 1, 10, 900),
          new BenchBand("B03", 2, 10, 1100),
          new BenchBand("B04", 3, 10, 1500),
          new BenchBand("B08", 7, 10, 2300),
          new BenchBand("B8A", 8, 20, 2500),
          new BenchBand("B11", 11, 20, 3200),
          new BenchBand("B12", 12, 20, 2700));
}
