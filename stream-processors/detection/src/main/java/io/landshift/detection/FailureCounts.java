package io.landshift.detection;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts dead letters by reason, as Flink's metric {@code failures} with the label {@code reason}:
 * the same name as in logs and dead letters. Every failure becomes a dead letter, so this counts
 * them all.
 */
final class FailureCounts extends RichMapFunction<DeadLetter, DeadLetter> {
  private transient Map<FailureReason, Counter> counters;

  @Override
  public void open(OpenContext context) {
    counters = new EnumMap<>(FailureReason.class);
  }

  @Override
  public DeadLetter map(DeadLetter letter) {
    MetricGroup metrics = getRuntimeContext().getMetricGroup();
    counters
        .computeIfAbsent(
            letter.getReason(),
            reason -> metrics.addGroup("reason", reason.name()).counter("failures"))
        .inc();
    return letter;
  }
}
