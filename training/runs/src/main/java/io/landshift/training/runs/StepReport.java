package io.landshift.training.runs;

import io.landshift.training.torch.Step;
import io.landshift.training.torch.Training;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Says how far a training is, a line every twentieth of it, and keeps every step for TensorBoard.
 */
final class StepReport implements Training.Listener {
  private static final int LINES = 20;

  private final PrintWriter out;
  private final EventFile events;
  private final String stage;
  private final long all;
  private long first = -1;
  private long since;
  private double sum;
  private long summed;

  StepReport(PrintWriter out, EventFile events, String stage, long all) {
    this.out = out;
    this.events = events;
    this.stage = stage;
    this.all = all;
  }

  @Override
  public void taken(long step, double rate, Step result) {
    long now = System.nanoTime();
    if (first < 0) {
      first = step;
      since = now;
    }
    sum += result.loss();
    summed++;
    events.add(
        Instant.now().toEpochMilli() / 1e3,
        step,
        Map.of("loss", result.loss(), "rate", rate, "gradient_norm", result.gradientNorm()));
    long every = Math.max(1, all / LINES);
    if ((step + 1) % every == 0 || step + 1 == all) {
      // The first step of a process is slow and says nothing of the others.
      double perStep = step == first ? 0 : (now - since) / 1e9 / (step - first);
      Duration left = Duration.ofMillis(Math.round(1000 * perStep * (all - step - 1)));
      out.printf(
          "%s: step %d of %d, loss %.4f, %.0f ms a step, %d:%02d left%n",
          stage,
          step + 1,
          all,
          sum / summed,
          1000 * perStep,
          left.toMinutes(),
          left.toSecondsPart());
      out.flush();
      sum = 0;
      summed = 0;
    }
  }
}
