package io.landshift.ops.cli;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.BundleSignature;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.MaskManifest.MaskBand;
import io.landshift.model.bundle.ModelImport;
import io.landshift.model.bundle.ModelKey;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings models in and tells of them. */
@Command(name = "models", description = "Brings models of others in, and tells of those there are.")
final class ModelsCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "import",
      description = {
        "Makes a mask head's bundle around somebody else's ONNX graph.",
        "",
        "FILE is a .onnx file, a zip or Python wheel that holds one, or a manifest (JSON) whose"
            + " field `graph` names the .onnx file beside it. What the graph takes and gives is"
            + " known for the graphs of ukis-csmask 1.0.0; for any other, write a manifest.",
        "",
        "Nothing of FILE is executed. Graphs with weights outside the file or with operators of"
            + " their own are refused.",
        "",
        "Example: pip download --no-deps ukis-csmask==1.0.0, then @|bold landshift models import"
            + " ukis_csmask-1.0.0-py3-none-any.whl --graph model_4b_l2a --as csmask|@, then"
            + " @|bold landshift demo --mask-model landshift-models/csmask|@."
      })
  int importModel(
      @Parameters(paramLabel = "FILE", description = "What to bring in.") Path file,
      @Option(
              names = "--as",
              required = true,
              paramLabel = "NAME",
              description = "Name of the bundle's folder.")
          String name,
      @Option(
              names = "--graph",
              paramLabel = "GRAPH",
              description = "Which graph of an archive, such as model_4b_l2a.")
          @Nullable String graph,
      @Option(
              names = "--manifest",
              paramLabel = "JSON",
              description = "What the graph takes and gives.")
          @Nullable Path manifest,
      @Option(
              names = "--models",
              defaultValue = "landshift-models",
              paramLabel = "DIR",
              description = "Folder of bundles. Default: ${DEFAULT-VALUE}.")
          Path models) {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--as takes letters, digits, '.', '_' and '-', not '" + name + "'");
    }
    Path folder = models.resolve(name);
    if (Files.exists(folder)) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, folder + " exists; remove it or choose another name");
    }
    Map<String, byte[]> files = ModelImport.read(file, graph, manifest);
    try {
      BundleWriter.write(files, folder);
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "cannot write " + folder + ": " + e.getMessage(), e);
    }
    MaskBundle bundle = MaskBundle.load(folder, null);
    ModelRuntime.openMask(bundle, RuntimeOptions.cpu()).close();
    PrintWriter console = spec.commandLine().getOut();
    tell(console, bundle);
    console.println("-> " + folder + ": --mask-model " + folder);
    console.flush();
    return ExitCode.OK;
  }

  @Command(name = "list", description = "Lists the bundles of a folder.")
  int list(
      @Option(
              names = "--models",
              defaultValue = "landshift-models",
              paramLabel = "DIR",
              description = "Folder of bundles. Default: ${DEFAULT-VALUE}.")
          Path models) {
    PrintWriter console = spec.commandLine().getOut();
    for (Path folder : bundles(models)) {
      console.println(folder + "  " + line(folder));
    }
    console.flush();
    return ExitCode.OK;
  }

  @Command(name = "show", description = "Tells what a bundle takes and gives, after its check.")
  int show(
      @Parameters(paramLabel = "BUNDLE", description = "Folder or zip of a bundle.") Path bundle) {
    PrintWriter console = spec.commandLine().getOut();
    tell(console, bundle, null);
    console.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "sign",
      description = {
        "Signs a bundle: checks it and writes SHA256SUMS.sig into its folder.",
        "",
        "The bundle's digest stays what it was. To sign a zip, sign the folder that it is made of"
            + " and make the zip again.",
        "",
        "Keys: @|bold openssl genpkey -algorithm ed25519 -out PRIVATE.pem|@, then @|bold openssl"
            + " pkey -in PRIVATE.pem -pubout -out PUBLIC.pem|@. Whoever runs bundles takes"
            + " PUBLIC.pem, as --model-key."
      })
  int sign(
      @Parameters(paramLabel = "BUNDLE", description = "Folder of a bundle.") Path bundle,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "PRIVATE.pem",
              description = "Private key, Ed25519, PKCS#8 in PEM without a passphrase.")
          Path key) {
    String digest = BundleSignature.sign(bundle, key);
    PrintWriter console = spec.commandLine().getOut();
    console.println("signed " + digest + " -> " + bundle.resolve(BundleSignature.FILE));
    console.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "verify",
      description = "Checks that a bundle is sound and signed, and tells what it takes and gives.")
  int verify(
      @Parameters(paramLabel = "BUNDLE", description = "Folder or zip of a bundle.") Path bundle,
      @Option(
              names = "--model-key",
              required = true,
              paramLabel = "PUBLIC.pem",
              description = "Public key, Ed25519, in PEM.")
          Path key) {
    ModelKey owner = ModelKey.read(key);
    PrintWriter console = spec.commandLine().getOut();
    tell(console, bundle, owner);
    console.println("signed by     " + owner.fingerprint() + " (SHA-256 of the key's DER)");
    console.flush();
    return ExitCode.OK;
  }

  private static List<Path> bundles(Path models) {
    if (!Files.isDirectory(models)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(models)) {
      return entries
          .filter(entry -> Files.isRegularFile(entry.resolve(Bundle.MANIFEST)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "cannot list " + models + ": " + e.getMessage(), e);
    }
  }

  /** One line on a bundle, or on what is wrong with it. */
  private static String line(Path folder) {
    try {
      return MaskBundle.loadAlone(folder, null)
          .map(mask -> "mask head " + mask)
          .orElseGet(() -> "bundle " + Bundle.load(folder));
    } catch (LandshiftException e) {
      return "refused: " + e.getMessage();
    }
  }

  private static void tell(PrintWriter console, Path bundle, @Nullable ModelKey key) {
    MaskBundle.loadAlone(bundle, key)
        .ifPresentOrElse(
            mask -> tell(console, mask),
            () -> tell(console, Bundle.load(bundle, null, BundleLimits.DEFAULT, key)));
  }

  private static void tell(PrintWriter console, Bundle bundle) {
    console.println("bundle        " + bundle.manifest().name());
    console.println("digest        " + bundle.digest());
    console.println("description   " + bundle.manifest().description());
    console.println(
        "scores        " + bundle.manifest().scores().stream().map(each -> each.name()).toList());
    console.println("mask head     " + bundle.mask().map(MaskBundle::toString).orElse("none"));
  }

  private static void tell(PrintWriter console, MaskBundle mask) {
    MaskManifest manifest = mask.manifest();
    console.println("mask head     " + manifest.name() + " (" + manifest.architecture() + ")");
    console.println("digest        " + mask.digest());
    console.println("description   " + manifest.description());
    console.println("licence       " + manifest.licence());
    console.println("origin        " + manifest.origin());
    console.println(
        "bands         " + manifest.bands().stream().map(MaskBand::commonName).toList());
    console.println(
        "classes       "
            + manifest.classes().stream()
                .map(each -> each.name() + " = " + each.meaning())
                .toList());
    console.printf(
        "windows       %d cells of %.0f m, %d shared with neighbours%n",
        manifest.windows().size(), manifest.pixelMetres(), manifest.windows().overlap());
    console.println("opset         " + manifest.opset());
  }
}
