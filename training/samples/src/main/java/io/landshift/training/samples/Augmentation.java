package io.landshift.training.samples;

import io.landshift.ingest.scenes.SceneReader;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Windows of samples, seen in another way each time. Pure but for the generator, which decides
 * everything: the same one gives the same windows. Immutable.
 *
 * @param side of the windows, pixels, from 1
 * @param classCap a window in which one class has more than this share of what is labelled is drawn
 *     anew, up to ten times, as nearly all windows show no change; 1 takes every window
 * @param gain standard deviation of the factor of a look, and a third of it of each band's own
 * @param haze largest reflectance that a look's path may add
 */
public record Augmentation(int side, double classCap, double gain, double haze) {
  private static final int TRIES = 10;

  /** MTP's class cap of 0.75; radiometry as much as dates of unchanged ground differ. */
  public static Augmentation of(int side) {
    return new Augmentation(side, 0.75, 0.03, 0.01);
  }

  public Augmentation {
    if (side < 1 || !(classCap > 0 && classCap <= 1) || !(gain >= 0) || !(haze >= 0)) {
      throw new IllegalArgumentException(
          "windows have a side from 1, a cap above 0 up to 1, and jitter from 0");
    }
  }

  /** One window: cut, turned, mirrored, its dates exchanged where that is no lie, and jittered. */
  public Sample draw(Sample sample, RandomGenerator random) {
    Sample window = cut(sample, random);
    for (int quarters = random.nextInt(4); quarters > 0; quarters--) {
      window = Lattice.turned(window.width(), window.height()).apply(window);
    }
    if (random.nextBoolean()) {
      window = Lattice.mirrored(window.width(), window.height()).apply(window);
    }
    if (random.nextBoolean()
        && window instanceof Sample.Changed changed
        && changed.earlier().size() == 1
        && !changed.labels().directed()) {
      window = exchanged(changed);
    }
    return jittered(window, random);
  }

  /**
   * A square of the sample; what reaches beyond a sample smaller than that has no data, and no part
   * of a larger one is wasted on it.
   */
  public Sample cut(Sample sample, RandomGenerator random) {
    Sample window = cutOnce(sample, random);
    for (int tries = 1; tries < TRIES && largestShare(window) > classCap; tries++) {
      window = cutOnce(sample, random);
    }
    return window;
  }

  private Sample cutOnce(Sample sample, RandomGenerator random) {
    int x = first(sample.width(), random);
    int y = first(sample.height(), random);
    return Lattice.crop(sample.width(), sample.height(), x, y, side, side).apply(sample);
  }

  private int first(int length, RandomGenerator random) {
    int room = length - side;
    return room >= 0 ? random.nextInt(room + 1) : -random.nextInt(1 - room);
  }

  /** The share of the most frequent class of what is labelled; 0 without labels. */
  private static double largestShare(Sample sample) {
    long[] counts =
        switch (sample) {
          case Sample.Unlabelled unlabelled -> new long[0];
          case Sample.Aligned aligned -> new long[0];
          case Sample.Segmented segmented -> segmented.labels().counts();
          case Sample.Changed changed -> changed.labels().counts();
        };
    long all = 0;
    long most = 0;
    for (long count : counts) {
      all += count;
      most = Math.max(most, count);
    }
    return all == 0 ? 0 : (double) most / all;
  }

  /**
   * The dates of a pair the other way round.
   *
   * @throws IllegalArgumentException where labels name a direction: a loss would be taught as what
   *     is a gain
   */
  public static Sample.Changed exchanged(Sample.Changed sample) {
    if (sample.labels().directed()) {
      throw new IllegalArgumentException(
          "changes of "
              + sample.source().set()
              + " have a direction: "
              + sample.labels().classes());
    }
    return new Sample.Changed(
        sample.source(),
        /* before= */ sample.after(),
        /* after= */ sample.before(),
        sample.labels());
  }

  /**
   * Other light: each look's bands times a factor near 1 plus a little, as air and sun angle do.
   * The order of a band's pixels stays, nothing becomes negative, what has no data has none.
   */
  public Sample jittered(Sample sample, RandomGenerator random) {
    return switch (sample) {
      case Sample.Unlabelled(Source source, List<Look> looks) ->
          new Sample.Unlabelled(
              source, looks.stream().map(look -> jittered(look, random)).toList());
      case Sample.Segmented(Source source, Look look, Labels labels) ->
          new Sample.Segmented(source, jittered(look, random), labels);
      case Sample.Changed(Source source, List<Look> earlier, Look after, Labels labels) ->
          new Sample.Changed(
              source,
              earlier.stream().map(look -> jittered(look, random)).toList(),
              jittered(after, random),
              labels);
      case Sample.Aligned(
              Source source,
              Look look,
              Map<String, float[][]> maps,
              Map<String, float[]> facts) ->
          new Sample.Aligned(source, jittered(look, random), maps, facts);
    };
  }

  private Look jittered(Look look, RandomGenerator random) {
    double whole = Math.exp(gain * random.nextGaussian());
    double added = haze * random.nextDouble();
    float[] @Nullable [] planes = new float[look.planes().length][];
    for (int band = 0; band < planes.length; band++) {
      double factor = whole * Math.exp(gain / 3 * random.nextGaussian());
      float[] plane = look.planes()[band];
      planes[band] = plane == null ? null : jittered(plane, factor, added);
    }
    return look.withPlanes(planes);
  }

  private static float[] jittered(float[] plane, double factor, double added) {
    float[] changed = new float[plane.length];
    for (int pixel = 0; pixel < plane.length; pixel++) {
      // Math.max keeps NaN.
      changed[pixel] =
          (float) Math.max(SceneReader.LEAST_REFLECTANCE, factor * plane[pixel] + added);
    }
    return changed;
  }
}
