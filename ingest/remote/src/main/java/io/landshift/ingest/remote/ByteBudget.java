package io.landshift.ingest.remote;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes may still be fetched for one scene. Thread-safe. */
public final class ByteBudget {
  private final long limit;
  private final AtomicLong spent = new AtomicLong();

  /**
   * @param limit bytes in all
   */
  public ByteBudget(long limit) {
    this.limit = limit;
  }

  /** Bytes that were fetched so far. */
  public long spent() {
    return spent.get();
  }

  /**
   * @throws LandshiftException LIMIT_EXCEEDED where this is more than what is left
   */
  void spend(long bytes) {
    if (spent.addAndGet(bytes) > limit) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          "More than " + limit + " bytes would have to be fetched for this scene.");
    }
  }
}
