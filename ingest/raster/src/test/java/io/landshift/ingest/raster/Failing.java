package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Checks that a call fails with a typed reason. */
final class Failing {
  private Failing() {}

  static void with(FailureReason reason, ThrowingCallable call) {
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(call)
        .satisfies(e ->
            org.assertj.core.api.Assertions.assertThat(e.reason())
                .as(e.toString())
                .isEqualTo(reason));
  }
}
