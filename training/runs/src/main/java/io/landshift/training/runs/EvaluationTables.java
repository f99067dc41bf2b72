package io.landshift.training.runs;

import io.landshift.model.bundle.GraphRole;
import java.util.Locale;
import java.util.Map;

/** Tables of what is measured of a finished bundle beside its accuracy. Pure. */
final class EvaluationTables {
  private EvaluationTables() {}

  /** What is called changed though nothing happened. */
  static String seasons(SeasonPairs pairs) {
    StringBuilder text = new StringBuilder();
    text.append("\n## Pairs of dates: ").append(pairs.ground()).append("\n\n");
    text.append(
        "Each later date against a single earlier one; all that is called changed is a false alarm."
            + " Serving compares with several looks of the same season, and adds up what it finds.\n\n");
    text.append(
        "| | bundle | pairs | pixels | at the low threshold | at the high one | in the middle pair"
            + " | alarms per 1,000 km² |\n|---|---|---|---|---|---|---|---|\n");
    pairs
        .found()
        .forEach((pairing, tallies) ->
            tallies.forEach((bundle, tally) ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %s | %,d | %,d | %.2f %% | %.2f %% | %.2f %% | %,.0f |%n",
                        pairing.title(),
                        bundle,
                        tally.pairs(),
                        tally.pixels(),
                        100.0 * tally.low() / tally.pixels(),
                        100.0 * tally.high() / tally.pixels(),
                        100 * tally.median(),
                        tally.alarms().rate()))));
    return text.toString();
  }

  /**
   * What bundles cost.
   *
   * @param costs by bundle
   * @param learned values that the learned bundle's graphs hold
   */
  static String costs(Map<String, Cost> costs, Map<GraphRole, Long> learned) {
    StringBuilder text = new StringBuilder();
    text.append("\n## Cost\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%,d learned values encode, %,d tell classes, %,d change. Times are of one thread of the"
                + " processor that measured, medians, of computing without reading.%n%n",
            learned.get(GraphRole.ENCODER),
            learned.get(GraphRole.SEGMENTATION),
            learned.get(GraphRole.CHANGE)));
    text.append("| bundle | bytes | ms/km² to encode | for classes | for change |\n");
    text.append("|---|---|---|---|---|\n");
    costs.forEach((bundle, cost) ->
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %,d | %.1f | %.1f | %.1f |%n",
                bundle,
                cost.bytes(),
                cost.perSquareKilometre(GraphRole.ENCODER),
                cost.perSquareKilometre(GraphRole.SEGMENTATION),
                cost.perSquareKilometre(GraphRole.CHANGE))));
    return text.toString();
  }
}
