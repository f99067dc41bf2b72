package io.landshift.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.Bundles;
import io.landshift.schemas.FailureReason;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Help that teaches, and exit codes as documented. */
@Tag("it")
class CommandLineIT {
  @TempDir Path folder;

  static Stream<String> commands() {
    return Main.commandLine().getSubcommands().keySet().stream();
  }

  @Test
  void theHelpNamesEveryCommandAndExitCode() {
    // when
    Shell.Ran ran = Shell.run("help");

    // then
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("landshift demo", "landshift detect BEFORE AFTER --out DIR");
    assertThat(commands())
        .contains(
            "demo",
            "detect",
            "up",
            "ingest",
            "alerts",
            "subscribe",
            "dead-letters",
            "models",
            "evaluate",
            "lifecycle",
            "doctor")
        .allSatisfy(command -> assertThat(ran.out()).containsPattern("\n *" + command + " "));
    assertThat(ran.out())
        .containsPattern("Exit codes:\n *0 .*\n *1 .*\n *2 .*\n *3 .*\n *4 .*\n *5 ");
    assertThat(Shell.run().out()).isEqualTo(ran.out());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpOfACommandSaysWhatEachOfItsWordsMeans(String command) {
    // given
    CommandSpec spec = Main.commandLine().getSubcommands().get(command).getCommandSpec();

    // when
    Shell.Ran ran = Shell.run("help", command);

    // then
    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .contains("Usage: landshift " + command)
        .doesNotContain("${", "efault: null");
    assertThat(spec.usageMessage().description()).isNotEmpty();
    for (ArgSpec argument : spec.args()) {
      assertThat(argument.description()).as("%s of %s", argument, command).isNotEmpty();
      assertThat(argument.description()[0]).as("%s of %s", argument, command).isNotBlank();
    }
    spec.options().forEach(option -> assertThat(ran.out()).contains(option.longestName()));
    if (!command.equals("help")) {
      assertThat(Shell.run(command, "--help").out()).isEqualTo(ran.out());
    }
  }

  @Test
  void theVersionIsTold() {
    assertThat(Shell.run("--version").out()).startsWith("landshift ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fly                                    | fly",
        "detect a.tif b.tif                     | --out",
        "detect --out x                         | either a series, two rasters, or --pairs",
        "detect a.tif --pairs b.csv --out x     | either a series, two rasters, or --pairs",
        "detect a b c --out x                   | either a series, two rasters, or --pairs",
        "detect a b --out x --scale much        | much",
        "detect a b --out x --before-date today | today",
        "lifecycle --out x                      | either --series or metric rasters",
        "lifecycle --series a b.tif --out x     | either --series or metric rasters",
        "evaluate --score a.tif                 | --truth",
        "evaluate --score a --truth b --truth c | as many --truth as --score",
        "ingest                                 | SOURCE",
        "ingest a --stac http://a.org           | one of SOURCE, --stac and --listen",
        "ingest --stac http://a.org             | --datetime",
        "ingest --listen here                   | HOST:PORT",
        "demo --from http://a.org               | --bbox",
        "subscribe                              | ID",
        "alerts --status lost                   | lost",
        "up --slots many                        | many",
        "up --provider gpu                      | cuda",
        "bench model --provider cuda --device x | --device",
        "demo --speed 2                         | --speed"
      })
  void aWrongCommandLineIsExplained(String words, String named) {
    // when
    Shell.Ran ran = Shell.run((Object[]) words.split(" "));

    // then
    assertThat(ran.code()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err()).contains(named);
    assertThat(ran.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "lifecycle --series DIR/none.jsonl --out DIR/out",
    "detect --pairs DIR/none.csv --out DIR/out",
    "detect DIR/none --out DIR/out",
    "ingest DIR/none --bootstrap 127.0.0.1:1"
  })
  void anInputThatIsMissingIsNamed(String words) {
    // when
    Shell.Ran ran = Shell.run((Object[]) words.replace("DIR", folder.toString()).split(" "));

    // then
    assertThat(ran.code()).as(ran.err()).isEqualTo(3);
    assertThat(ran.err()).contains(folder + "/none").doesNotContain("\tat ");
  }

  @Test
  void pushingFromElsewhereNeedsAToken() {
    // when
    Shell.Ran ran = Shell.run("ingest", "--listen", "0.0.0.0:0", "--bootstrap", "127.0.0.1:1");

    // then
    assertThat(ran.code()).as(ran.err()).isEqualTo(5);
    assertThat(ran.err()).contains("--token-file");
  }

  @Test
  void aFolderThatHoldsNoSeriesIsAnInputThatIsBroken() throws Exception {
    // given
    Files.writeString(folder.resolve("notes.txt"), "no scene");

    // when
    Shell.Ran ran = Shell.run("detect", folder, "--out", folder.resolve("out"));

    // then
    assertThat(ran.code()).as(ran.err()).isEqualTo(3);
    assertThat(ran.err()).contains(folder.toString());
  }

  @Test
  void aModelThatIsMissingIsAModelsFault() {
    // when
    Shell.Ran ran = Shell.run("up", "--data", folder, "--model", folder.resolve("none.zip"));

    // then
    assertThat(ran.code()).as(ran.err()).isEqualTo(4);
    assertThat(ran.err()).contains("none.zip");
  }

  private void writePem(String name, String label, Key key) throws IOException {
    String base64 = Base64.getEncoder().encodeToString(key.getEncoded());
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label));
  }

  @Test
  void aModelIsSignedAndThenTakenWhereAKeyIsNamedAndNowhereBefore() throws Exception {
    // given
    Bundle baseline = Bundles.spectralBaseline();
    Map<String, byte[]> files = new HashMap<>();
    baseline.paths().forEach(path -> files.put(path, baseline.file(path)));
    Path bundle = folder.resolve("bundle");
    BundleWriter.write(files, bundle);
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    writePem("private.pem", "PRIVATE KEY", keys.getPrivate());
    writePem("public.pem", "PUBLIC KEY", keys.getPublic());
    Path privatePem = folder.resolve("private.pem");
    Path publicPem = folder.resolve("public.pem");

    for (String start : List.of("demo", "up --data " + folder, "bench model")) {
      for (String option : List.of("--model", "--mask-model")) {
        if (option.equals("--model") || !start.startsWith("bench")) {
          // when
          List<Object> words = new ArrayList<>(List.of((Object[]) start.split(" ")));
          words.addAll(List.of(option, bundle, "--model-key", publicPem));
          Shell.Ran unsigned = Shell.run(words.toArray());

          // then
          assertThat(unsigned.code()).as(start + option + unsigned.err()).isEqualTo(4);
          assertThat(unsigned.err()).contains("MODEL_SIGNATURE_INVALID", "landshift models sign");
        }
      }
    }

    // when
    Shell.Ran signed = Shell.run("models", "sign", bundle, "--key", privatePem);
    Shell.Ran verified = Shell.run("models", "verify", bundle, "--model-key", publicPem);
    Shell.Ran swapped = Shell.run("models", "verify", bundle, "--model-key", privatePem);
    Shell.Ran zip = Shell.run("models", "sign", publicPem, "--key", privatePem);

    // then
    assertThat(signed.code()).as(signed.err()).isZero();
    assertThat(signed.out()).contains(baseline.digest(), "SHA256SUMS.sig");
    assertThat(verified.code()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("spectral-baseline", baseline.digest(), "signed by");
    assertThat(swapped.code()).isEqualTo(4);
    assertThat(swapped.err()).contains("no Ed25519 public key");
    assertThat(zip.code()).isEqualTo(4);
    assertThat(zip.err()).contains("sign the bundle's folder");
    String secret = Files.readAllLines(privatePem).get(1);
    assertThat(signed.out() + signed.err() + swapped.err()).doesNotContain(secret.substring(24));
  }

  @Test
  void aGpuThatIsNotThereIsNotReplacedUnlessAsked() throws Exception {
    // given: no machine has so many
    List<Object> words =
        List.of("bench", "model", "--provider", "cuda", "--device", 999, "--noise", "--batch", 2);
    List<Object> rest =
        List.of("--fallback", "--windows", 1, "--seconds", 0.01, "--runs", 1, "--out", folder);

    // when
    Shell.Ran refused = Shell.run(words.toArray());
    Shell.Ran replaced = Shell.run(Stream.of(words, rest).flatMap(List::stream).toArray());

    // then
    assertThat(refused.code()).as(refused.err()).isEqualTo(4);
    assertThat(refused.err()).contains("PROVIDER_UNAVAILABLE", "CUDA device 999", "--fallback");
    assertThat(replaced.code()).as(replaced.err()).isZero();
    assertThat(replaced.err()).contains("models run on the processor: CUDA device 999");
    JsonNode result = new ObjectMapper().readTree(folder.resolve("model.json").toFile());
    assertThat(result.get("provider").asText()).isEqualTo("cpu");
    assertThat(result.at("/models/1/name").asText()).isEqualTo("conv-encoder");
    assertThat(replaced.out()).contains("| cpu | 2 | encoder |");
  }

  @Test
  void aPlaceThatCannotBeWrittenToIsStoragesFault() throws Exception {
    // given
    Path in = folder.resolve("in.jsonl");
    Files.writeString(in, "{\"days\": [1], \"metric\": [0.5]}\n");

    // when
    Shell.Ran ran = Shell.run("lifecycle", "--series", in, "--out", in.resolve("out.jsonl"));

    // then
    assertThat(ran.code()).as(ran.err()).isEqualTo(5);
    assertThat(ran.err()).contains("out.jsonl");
  }

  @Test
  void aPortThatIsTakenIsStoragesFault() throws Exception {
    // given
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      // when
      Shell.Ran ran = Shell.run("up", "--data", folder, "--port", taken.getLocalPort());

      // then
      assertThat(ran.code()).as(ran.err()).isEqualTo(5);
      assertThat(ran.err()).contains(String.valueOf(taken.getLocalPort()));
    }
  }

  @ParameterizedTest
  @CsvSource({"alerts", "subscribe someone", "subscribe someone --cancel", "ingest DIR"})
  void aBrokerThatIsNotThereIsSaidSoSoon(String words) throws Exception {
    // given: a source that could be announced
    Files.writeString(
        folder.resolve("series.json"),
        "{\"scenes\": [{\"file\": \"a.tif\", \"date\": \"2020-01-01\"}]}");
    String line = words.replace("DIR", folder.toString()) + " --bootstrap 127.0.0.1:1";
    long started = System.nanoTime();

    // when
    Shell.Ran ran = Shell.run((Object[]) line.split(" "));

    // then
    assertThat(ran.code()).as(ran.err()).isEqualTo(5);
    assertThat(ran.err())
        .contains("no Kafka at 127.0.0.1:1; `landshift up` starts one")
        .doesNotContain("\tat ");
    assertThat((System.nanoTime() - started) / 1e9).isLessThan(30);
  }

  @ParameterizedTest
  @EnumSource
  void everyReasonHasADocumentedExitCode(FailureReason reason) {
    List<String> documented =
        List.copyOf(Main.commandLine().getCommandSpec().usageMessage().exitCodeList().keySet());
    assertThat(documented).contains(String.valueOf(ExitCode.of(reason))).hasSize(6);
    assertThat(ExitCode.of(reason)).isNotZero().isNotEqualTo(CommandLine.ExitCode.USAGE);
  }

  @Test
  void theDoctorsFindingsAreJsonWhereAsked() throws Exception {
    // when
    Shell.Ran ran = Shell.run("doctor", "--json", "--bootstrap", "127.0.0.1:1");

    // then: no broker is no fault of the machine
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(5);
    for (String line : lines) {
      JsonNode finding = new ObjectMapper().readTree(line);
      assertThat(finding.get("detail").asText()).isNotEmpty();
      boolean broker = finding.get("check").asText().equals("broker");
      assertThat(finding.get("ok").asBoolean()).as(line).isEqualTo(!broker);
    }
    assertThat(ran.code()).isZero();
  }
}
