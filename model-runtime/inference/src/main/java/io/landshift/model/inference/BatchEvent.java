package io.landshift.model.inference;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A batch that a graph has run, for JDK Flight Recorder: how full batches are. Costs nothing while
 * nobody records.
 */
@Name(BatchEvent.NAME)
@Label("Inference batch")
@Category("Landshift")
@StackTrace(false)
final class BatchEvent extends Event {
  static final String NAME = "io.landshift.InferenceBatch";

  @Label("Output")
  @Description("The name of the graph's output")
  final String output;

  @Label("Size")
  @Description("Windows that the batch holds")
  final int size;

  @Label("Windows")
  @Description("Windows that were in it; the others were padding")
  final int windows;

  private BatchEvent(String output, int size, int windows) {
    this.output = output;
    this.size = size;
    this.windows = windows;
  }

  static void tell(String output, int size, int windows) {
    BatchEvent event = new BatchEvent(output, size, windows);
    if (event.shouldCommit()) {
      event.commit();
    }
  }
}
