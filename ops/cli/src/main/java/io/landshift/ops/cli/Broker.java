package io.landshift.ops.cli;

import picocli.CommandLine.Option;

/** Where Kafka is. */
final class Broker {
  @Option(
      names = "--bootstrap",
      defaultValue = "127.0.0.1:19092",
      paramLabel = "HOST:PORT",
      description = "Kafka's address; default: that of `landshift up`, ${DEFAULT-VALUE}.")
  private String bootstrap;

  String bootstrap() {
    return bootstrap;
  }
}
