package io.landshift.training.samples;

import io.landshift.ingest.scenes.Quality;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Losses of vegetation that never were, for places whose changes nobody labelled. Real dates of a
 * series, up to three and a later one (simulated ones for a place that was seen once); on that,
 * patches of vegetation become bare or dry to some part. What lies elsewhere is called unchanged:
 * what truly differs between the dates (light, season, water, haze) is what the network is to leave
 * alone, and so are patches that are made greener, lest every outline be a loss. Losses that are
 * real and were not seen are taught wrongly.
 *
 * <p>A patch keeps the texture of its pixels and has soft edges, so that nothing but its colours
 * tells it: each pixel is multiplied by how much brighter its patch would be. Bare ground is of the
 * same image, so that light, air and sensor are those of that date.
 *
 * <p>Immutable and thread-safe; the same pair has the same pixels whenever it is read.
 */
public final class PseudoChangeSet implements SampleSet<Sample.Changed> {
  private static final List<String> CLASSES = List.of("unchanged", "lost");
  private static final byte LOST = 1;
  private static final double VEGETATED = 0.5;
  private static final double BARE = 0.3;
  private static final double LEAST_NIR = 0.12;

  /** Windows that are looked at for one with so much vegetation. */
  private static final int TRIES = 20;

  private static final double LEAST_VEGETATED = 0.3;

  /** Pixels near each other whose mean is a patch's bare ground. */
  private static final int DONORS = 20;

  /** Earlier looks of a pair, where the series has as many. */
  private static final int EARLIER = 3;

  /** Patches of a window, and their long half axes, pixels. */
  private static final int PATCHES = 9;

  private static final double SMALLEST = 1.5;
  private static final double LARGEST = 20;

  /** The share of patches that are made greener. */
  private static final double GREENER = 0.3;

  /** The share of its plants that a patch loses, at the least. */
  private static final double LEAST_LOSS = 0.3;

  /** From which share on a loss is called one; below, down to the other, nobody could tell. */
  private static final double LOSS = 0.3;

  private static final double NO_LOSS = 0.05;

  /**
   * Dead or dry leaves beside green ones, by eye: they absorb less, and scatter less near infrared.
   */
  private static final Map<String, Double> DRY =
      Map.of(
          "blue", 1.2, "green", 1.1, "red", 1.6, "nir", 0.65, "nir08", 0.65, "swir16", 1.35,
          "swir22", 1.6);

  private final String name;
  private final List<Sample.Unlabelled> series;
  private final int pairs;
  private final int side;
  private final long seed;
  private final List<List<int[]>> bare;

  /**
   * Reads series.
   *
   * @param name of the set of pairs
   * @param sets of one series each; pairs are of each in turn; where a series has one look, the
   *     earlier ones are {@link Revisits simulated} of it
   * @param pairs how many
   * @param side of their windows, pixels
   */
  public PseudoChangeSet(
      String name,
      List<? extends SampleSet<Sample.Unlabelled>> sets,
      int pairs,
      int side,
      long seed) {
    this.name = name;
    this.series = sets.stream().map(set -> set.read(set.sources().getFirst())).toList();
    this.pairs = pairs;
    this.side = side;
    this.seed = seed;
    this.bare =
        series.stream()
            .map(each -> each.looks().stream().map(PseudoChangeSet::bare).toList())
            .toList();
  }

  /** Pixels of ground without plants and without water. */
  private static int[] bare(Look look) {
    List<Integer> found = new ArrayList<>();
    for (int pixel = 0; pixel < look.quality().length; pixel++) {
      double index = index(look, pixel);
      if (look.quality()[pixel] == Quality.CLEAR
          && index > 0
          && index < BARE
          && look.plane("nir")[pixel] > LEAST_NIR) {
        found.add(pixel);
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Normalised difference of near infrared and red. */
  private static double index(Look look, int pixel) {
    double red = look.plane("red")[pixel];
    double nir = look.plane("nir")[pixel];
    return (nir - red) / (nir + red);
  }

  @Override
  public List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      Source of = series.get(pair % series.size()).source();
      sources.add(new Source(name, "%04d".formatted(pair), of.place(), of.licence(), of.heldOut()));
    }
    return sources;
  }

  @Override
  public Sample.Changed read(Source source) {
    int pair = Integer.parseInt(source.name());
    RandomGenerator random = new SplittableRandom(seed * 1_000_003 + pair);
    List<Look> looks = series.get(pair % series.size()).looks();
    int second = looks.size() == 1 ? 0 : 1 + random.nextInt(looks.size() - 1);
    List<Look> earlier = new ArrayList<>(looks.subList(0, Math.max(1, second)));
    Collections.shuffle(earlier, random);
    earlier = earlier.subList(0, Math.min(EARLIER, earlier.size()));
    earlier.sort(Comparator.comparingInt(looks::indexOf));
    Look after = looks.get(second);
    Labels none = new Labels(CLASSES, true, new byte[after.quality().length]);
    Sample.Changed whole = new Sample.Changed(source, earlier, after, none);
    Sample.Changed window = window(whole, random);
    if (looks.size() == 1) {
      List<Look> simulated = Revisits.SEASON.again(window.after(), EARLIER, random);
      window = new Sample.Changed(source, simulated, window.after(), window.labels());
    }
    return patched(window, after, bare.get(pair % series.size()).get(second), random);
  }

  /** One with plants on all its dates, if there is one among some: elsewhere nothing is lost. */
  private Sample.Changed window(Sample.Changed whole, RandomGenerator random) {
    Augmentation windows = new Augmentation(side, 1, 0, 0);
    Sample.Changed window = (Sample.Changed) windows.cut(whole, random);
    for (int tries = 1; tries < TRIES && vegetatedShare(window) < LEAST_VEGETATED; tries++) {
      window = (Sample.Changed) windows.cut(whole, random);
    }
    return window;
  }

  private static double vegetatedShare(Sample.Changed window) {
    int count = 0;
    for (boolean each : vegetated(window)) {
      count += each ? 1 : 0;
    }
    return (double) count / window.after().quality().length;
  }

  private static Sample.Changed patched(
      Sample.Changed window, Look whole, int[] ground, RandomGenerator random) {
    boolean[] open = vegetated(window);
    Look after = window.after();
    float[] @Nullable [] planes = new float[after.planes().length][];
    for (int band = 0; band < planes.length; band++) {
      float[] plane = after.planes()[band];
      planes[band] = plane == null ? null : plane.clone();
    }
    byte[] codes = new byte[open.length];
    for (int count = 0; count < PATCHES; count++) {
      double part = LEAST_LOSS + (1 - LEAST_LOSS) * random.nextDouble();
      Patch patch = Patch.drawn(open, window.width(), part, random);
      boolean greener = random.nextDouble() < GREENER;
      double bareness = ground.length == 0 ? 0 : random.nextDouble();
      double dryness = 0.7 + 0.8 * random.nextDouble();
      int first = ground.length == 0 ? 0 : random.nextInt(ground.length);
      for (int band = 0; band < planes.length; band++) {
        float[] plane = planes[band];
        if (plane != null && !patch.pixels.isEmpty()) {
          double dry = Math.pow(DRY.getOrDefault(after.bands().get(band), 1.0), dryness);
          float[] from = Objects.requireNonNull(whole.planes()[band]);
          double becomes =
              greener
                  ? Math.pow(dry, -0.5)
                  : bareness * donors(from, ground, first) / patch.mean(plane)
                      + (1 - bareness) * dry;
          patch.multiply(plane, becomes);
        }
      }
      patch.label(codes, greener);
    }
    return new Sample.Changed(
        window.source(),
        window.earlier(),
        after.withPlanes(planes),
        new Labels(CLASSES, true, codes));
  }

  private static boolean[] vegetated(Sample.Changed window) {
    boolean[] vegetated = new boolean[window.after().quality().length];
    for (int pixel = 0; pixel < vegetated.length; pixel++) {
      int at = pixel;
      vegetated[pixel] =
          isVegetated(window.after(), at)
              && window.earlier().stream().allMatch(look -> isVegetated(look, at));
    }
    return vegetated;
  }

  private static boolean isVegetated(Look look, int pixel) {
    return look.quality()[pixel] == Quality.CLEAR && index(look, pixel) >= VEGETATED;
  }

  /** Near each other in the list, near each other on the ground. */
  private static double donors(float[] plane, int[] ground, int first) {
    double sum = 0;
    for (int donor = 0; donor < DONORS; donor++) {
      sum += ground.length == 0 ? 0 : plane[ground[(first + donor) % ground.length]];
    }
    return sum / DONORS;
  }

  /** An ellipse on vegetation that no other patch has, and how much of each pixel it changes. */
  private record Patch(List<Integer> pixels, List<Double> parts) {
    static Patch drawn(boolean[] open, int width, double part, RandomGenerator random) {
      Patch patch = new Patch(new ArrayList<>(), new ArrayList<>());
      int centre = random.nextInt(open.length);
      double along = SMALLEST * Math.pow(LARGEST / SMALLEST, random.nextDouble());
      double across = Math.max(SMALLEST, along * (0.4 + 0.6 * random.nextDouble()));
      double angle = Math.PI * random.nextDouble();
      double soft = 0.05 + 0.45 * random.nextDouble();
      int reach = (int) Math.ceil(along * (1 + soft));
      for (int y = -reach; y <= reach; y++) {
        for (int x = -reach; x <= reach; x++) {
          int row = centre / width + y;
          int column = centre % width + x;
          double u = (x * Math.cos(angle) + y * Math.sin(angle)) / along;
          double v = (y * Math.cos(angle) - x * Math.sin(angle)) / across;
          double inside = Math.min(1, (1 + soft - Math.sqrt(u * u + v * v)) / (2 * soft));
          boolean within = row >= 0 && row < open.length / width && column >= 0 && column < width;
          if (inside > 0 && within && open[row * width + column]) {
            open[row * width + column] = false;
            patch.pixels.add(row * width + column);
            patch.parts.add(part * inside);
          }
        }
      }
      return patch;
    }

    double mean(float[] plane) {
      return pixels.stream().mapToDouble(pixel -> plane[pixel]).average().orElse(Double.NaN);
    }

    void multiply(float[] plane, double factor) {
      for (int at = 0; at < pixels.size(); at++) {
        plane[pixels.get(at)] *= (float) (1 + parts.get(at) * (factor - 1));
      }
    }

    void label(byte[] codes, boolean greener) {
      for (int at = 0; at < pixels.size() && !greener; at++) {
        double part = parts.get(at);
        codes[pixels.get(at)] = part >= LOSS ? LOST : part > NO_LOSS ? Labels.UNKNOWN : 0;
      }
    }
  }
}
