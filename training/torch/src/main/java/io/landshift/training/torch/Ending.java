package io.landshift.training.torch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds a process that was told to end (SIGTERM, Ctrl-C) until its training is between two steps:
 * libtorch crashes where the process ends in the middle of one.
 */
final class Ending implements AutoCloseable {
  /** After so long the process ends all the same. */
  private static final long PATIENCE_SECONDS = 120;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch granted = new CountDownLatch(1);
  private final Thread hook = new Thread(this::hold, "end-between-steps");

  Ending() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      asked.countDown();
    }
  }

  private void hold() {
    asked.countDown();
    try {
      if (!granted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("landshift: the step did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the process was told to end. */
  boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Lets the process end; does not return. */
  void now() {
    granted.countDown();
    while (true) {
      LockSupport.park();
    }
  }

  @Override
  public void close() {
    granted.countDown();
    if (!isAsked()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException ending) {
        // It began to end just now, and may.
      }
    }
  }
}
