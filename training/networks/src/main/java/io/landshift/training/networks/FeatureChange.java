package io.landshift.training.networks;

import java.util.List;

/**
 * The change head that serves: from the features of today, and the centre and spread of what this
 * ground looked like in this season, to a logit for each kind of change and pixel.
 *
 * <p>It sees by how much each feature differs, and by how many spreads: (current - centre) /
 * (spread + {@link #FLOOR}), since features of ground that hardly varied have spreads near zero.
 */
public record FeatureChange(
    Fusion comparison, Fusion context, CellClassifier classifier, int features, int scores)
    implements Network {
  /** Added to spreads, in units of the features, whose deviation is about 1. */
  public static final double FLOOR = 0.1;

  /**
   * By so much, in the same units, serving moves a feature of a whole chunk towards its reference
   * before it is compared: what light or season do to all ground at once is no change.
   */
  public static final double LARGEST_CORRECTION = 0.5;

  /**
   * A head.
   *
   * @param features channels of each input
   * @param scores kinds of change
   * @param stride pixels per feature cell
   */
  public static FeatureChange of(Scope scope, int features, int scores, int stride) {
    return new FeatureChange(
        Fusion.of(scope.of("comparison"), 2 * features, features),
        Fusion.of(scope.of("context"), features, features),
        CellClassifier.of(scope.of("classifier"), features, scores, stride),
        features,
        scores);
  }

  @Override
  public List<Port> inputs() {
    return List.of(
        Port.planes("current", features),
        Port.planes("centre", features),
        Port.planes("spread", features));
  }

  @Override
  public List<Port> outputs() {
    return List.of(Port.planes("scores", scores));
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    T difference = ops.subtract(inputs.get(0), inputs.get(1));
    T inSpreads = ops.divide(difference, ops.add(inputs.get(2), FLOOR));
    T compared = comparison.apply(ops, ops.joinChannels(List.of(difference, inSpreads)));
    return List.of(classifier.apply(ops, context.apply(ops, compared)));
  }
}
