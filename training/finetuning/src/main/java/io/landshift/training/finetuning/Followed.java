package io.landshift.training.finetuning;

import io.landshift.training.samples.Labels;
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
  /**
   * How often the later look shows what the earlier one shows: labels miss changes, this has none.
   */
  private static final double NOTHING = 0.2;

  /** How often the reference is a single look, as of a pair of dates. */
  private static final double SINGLE = 0.3;

  /**
   * The same place a while later, now and then: the earlier look of a pair, with all of it called
   * unchanged.
   */
  static Sample.Changed orNothing(Sample.Changed pair, RandomGenerator random) {
    if (pair.earlier().size() > 1 || random.nextDouble() >= NOTHING) {
      return pair;
    }
    Labels known = pair.labels();
    byte[] unchanged = new byte[known.codes().length];
    return new Sample.Changed(
        pair.source(),
        pair.before(),
        pair.before(),
        new Labels(known.classes(), known.directed(), unchanged));
  }

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
