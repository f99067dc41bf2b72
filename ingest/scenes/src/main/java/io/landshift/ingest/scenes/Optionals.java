package io.landshift.ingest.scenes;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Filling of events' optional fields, which are left alone rather than set to null. */
final class Optionals {
  private Optionals() {}

  /** Hands a value to a setter, where there is one. */
  static <T> void set(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
