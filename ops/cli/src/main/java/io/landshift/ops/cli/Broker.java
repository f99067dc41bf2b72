package io.landshift.ops.cli;

import io.landshift.ops.local.Checks;
import io.landshift.schemas.wire.EventCodec;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Kafka is, and how its records are written. */
final class Broker {
  @Option(
      names = "--bootstrap",
      defaultValue = "127.0.0.1:19092",
      paramLabel = "HOST:PORT",
      description = "Kafka's address; default: that of `landshift up`, ${DEFAULT-VALUE}.")
  private String bootstrap;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description =
          "Base URL of the schema registry whose ids records carry, as `landshift up --registry` says"
              + " it; default: none.")
  private @Nullable URI registry;

  /** How events are written and read on this broker. */
  EventCodec codec() {
    return EventCodec.configured(registry);
  }

  /** The address, whether or not a broker is there. */
  String address() {
    return bootstrap;
  }

  /**
   * The address of a broker that answers.
   *
   * @throws io.landshift.schemas.LandshiftException SERVICE_UNAVAILABLE where none does
   */
  String bootstrap() {
    Checks.requireBroker(bootstrap);
    return bootstrap;
  }
}
