package io.landshift.ingest.remote;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Says how something fails. */
final class Failing {
  private Failing() {}

  static LandshiftException with(FailureReason reason, ThrowingCallable call) {
    LandshiftException[] thrown = new LandshiftException[1];
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(call)
        .satisfies(e -> {
          org.assertj.core.api.Assertions.assertThat(e.reason())
              .as(e.getMessage())
              .isEqualTo(reason);
          thrown[0] = e;
        });
    return thrown[0];
  }
}
