package io.landshift.ingest.remote;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How long a busy or failing server is left alone before it is asked again. Thread-safe.
 *
 * <p>What the server asks for ({@code Retry-After}, RFC 9110 section 10.2.3) counts, up to {@link
 * #LONGEST}; otherwise the wait doubles from half a second to 30 s, of which a random half is
 * taken, so that many clients do not come back together.
 */
final class Backoff {
  static final Duration LONGEST = Duration.ofMinutes(2);

  /** Requests in all, the first among them. */
  static final int ATTEMPTS = 5;

  private static final long FIRST_MILLIS = 500;
  private static final long LAST_MILLIS = 30_000;

  private final Clock clock;
  private final Sleeper sleeper;

  /** Waits. */
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  Backoff(Clock clock, Sleeper sleeper) {
    this.clock = clock;
    this.sleeper = sleeper;
  }

  static Backoff real() {
    return new Backoff(Clock.systemUTC(), Thread::sleep);
  }

  /**
   * @param attempt failed attempts so far, from 1
   * @param retryAfter the server's header, or null
   */
  void pause(int attempt, @Nullable String retryAfter) throws InterruptedException {
    sleeper.sleep(asked(retryAfter).orElseGet(() -> own(attempt)));
  }

  private static Duration own(int attempt) {
    long full = Math.min(LAST_MILLIS, FIRST_MILLIS << Math.min(attempt - 1, 10));
    return Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
  }

  private Optional<Duration> asked(@Nullable String retryAfter) {
    if (retryAfter == null) {
      return Optional.empty();
    }
    String text = retryAfter.strip();
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(limited(Duration.ofSeconds(Long.parseLong(text))));
    }
    try {
      Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(limited(Duration.between(clock.instant(), until)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration limited(Duration wanted) {
    if (wanted.isNegative()) {
      return Duration.ZERO;
    }
    return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
  }
}
