package io.landshift.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {
  @Test
  void noWindowHoldsMoreRestartsThanAllowed() {
    // given
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    RestartBudget budget = new RestartBudget(2, Duration.ofMinutes(10), now::get);

    // then
    assertThat(budget.spend()).isTrue();
    now.set(Instant.EPOCH.plusSeconds(60));
    assertThat(budget.spend()).isTrue();
    assertThat(budget.spend()).isFalse();
    now.set(Instant.EPOCH.plusSeconds(599));
    assertThat(budget.spend()).isFalse();
    now.set(Instant.EPOCH.plusSeconds(600));
    assertThat(budget.spend()).as("the first has left the window").isTrue();
    assertThat(budget.spend()).isFalse();
  }
}
