package io.landshift.training.finetuning;

import io.landshift.training.samples.Look;
import io.landshift.training.samples.Revisits;
import io.landshift.training.samples.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A window with as many earlier looks as a reference is made of.
 *
 * @param earlier {@link SeveralLooks#COUNT}
 * @param several whether the reference is of all of them, or of the first alone
 */
record Followed(Look after, List<Look> earlier, boolean several) {
  /** How often the reference is a single look, as of a pair of dates. */
  private static final double SINGLE = 0.3;

  /** Real looks where there are enough, else simulated ones. */
  static Followed of(Sample.Changed sample, RandomGenerator random) {
    if (random.nextDouble() < SINGLE) {
      List<Look> single = Collections.nCopies(SeveralLooks.COUNT, sample.before());
      return new Followed(sample.after(), single, false);
    }
    List<Look> real = new ArrayList<>(sample.earlier());
    Collections.shuffle(real, random);
    if (real.size() >= SeveralLooks.COUNT) {
      return new Followed(sample.after(), real.subList(0, SeveralLooks.COUNT), true);
    }
    Sample.Changed simulated = Revisits.SEASON.followed(sample, SeveralLooks.COUNT, random);
    return new Followed(simulated.after(), simulated.earlier(), true);
  }
}
