package io.landshift.ops.cli;

import picocli.CommandLine.Help.Ansi;

/** Where output goes. */
final class Terminal {
  private Terminal() {}

  /** Whether a person watches: picocli knows the ways in which the JDKs tell. */
  static boolean isThere() {
    return Ansi.AUTO.enabled();
  }
}
