package io.landshift.training.samples;

import io.landshift.ingest.scenes.Quality;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Losses of vegetation that never were, for places whose changes nobody labelled. Real dates of a
 * series, up to three and a later one; on that, patches of vegetation are covered with bare ground
 * of the same image: light, air and sensor are those of that date. All else is called unchanged:
 * what truly differs between the dates (light, season, water, haze) is what the network is to leave
 * alone. Losses that are real and were not seen are taught wrongly.
 *
 * <p>Immutable and thread-safe; the same pair has the same pixels whenever it is read.
 */
public final class PseudoChangeSet implements SampleSet<Sample.Changed> {
  private static final List<String> CLASSES = List.of("unchanged", "lost");
  private static final double VEGETATED = 0.5;
  private static final double BARE = 0.3;
  private static final double LEAST_NIR = 0.12;

  /** Earlier looks of a pair, where the series has as many. */
  private static final int EARLIER = 3;

  private static final int PATCHES = 12;
  private static final double SMALLEST = 1.5;
  private static final double LARGEST = 10;
  private static final double LEAST_COVER = 0.7;

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
   * @param sets of one series each, two looks or more; pairs are of each in turn
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
    int second = 1 + random.nextInt(looks.size() - 1);
    List<Look> earlier = new ArrayList<>(looks.subList(0, second));
    Collections.shuffle(earlier, random);
    earlier = earlier.subList(0, Math.min(EARLIER, second));
    earlier.sort(Comparator.comparingInt(looks::indexOf));
    Look after = looks.get(second);
    int[] ground = bare.get(pair % series.size()).get(second);
    boolean nothing = ground.length == 0;
    byte[] lost = nothing ? new byte[after.quality().length] : patches(earlier, after, random);
    Look covered = nothing ? after : covered(after, ground, lost, random);
    Sample.Changed whole =
        new Sample.Changed(source, earlier, covered, new Labels(CLASSES, true, lost));
    return (Sample.Changed) new Augmentation(side, 1, 0, 0).cut(whole, random);
  }

  /** 1 where vegetation of all dates lies in one of some ellipses. */
  private byte[] patches(List<Look> earlier, Look after, RandomGenerator random) {
    int width = after.width();
    byte[] lost = new byte[after.quality().length];
    // Patches are as dense as they would be on one window.
    int count = PATCHES * lost.length / (side * side);
    for (int patch = 0; patch < count; patch++) {
      int centre = random.nextInt(lost.length);
      double along = SMALLEST + (LARGEST - SMALLEST) * random.nextDouble();
      double across = Math.max(SMALLEST, along * (0.4 + 0.6 * random.nextDouble()));
      double angle = Math.PI * random.nextDouble();
      int reach = (int) Math.ceil(along);
      for (int y = -reach; y <= reach; y++) {
        for (int x = -reach; x <= reach; x++) {
          int row = centre / width + y;
          int column = centre % width + x;
          double u = (x * Math.cos(angle) + y * Math.sin(angle)) / along;
          double v = (y * Math.cos(angle) - x * Math.sin(angle)) / across;
          boolean inside =
              u * u + v * v <= 1
                  && row >= 0
                  && row < after.height()
                  && column >= 0
                  && column < width;
          if (inside
              && isVegetated(after, row * width + column)
              && areVegetated(earlier, row * width + column)) {
            lost[row * width + column] = 1;
          }
        }
      }
    }
    return lost;
  }

  private static boolean areVegetated(List<Look> looks, int pixel) {
    return looks.stream().allMatch(look -> isVegetated(look, pixel));
  }

  private static boolean isVegetated(Look look, int pixel) {
    return look.quality()[pixel] == Quality.CLEAR && index(look, pixel) >= VEGETATED;
  }

  /** Each lost pixel becomes mostly that of bare ground, with the texture of real ground. */
  private static Look covered(Look look, int[] bare, byte[] lost, RandomGenerator random) {
    float[] @Nullable [] planes = new float[look.planes().length][];
    for (int band = 0; band < planes.length; band++) {
      float[] plane = look.planes()[band];
      planes[band] = plane == null ? null : plane.clone();
    }
    double cover = LEAST_COVER + (1 - LEAST_COVER) * random.nextDouble();
    int start = random.nextInt(bare.length);
    for (int pixel = 0; pixel < lost.length; pixel++) {
      if (lost[pixel] == 1) {
        // Near each other in the list, near each other on the ground.
        int donor = bare[Math.floorMod(start + random.nextInt(-40, 41), bare.length)];
        for (float[] plane : planes) {
          if (plane != null) {
            plane[pixel] = (float) (cover * plane[donor] + (1 - cover) * plane[pixel]);
          }
        }
      }
    }
    return look.withPlanes(planes);
  }
}
