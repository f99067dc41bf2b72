package io.landshift.ops.cli;

import io.landshift.detection.ClusterOptions;
import io.landshift.detection.DetectionSettings;
import io.landshift.detection.DetectionSettings.Product;
import io.landshift.model.bundle.Bundle;
import io.landshift.ops.local.ApicurioRegistry;
import io.landshift.ops.local.EmbeddedKafka;
import io.landshift.ops.local.LocalStack;
import io.landshift.ops.local.Logging;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the whole system in this process until it is told to end. */
@Command(
    name = "up",
    description = {
      "Runs broker, detection and alerts in this process until Ctrl-C.",
      "",
      "All that must survive lies in --data: a later `up` on the same folder goes on where this one"
          + " stopped, also after a crash. Give it scenes with `landshift ingest SOURCE`."
    })
final class UpCommand implements Callable<Integer> {
  private static final String HERE = "here";

  @Mixin private MaskModelOption maskModel;
  @Mixin private RegistrationOption registration;
  @Mixin private ProviderOption provider;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--data",
      defaultValue = "landshift-data",
      paramLabel = "DIR",
      description = "Folder of everything. Default: ${DEFAULT-VALUE}.")
  private Path data;

  @Option(
      names = "--port",
      defaultValue = "19092",
      description = "Port of Kafka. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--slots",
      defaultValue = "2",
      description = "Slots of Flink. Default: ${DEFAULT-VALUE}.")
  private int slots;

  @Option(
      names = "--state",
      defaultValue = "ROCKSDB",
      description = "Where Flink keeps state: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private ClusterOptions.StateBackend state;

  @Mixin private ModelOption model;

  @Option(
      names = "--probabilities",
      description = "Write the probability of each land cover class, too.")
  private boolean probabilities;

  @Mixin private NetworkOptions network;

  @Option(
      names = "--registry",
      arity = "0..1",
      fallbackValue = HERE,
      paramLabel = "URL",
      description =
          "Write records with the ids of a schema registry (Confluent's HTTP API): the one at this URL,"
              + " or without URL an Apicurio that is started here, on --port + 2 and + 3.")
  private @Nullable String registry;

  @Override
  public Integer call() throws InterruptedException {
    Logging.toFile(data.resolve("landshift.log"));
    DetectionSettings settings =
        DetectionSettings.standard(data.resolve("store"), data.resolve("products"))
            .withRemote(network.settings());
    if (probabilities) {
      Set<Product> products = EnumSet.copyOf(settings.products());
      products.add(Product.PROBABILITIES);
      settings = settings.withProducts(products);
    }
    Bundle bundle = model.bundle();
    settings =
        model
            .in(settings, bundle)
            .withMaskModel(maskModel.model(model.key()))
            .withRegistrationLimit(registration.limit())
            .withRuntime(provider.settle(bundle));
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stop, stopped)));
    try (ApicurioRegistry own =
            HERE.equals(registry)
                ? ApicurioRegistry.start(
                    ApicurioRegistry.installed(), data.resolve("registry"), port + 2, port + 3)
                : null;
        LocalStack stack = LocalStack.start(options(own), settings)) {
      if (own != null) {
        spec.commandLine().getOut().println("registry: " + own.url());
      }
      spec.commandLine().getOut().println("up: " + stack.bootstrapServers() + ", Ctrl-C ends it");
      spec.commandLine().getOut().flush();
      stop.await();
    } finally {
      stopped.countDown();
    }
    return ExitCode.OK;
  }

  private LocalStack.Options options(@Nullable ApicurioRegistry own) {
    URI url = own != null ? own.url() : registry == null ? null : URI.create(registry);
    return new LocalStack.Options(data, new EmbeddedKafka.Ports(port, port + 1), slots, state, url);
  }

  /** The process ends when this returns, so it waits until everything is closed. */
  private static void end(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
