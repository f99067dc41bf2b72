package io.landshift.ops.cli;

import io.landshift.ops.local.Checks;
import picocli.CommandLine.Option;

/** Where Kafka is. */
final class Broker {
  @Option(
      names = "--bootstrap",
      defaultValue = "127.0.0.1:19092",
      paramLabel = "HOST:PORT",
      description = "Kafka's address; default: that of `landshift up`, ${DEFAULT-VALUE}.")
  private String bootstrap;

  /** The address, whether or not a broker is there. */
  String address() {
    return bootstrap;
  }

  /**
   * The address of a broker that answers.
   *
   * @throws io.landshift.schemas.LandshiftException STORAGE_UNAVAILABLE where none does
   */
  String bootstrap() {
    Checks.requireBroker(bootstrap);
    return bootstrap;
  }
}
