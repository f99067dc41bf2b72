package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.Quality;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a fixture of the real layout: packed, one tile a chunk, numbers without a sign. */
class MmEarthSetTest {
  private static final int SIDE = 16;
  private static final List<BandRequest> BANDS =
      List.of(
          new BandRequest("nir", 0.842, true),
          new BandRequest("nir08", 0.865, true),
          new BandRequest("cirrus", 1.3735, false));

  @TempDir Path folder;

  @Test
  void readsOneTileOfTheRealLayout() {
    // given
    MmEarthSet set = new MmEarthSet(fixture(), BANDS);

    // when
    List<Source> sources = set.sources();
    Sample.Aligned tile = set.read(sources.get(2));

    // then
    assertThat(sources).extracting(Source::name).containsExactly("0", "1", "2");
    Look look = tile.look();
    assertThat(look.plane("nir")[0]).as("B08, the ninth").isEqualTo(2.08f, within(1e-5f));
    assertThat(look.plane("nir08")[0]).as("B8A, the eighth").isEqualTo(2.07f, within(1e-5f));
    assertThat(look.planes()[2]).as("L2A has no B10").isNull();
    assertThat(look.plane("nir")[5]).as("0 is no data").isNaN();
    assertThat(look.quality()[5]).isEqualTo(Quality.NODATA);
    assertThat(look.quality()[SIDE * SIDE - 1]).isEqualTo(Quality.CLOUD);
    assertThat(look.quality()[0]).isEqualTo(Quality.CLEAR);
    assertThat(tile.maps()).containsOnlyKeys("sentinel1", "esa_worldcover", "canopy_height_eth");
    assertThat(map(tile, "sentinel1", 3)[0]).isEqualTo(-11.5f);
    assertThat(map(tile, "sentinel1", 3)[1]).isNaN();
    assertThat(map(tile, "esa_worldcover", 0)[0]).as("mangrove").isEqualTo(9);
    assertThat(map(tile, "esa_worldcover", 0)[1]).isNaN();
    assertThat(map(tile, "canopy_height_eth", 1)[0]).isEqualTo(20);
    assertThat(map(tile, "canopy_height_eth", 1)[1]).isNaN();
    assertThat(tile.facts().get("month")).containsExactly(0.5f, Float.NaN);
  }

  @Test
  void mapsMoveWithTheLook() {
    // given
    Sample.Aligned tile = new MmEarthSet(fixture(), BANDS).read(Made.source("2"));

    // when: the first pixel becomes the last of its row
    Sample.Aligned mirrored = (Sample.Aligned) Lattice.mirrored(SIDE, SIDE).apply(tile);
    Sample cut = Augmentation.of(8).draw(tile, new SplittableRandom(1));

    // then
    assertThat(map(mirrored, "sentinel1", 3)[SIDE - 1]).isEqualTo(-11.5f);
    assertThat(mirrored.look().plane("nir")[SIDE - 1]).isEqualTo(tile.look().plane("nir")[0]);
    assertThat(map((Sample.Aligned) cut, "esa_worldcover", 0)).hasSize(64);
  }

  @Test
  void refusesWhatIsNoHdf5() throws Exception {
    // given
    Path text = Files.writeString(folder.resolve("no.h5"), "no HDF5 at all");

    // when, then
    assertFails(text, FailureReason.ASSET_UNREADABLE);
    assertFails(folder.resolve("none.h5"), FailureReason.ASSET_MISSING);
  }

  private static void assertFails(Path file, FailureReason reason) {
    assertThatThrownBy(() -> new MmEarthSet(file, BANDS).sources())
        .isInstanceOfSatisfying(
            LandshiftException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static float[] map(Sample.Aligned sample, String name, int channel) {
    float[][] map = sample.maps().get(name);
    return map == null ? new float[0] : map[channel];
  }

  /** Band b of tile t is 10000 t + 100 b, but for B10, the fifth pixel, and what is in 16 bits. */
  private Path fixture() {
    short[][][][] sentinel2 = new short[3][13][SIDE][SIDE];
    short[][][][] cloud = new short[3][1][SIDE][SIDE];
    float[][][][] sentinel1 = new float[3][8][SIDE][SIDE];
    byte[][][][] cover = new byte[3][1][SIDE][SIDE];
    byte[][][][] canopy = new byte[3][2][SIDE][SIDE];
    for (int tile = 0; tile < 3; tile++) {
      for (int band = 0; band < 13; band++) {
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
          int number = band == 10 || pixel == 5 ? 0 : 10_000 * tile + 100 * band;
          sentinel2[tile][band][pixel / SIDE][pixel % SIDE] = (short) number;
        }
      }
    }
    cloud[2][0][SIDE - 1][SIDE - 1] = 1 << 10;
    sentinel1[2][3][0][0] = -11.5f;
    sentinel1[2][3][0][1] = Float.NEGATIVE_INFINITY;
    cover[2][0][0][0] = 95;
    cover[2][0][0][1] = (byte) 255;
    canopy[2][1][0][0] = 20;
    canopy[2][1][0][1] = 127;
    Path path = folder.resolve("data_100k_v001.h5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      file.putDataset("sentinel2", sentinel2, packed(true, 1, 13, SIDE, SIDE));
      file.putDataset("sentinel2_cloudmask", cloud, packed(true, 1, 1, SIDE, SIDE));
      file.putDataset("sentinel1", sentinel1, packed(false, 1, 8, SIDE, SIDE));
      file.putDataset("esa_worldcover", cover, packed(true, 1, 1, SIDE, SIDE));
      file.putDataset("canopy_height_eth", canopy, packed(false, 1, 2, SIDE, SIDE));
      file.putDataset("month", new float[][] {{0, 0}, {0, 0}, {0.5f, Float.NaN}});
    }
    return path;
  }

  private static DatasetCreationOptions packed(boolean unsigned, int... chunk) {
    DatasetCreationOptions.Builder options =
        DatasetCreationOptions.builder().chunkDimensions(chunk).deflate(4);
    return (unsigned ? options.unsigned() : options).build();
  }
}
