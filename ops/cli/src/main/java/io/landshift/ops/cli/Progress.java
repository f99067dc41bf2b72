package io.landshift.ops.cli;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Says how far a long work is: one line that is rewritten on a terminal, a plain line every tenth
 * of the work elsewhere. For one thread.
 */
final class Progress {
  private static final long REDRAW_NANOS = 200_000_000L;

  private final PrintWriter out;
  private final int total;
  private final String things;
  private final boolean terminal;
  private final long started = System.nanoTime();
  private int done;
  private int tenths;
  private long drawn;

  /**
   * @param things what is counted, in the plural
   */
  Progress(PrintWriter out, int total, String things) {
    this.terminal = Terminal.isThere();
    this.out = out;
    this.total = Math.max(1, total);
    this.things = things;
  }

  /** One more is done. */
  void step(String what) {
    done = Math.min(total, done + 1);
    if (terminal) {
      long now = System.nanoTime();
      if (now - drawn > REDRAW_NANOS || done == total) {
        drawn = now;
        out.print("\r\u001b[K" + line() + "  " + what);
        out.flush();
      }
    } else if (done * 10 / total > tenths) {
      tenths = done * 10 / total;
      out.println(line());
      out.flush();
    }
  }

  /** Takes the line away, so that another can be printed in its place. */
  void clear() {
    if (terminal) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }

  /** The work is over. */
  void end() {
    clear();
  }

  private String line() {
    double elapsed = (System.nanoTime() - started) / 1e9;
    double left = elapsed / Math.max(1, done) * (total - done);
    Duration eta = Duration.ofSeconds(Math.round(left));
    return "%d of %d %s, %d:%02d left"
        .formatted(done, total, things, eta.toMinutes(), eta.toSecondsPart());
  }
}
