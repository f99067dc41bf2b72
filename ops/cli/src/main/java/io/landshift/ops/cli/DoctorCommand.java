package io.landshift.ops.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ops.local.Checks;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what this machine has and lacks. */
@Command(
    name = "doctor",
    description =
        "Checks what Landshift needs of this machine, and says what to do where it lacks.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private Broker broker;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Checks.Finding> findings = Checks.run(broker.address());
    for (Checks.Finding finding : findings) {
      if (json) {
        ObjectNode line = new ObjectMapper().createObjectNode();
        line.put("check", finding.check()).put("ok", finding.ok()).put("detail", finding.detail());
        out.println(line);
      } else {
        out.printf(
            "%-4s %-14s %s%n", finding.ok() ? "ok" : "NO", finding.check(), finding.detail());
      }
    }
    out.flush();
    boolean well = findings.stream().allMatch(finding -> finding.ok() || !finding.needed());
    return well ? ExitCode.OK : ExitCode.FAILED;
  }
}
