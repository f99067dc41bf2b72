package io.landshift.alerts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/** How often something may be started again within a while. Thread-safe. */
final class RestartBudget {
  private final int restarts;
  private final Duration window;
  private final InstantSource clock;
  private final Deque<Instant> spent = new ArrayDeque<>();

  /**
   * @param restarts how many restarts any window of this length may hold
   */
  RestartBudget(int restarts, Duration window, InstantSource clock) {
    this.restarts = restarts;
    this.window = window;
    this.clock = clock;
  }

  /** Takes one restart, or says that none is left. */
  synchronized boolean spend() {
    Instant now = clock.instant();
    Instant start = now.minus(window);
    while (!spent.isEmpty() && !spent.getFirst().isAfter(start)) {
      spent.removeFirst();
    }
    if (spent.size() >= restarts) {
      return false;
    }
    spent.addLast(now);
    return true;
  }
}
