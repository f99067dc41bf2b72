package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

/** Counts, with JDK Flight Recorder, how full the batches are that graphs run in this process. */
final class BatchFill implements AutoCloseable {
  private static final String EVENT = "io.landshift.InferenceBatch";

  private final RecordingStream stream = new RecordingStream();
  private final Map<String, Counts> byOutput = new ConcurrentSkipListMap<>();

  private record Counts(LongAdder windows, LongAdder places) {}

  /** Starts counting. */
  BatchFill() {
    stream.enable(EVENT);
    stream.onEvent(EVENT, this::count);
    stream.startAsync();
  }

  private void count(RecordedEvent batch) {
    Counts counts =
        byOutput.computeIfAbsent(
            batch.getString("output"), output -> new Counts(new LongAdder(), new LongAdder()));
    counts.windows().add(batch.getInt("windows"));
    counts.places().add(batch.getInt("size"));
  }

  /** Stops counting, and writes the windows and places of each graph's batches. */
  void stop(ObjectNode into) {
    stream.stop();
    byOutput.forEach((output, counts) ->
        into.putObject(output)
            .put("windows", counts.windows().sum())
            .put("places", counts.places().sum()));
  }

  @Override
  public void close() {
    stream.close();
  }
}
