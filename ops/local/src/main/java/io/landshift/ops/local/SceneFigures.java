package io.landshift.ops.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.ScoreSummary;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Figures of scene outcomes, for run and summary files. Pure functions. */
final class SceneFigures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SceneFigures() {}

  /** Worker seconds by stage, over all scenes. */
  static Map<String, Double> secondsByStage(List<SceneOutcome> outcomes) {
    Map<String, Double> sums = new TreeMap<>();
    for (SceneOutcome outcome : outcomes) {
      outcome.getSeconds().forEach((stage, seconds) -> sums.merge(stage, seconds, Double::sum));
    }
    sums.replaceAll((stage, seconds) -> Math.round(seconds * 1000) / 1000.0);
    return sums;
  }

  /** Pixels by what was seen of them, over all scenes. */
  static Coverage coverage(List<SceneOutcome> outcomes) {
    long[] sums = new long[6];
    for (SceneOutcome outcome : outcomes) {
      Coverage coverage = outcome.getCoverage();
      sums[0] += coverage.getPixels();
      sums[1] += coverage.getNodata();
      sums[2] += coverage.getMasked();
      sums[3] += coverage.getClear();
      sums[4] += coverage.getWithoutReference();
      sums[5] += coverage.getMonitored();
    }
    return new Coverage(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
  }

  static ObjectNode json(Coverage coverage) {
    return JSON.createObjectNode()
        .put("pixels", coverage.getPixels())
        .put("nodata", coverage.getNodata())
        .put("masked", coverage.getMasked())
        .put("clear", coverage.getClear())
        .put("withoutReference", coverage.getWithoutReference())
        .put("monitored", coverage.getMonitored());
  }

  static ObjectNode json(SceneOutcome outcome) {
    ObjectNode node = JSON.createObjectNode();
    node.put("product", outcome.getProductId());
    node.put("sensed", outcome.getSensingTime().toString());
    node.put("result", outcome.getResult().name().toLowerCase(Locale.ROOT));
    if (outcome.getReason() != null) {
      node.put("reason", outcome.getReason().name()).put("message", outcome.getMessage());
    }
    node.set("coverage", json(outcome.getCoverage()));
    if (outcome.getShiftEast() != null && outcome.getShiftSouth() != null) {
      node.putObject("shiftPixels")
          .put("east", outcome.getShiftEast())
          .put("south", outcome.getShiftSouth());
    }
    node.put("blocksDecoded", outcome.getBlocksDecoded());
    node.put("blocksDistinct", outcome.getBlocksDistinct());
    for (ScoreSummary score : outcome.getScores()) {
      node.putObject(score.getScore())
          .put("low", score.getLow())
          .put("high", score.getHigh())
          .put("first", score.getFirst())
          .put("provisional", score.getProvisional())
          .put("confirmed", score.getConfirmed())
          .put("finished", score.getFinished());
    }
    return node;
  }
}
