package io.landshift.training.samples;

import io.landshift.ingest.raster.Extent;
import io.landshift.training.samples.UnfitForTrainingException.Reason;

/** Keeps from training what must stay out of it. Pure; thread-safe. */
public final class TrainingGuard {
  /** The square kilometre of the demo, wherever its files lie and whatever they are called. */
  private static final Extent DEMO =
      new Extent("EPSG:3035", 5_271_982.5766, 2_532_004.2149, 5_272_982.5766, 2_533_004.2149);

  private static final String DEMO_SET = "romania_s2_2015_2021";

  private TrainingGuard() {}

  /**
   * Every sample passes here before a weight sees it.
   *
   * @param shipped whether the weights are meant to be passed on
   * @throws UnfitForTrainingException HELD_OUT, or LICENCE where they are
   */
  public static void require(Source source, boolean shipped) {
    if (source.heldOut() || source.set().equals(DEMO_SET)) {
      throw new UnfitForTrainingException(
          Reason.HELD_OUT,
          source.set() + "/" + source.name() + " is kept for the test: leave it out");
    }
    if (shipped && source.licence() != Licence.SHIPPABLE) {
      throw new UnfitForTrainingException(
          Reason.LICENCE,
          source.set() + " may not be passed on: train an experiment bundle, or leave it out");
    }
  }

  /** Whether the ground of a raster is held out. */
  static boolean holdsOut(Extent ground) {
    return ground.crs().equals(DEMO.crs())
        && ground.minX() < DEMO.maxX()
        && ground.maxX() > DEMO.minX()
        && ground.minY() < DEMO.maxY()
        && ground.maxY() > DEMO.minY();
  }
}
