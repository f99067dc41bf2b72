package io.landshift.training.pretraining;

import io.landshift.training.pretraining.PretextTask.Kind;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.Source;
import io.landshift.training.samples.TrainingGuard;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Square samples as windows. Pure; thread-safe. */
public final class Windows {
  /** The map of what the encoder sees itself. */
  public static final String IMAGE = "sentinel2";

  private static final String INDEX = "ndvi";
  private static final String MONTH = "month";

  /** Tasks whose numbers have units of their own: decibels, metres, degrees, kelvins. */
  private static final List<String> MEASURED =
      List.of("sentinel1", "aster", "canopy_height_eth", "era5");

  private Windows() {}

  /** MP-MAE's tasks on MMEarth, of whose image {@code bands} are read. */
  public static List<PretextTask> multiModal(int bands) {
    return List.of(
        new PretextTask(IMAGE, Kind.NORMALISED_PIXEL_VALUES, bands),
        new PretextTask("sentinel1", Kind.PIXEL_VALUES, 8),
        new PretextTask("aster", Kind.PIXEL_VALUES, 2),
        new PretextTask("canopy_height_eth", Kind.PIXEL_VALUES, 2),
        new PretextTask("dynamic_world", Kind.PIXEL_CLASSES, 9),
        new PretextTask("esa_worldcover", Kind.PIXEL_CLASSES, 11),
        new PretextTask("biome", Kind.WINDOW_CLASSES, 14),
        new PretextTask("eco_region", Kind.WINDOW_CLASSES, 846),
        new PretextTask("lat", Kind.WINDOW_VALUES, 2),
        new PretextTask("lon", Kind.WINDOW_VALUES, 2),
        new PretextTask(MONTH, Kind.WINDOW_VALUES, 2),
        new PretextTask("era5", Kind.WINDOW_VALUES, 12));
  }

  /**
   * Tasks that a scene itself answers: not multi-modal, as no other source says anything.
   *
   * @param bands of the image
   */
  public static List<PretextTask> selfMade(int bands) {
    return List.of(
        new PretextTask(IMAGE, Kind.NORMALISED_PIXEL_VALUES, bands),
        new PretextTask(INDEX, Kind.PIXEL_VALUES, 1),
        new PretextTask(MONTH, Kind.WINDOW_VALUES, 2));
  }

  /**
   * A window of a sample with other sources.
   *
   * @param scales by task; what is not named keeps its numbers, as classes do
   * @param shipped whether the weights are meant to be passed on
   * @throws io.landshift.training.samples.UnfitForTrainingException as {@link TrainingGuard}
   */
  public static Window multiModal(
      Sample.Aligned sample, Map<String, Standardisation> scales, boolean shipped) {
    TrainingGuard.require(sample.source(), shipped);
    Map<String, float[][]> maps = new HashMap<>(sample.maps());
    maps.put(IMAGE, planes(sample.look()));
    maps.replaceAll((name, map) -> {
      Standardisation scale = scales.get(name);
      return scale == null ? map : scale.apply(map);
    });
    Map<String, float[]> facts = new HashMap<>(sample.facts());
    facts.replaceAll((name, fact) -> {
      Standardisation scale = scales.get(name);
      return scale == null ? fact : scale.apply(fact);
    });
    return new Window(side(sample.look()), maps.getOrDefault(IMAGE, new float[0][]), maps, facts);
  }

  /**
   * What brings the numbers of other sources to mean 0 and deviation 1; of positions and months,
   * which are sines and cosines, and of classes, nothing.
   *
   * @param samples at least one
   * @return by task, those that every sample has
   */
  public static Map<String, Standardisation> scales(List<Sample.Aligned> samples) {
    Map<String, Standardisation> scales = new HashMap<>();
    for (String name : MEASURED) {
      List<float[][]> maps = new ArrayList<>();
      for (Sample.Aligned sample : samples) {
        float[][] map = sample.maps().get(name);
        float[] fact = sample.facts().get(name);
        if (map != null) {
          maps.add(map);
        } else if (fact != null) {
          maps.add(asMap(fact));
        }
      }
      if (maps.size() == samples.size()) {
        scales.put(name, Standardisation.of(maps));
      }
    }
    return scales;
  }

  /** {@code [channel][1]}. */
  private static float[][] asMap(float[] fact) {
    float[][] map = new float[fact.length][];
    for (int channel = 0; channel < fact.length; channel++) {
      map[channel] = new float[] {fact[channel]};
    }
    return map;
  }

  /**
   * A window of a look at a place.
   *
   * @param bands of the look
   * @param shipped whether the weights are meant to be passed on
   * @throws io.landshift.training.samples.UnfitForTrainingException as {@link TrainingGuard}
   */
  public static Window selfMade(Source source, Look look, Standardisation bands, boolean shipped) {
    TrainingGuard.require(source, shipped);
    float[][] image = bands.apply(planes(look));
    Map<String, float[][]> maps = new HashMap<>(Map.of(IMAGE, image));
    if (look.bands().containsAll(List.of("red", "nir"))) {
      maps.put(INDEX, new float[][] {index(look)});
    }
    Instant time = look.time();
    return new Window(
        side(look), image, maps, time == null ? Map.of() : Map.of(MONTH, month(time)));
  }

  private static int side(Look look) {
    if (look.width() != look.height()) {
      throw new IllegalArgumentException(
          "windows are square, not %d x %d".formatted(look.width(), look.height()));
    }
    return look.width();
  }

  /** The planes of all bands; what a look lacks has no data. */
  public static float[][] planes(Look look) {
    float[][] planes = new float[look.bands().size()][];
    for (int band = 0; band < planes.length; band++) {
      float[] plane = look.planes()[band];
      if (plane == null) {
        plane = new float[look.width() * look.height()];
        Arrays.fill(plane, Float.NaN);
      }
      planes[band] = plane;
    }
    return planes;
  }

  private static float[] index(Look look) {
    float[][] planes = planes(look);
    float[] red = planes[look.bands().indexOf("red")];
    float[] nir = planes[look.bands().indexOf("nir")];
    float[] index = new float[red.length];
    for (int pixel = 0; pixel < index.length; pixel++) {
      float sum = nir[pixel] + red[pixel];
      index[pixel] = sum > 0 ? (nir[pixel] - red[pixel]) / sum : Float.NaN;
    }
    return index;
  }

  /** Sine and cosine, so that December lies beside January. */
  private static float[] month(Instant time) {
    double angle = 2 * Math.PI * time.atOffset(ZoneOffset.UTC).getMonthValue() / 12;
    return new float[] {(float) Math.sin(angle), (float) Math.cos(angle)};
  }
}
