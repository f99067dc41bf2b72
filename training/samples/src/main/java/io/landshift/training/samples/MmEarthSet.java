package io.landshift.training.samples;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.exceptions.HdfException;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.CloudMask;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tiles of MMEarth (one HDF5 file): Sentinel-2 with what other sources say of the same ground. Only
 * what is asked for of one tile is read. Experiments only, until its licence is looked into.
 *
 * <p>Maps are {@code sentinel1} (decibels), {@code aster} (metres, degrees), {@code
 * canopy_height_eth} (metres), {@code dynamic_world} (classes 0..8) and {@code esa_worldcover}
 * (classes 0..10); facts are {@code era5}, {@code lat}, {@code lon}, {@code month}, {@code biome}
 * and {@code eco_region}, as they are in the file. What the file lacks, the samples lack.
 */
public final class MmEarthSet implements SampleSet<Sample.Aligned> {
  /** The set's name. */
  public static final String NAME = "mmearth";

  /** In the file's order, which has B8A before B08. */
  private static final List<String> BANDS =
      List.of(
          "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B8A", "B08", "B09", "B10", "B11",
          "B12");

  private static final List<String> FACTS =
      List.of("era5", "lat", "lon", "month", "biome", "eco_region");

  /** The codes of ESA WorldCover in the order of the classes. */
  private static final List<Integer> WORLD_COVER =
      List.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100);

  /** What a number of the file means; NaN is not known. */
  private static final Map<String, DoubleUnaryOperator> MAPS =
      Map.of(
          "sentinel1", number -> Double.isFinite(number) ? number : Double.NaN,
          "aster", number -> number,
          // 255 does not fit the file's 8 bits with a sign: it is -1 or 127 there.
          "canopy_height_eth", number -> number < 0 || number >= 127 ? Double.NaN : number,
          "dynamic_world", number -> number >= 1 && number <= 9 ? number - 1 : Double.NaN,
          "esa_worldcover", MmEarthSet::worldCover);

  private static final double SCALE = 1e-4;
  private static final int UNKNOWN_CLOUD = 65_535;
  private static final double PIXEL_METRES = 10;

  private final Path path;
  private final List<BandRequest> bands;

  /**
   * @param file such as {@code data_1M_v001_64.h5}
   * @param bands what to read of Sentinel-2, in order
   */
  public MmEarthSet(Path file, List<BandRequest> bands) {
    this.path = file;
    this.bands = List.copyOf(bands);
  }

  @Override
  public List<Source> sources() {
    try (HdfFile file = open()) {
      int tiles = dataset(file, "sentinel2").getDimensions()[0];
      String[] ids = ids(file);
      List<Source> sources = new ArrayList<>();
      for (int tile = 0; tile < tiles; tile++) {
        String place = ids == null ? String.valueOf(tile) : ids[tile];
        sources.add(new Source(NAME, String.valueOf(tile), place, Licence.EXPERIMENT_ONLY, false));
      }
      return sources;
    } catch (HdfException e) {
      throw unreadable(e);
    }
  }

  @Override
  public Sample.Aligned read(Source source) {
    try (HdfFile file = open()) {
      int tile = Integer.parseInt(source.name());
      Map<String, float[][]> maps = new TreeMap<>();
      MAPS.forEach((name, meaning) -> {
        if (file.getChild(name) != null) {
          maps.put(name, planes(file, name, tile, meaning));
        }
      });
      Map<String, float[]> facts = new TreeMap<>();
      for (String name : FACTS) {
        if (file.getChild(name) != null) {
          facts.put(name, slice(dataset(file, name), tile));
        }
      }
      return new Sample.Aligned(source, look(file, tile), maps, facts);
    } catch (HdfException e) {
      throw unreadable(e);
    }
  }

  private Look look(HdfFile file, int tile) {
    // A band that a product lacks, as L2A lacks B10, is 0 everywhere.
    float[][] all =
        planes(file, "sentinel2", tile, number -> number == 0 ? Double.NaN : SCALE * number);
    int[] size = dataset(file, "sentinel2").getDimensions();
    float[] @Nullable [] planes = new float[bands.size()][];
    for (int band = 0; band < planes.length; band++) {
      String name = SetFiles.sentinelBand(bands.get(band));
      int index = name == null ? -1 : BANDS.indexOf(name);
      planes[band] = index < 0 || isEmpty(all[index]) ? null : all[index];
    }
    Look look =
        Look.clear(
            null,
            Look.Unit.REFLECTANCE,
            bands.stream().map(BandRequest::commonName).toList(),
            size[3],
            size[2],
            planes);
    return file.getChild("sentinel2_cloudmask") == null ? look : masked(look, file, tile);
  }

  /** The mask of QA60, grown as in service. */
  private static Look masked(Look look, HdfFile file, int tile) {
    float[] qa60 =
        planes(
            file,
            "sentinel2_cloudmask",
            tile,
            number -> number == UNKNOWN_CLOUD ? Double.NaN : number)[0];
    int width = look.width();
    int height = look.height();
    byte[] cloud =
        CloudMask.fromSceneClassification(
            CloudMask.classesOfQa60(qa60),
            width,
            height,
            0,
            0,
            width,
            height,
            MaskParameters.DEFAULT.cloudGrowth(PIXEL_METRES),
            MaskParameters.DEFAULT.snowGrowth(PIXEL_METRES));
    return look.masked(cloud);
  }

  private static boolean isEmpty(float[] plane) {
    for (float number : plane) {
      if (!Float.isNaN(number)) {
        return false;
      }
    }
    return true;
  }

  private static double worldCover(double code) {
    int index = WORLD_COVER.indexOf((int) code);
    return index < 0 ? Double.NaN : index;
  }

  private static float[][] planes(
      HdfFile file, String name, int tile, DoubleUnaryOperator meaning) {
    Dataset dataset = dataset(file, name);
    int[] size = dataset.getDimensions();
    float[] flat = slice(dataset, tile);
    int pixels = size[2] * size[3];
    float[][] planes = new float[size[1]][pixels];
    for (int i = 0; i < flat.length; i++) {
      planes[i / pixels][i % pixels] = (float) meaning.applyAsDouble(flat[i]);
    }
    return planes;
  }

  private static Dataset dataset(HdfFile file, String name) {
    if (file.getChild(name) instanceof Dataset dataset) {
      return dataset;
    }
    throw SetFiles.invalid("the file has no data set " + name + ": it is not one of MMEarth");
  }

  /** All numbers of one tile. */
  private static float[] slice(Dataset dataset, int tile) {
    int[] size = dataset.getDimensions().clone();
    long[] from = new long[size.length];
    from[0] = tile;
    size[0] = 1;
    int count = 1;
    for (int length : size) {
      count = Math.multiplyExact(count, length);
    }
    float[] numbers = new float[count];
    int filled = flatten(dataset.getData(from, size), numbers, 0);
    if (filled != count) {
      throw SetFiles.invalid(dataset.getPath() + " has fewer numbers than it states");
    }
    return numbers;
  }

  private static int flatten(Object data, float[] into, int first) {
    int at = first;
    switch (data) {
      case float[] numbers -> {
        System.arraycopy(numbers, 0, into, at, numbers.length);
        at += numbers.length;
      }
      case int[] numbers -> {
        for (int number : numbers) {
          into[at++] = number;
        }
      }
      case short[] numbers -> {
        for (short number : numbers) {
          into[at++] = number;
        }
      }
      case byte[] numbers -> {
        for (byte number : numbers) {
          into[at++] = number;
        }
      }
      case Object[] parts -> {
        for (Object part : parts) {
          at = flatten(part, into, at);
        }
      }
      default -> throw SetFiles.invalid("numbers of " + data.getClass() + " are not understood");
    }
    return at;
  }

  /** Names of the tiles, or null where the file has none. */
  private static String @Nullable [] ids(HdfFile file) {
    if (file.getChild("metadata") instanceof Dataset dataset
        && dataset.isCompound()
        && dataset.getData() instanceof Map<?, ?> fields) {
      Object ids = fields.containsKey("tile_id") ? fields.get("tile_id") : fields.get("meta_id");
      return ids instanceof String[] names ? names : null;
    }
    return null;
  }

  private HdfFile open() {
    if (!Files.isRegularFile(path)) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING, path + " is not there: check the file of the set");
    }
    return new HdfFile(path);
  }

  private LandshiftException unreadable(HdfException cause) {
    return new LandshiftException(
        FailureReason.ASSET_UNREADABLE, path + " is no HDF5 file that can be read", cause);
  }
}
