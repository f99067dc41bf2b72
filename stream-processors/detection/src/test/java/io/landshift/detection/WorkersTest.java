package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.streaming.api.functions.async.CollectionSupplier;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private final Heard heard = new Heard();

  @Test
  void aResultIsHandedOver() {
    // when
    Workers.complete(heard, () -> "result");

    // then
    assertThat(heard.results).containsExactly("result");
    assertThat(heard.failures).isEmpty();
  }

  @Test
  void anErrorFailsTheTaskThatWaitsForTheResult() {
    // given
    OutOfMemoryError error = new OutOfMemoryError("in this test only");

    // when
    Workers.complete(
        heard,
        () -> {
          throw error;
        });

    // then
    assertThat(heard.results).isEmpty();
    assertThat(heard.failures).containsExactly(error);
  }

  /** What the task would hear. */
  private static final class Heard implements ResultFuture<String> {
    private final List<String> results = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    @Override
    public void complete(Collection<String> result) {
      results.addAll(result);
    }

    @Override
    public void complete(CollectionSupplier<String> supplier) {
      throw new UnsupportedOperationException("not used");
    }

    @Override
    public void completeExceptionally(Throwable error) {
      failures.add(error);
    }
  }
}
