package io.landshift.ops.bench;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.GridBand;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.Resampling;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A band of 20 m on the grid of 10 m; its blocks are decoded before. */
@State(Scope.Thread)
public class ResamplingKernel {
  private static final int SIDE = Kernels.SIDE;

  private final float[] pixels = new float[Kernels.PIXELS];
  private final PixelWindow window = new PixelWindow(0, 0, SIDE, SIDE);
  private Path file;
  private GridBand band;

  @Setup(Level.Trial)
  public void open() throws IOException {
    file = Files.createTempFile("kernel", ".tif");
    Grid coarse = new Grid("B", "EPSG:32633", 500_000.0, 5_100_000.0, 20.0, SIDE, SIDE);
    Grid fine = new Grid("A", "EPSG:32633", 500_000.0, 5_100_000.0, 10.0, 2 * SIDE, 2 * SIDE);
    short[] numbers = new short[SIDE * SIDE];
    Random random = new Random(1);
    for (int p = 0; p < numbers.length; p++) {
      numbers[p] = (short) (2000 + 40 * random.nextGaussian());
    }
    CogWriter.write(
        file,
        coarse,
        window,
        CogLayout.of(RasterType.UINT16, "B11").withNodata(0),
        RowSource.ofShorts(SIDE, numbers));
    band =
        GridBand.open(
            file.toString(),
            1,
            fine,
            Resampling.BILINEAR,
            RasterRules.anywhere(),
            new DecodeCounter());
    band.read(window, pixels);
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    band.close();
    Files.delete(file);
  }

  @Benchmark
  public float[] resampling() {
    band.read(window, pixels);
    return pixels;
  }
}
