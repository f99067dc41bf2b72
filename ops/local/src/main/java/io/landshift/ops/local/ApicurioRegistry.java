package io.landshift.ops.local;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Apicurio Registry as a child process, reachable from this machine only: a schema registry that
 * speaks the Confluent-compatible HTTP API.
 *
 * <p>Its schemas and their ids lie in a folder; one that is started on the folder of an earlier one
 * has the same. The child ends with {@link #close}, and also when this process dies. It takes about
 * 260 MB and starts in 6 to 10 seconds. Thread-safe.
 */
public final class ApicurioRegistry implements AutoCloseable {
  /** System property: the folder of the unpacked program. */
  static final String PROPERTY = "landshift.registry";

  private static final String HOST = "127.0.0.1";
  private static final String PROGRAM = "quarkus-run.jar";
  private static final Duration START_WITHIN = Duration.ofMinutes(2);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  /** One that starts well answers no error: before its API works, nobody listens on its port. */
  private static final Duration ERRORS_FOR = Duration.ofSeconds(3);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int SILENCE = -1;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final Process child;
  private final URI url;

  private ApicurioRegistry(Process child, URI url) {
    this.child = child;
    this.url = url;
  }

  /**
   * The folder of the program that the launcher has fetched.
   *
   * @throws LandshiftException ASSET_MISSING where it has not
   */
  public static Path installed() {
    @Nullable String folder = System.getProperty(PROPERTY);
    if (folder == null || !Files.exists(Path.of(folder, PROGRAM))) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING,
          ("there is no Apicurio Registry (-D%s=%s): the launcher ./landshift fetches it; or name a"
                  + " registry that runs, --registry URL")
              .formatted(PROPERTY, folder));
    }
    return Path.of(folder);
  }

  /**
   * Starts the registry and returns when it answers.
   *
   * @param program folder of the unpacked program
   * @param folder where it keeps all it has; made where it is missing
   * @param port of its API
   * @param managementPort of its health and metrics
   * @throws LandshiftException STORAGE_UNAVAILABLE where a port is taken, SERVICE_UNAVAILABLE where
   *     it ends, does not answer, or answers with errors only, as it does where it cannot open its
   *     database; its log in the folder says why
   */
  public static ApicurioRegistry start(Path program, Path folder, int port, int managementPort) {
    Path log = folder.resolve("registry.log");
    try {
      awaitFree(port);
      awaitFree(managementPort);
      Files.createDirectories(folder);
      Process child =
          new ProcessBuilder(command(program, folder, port, managementPort))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      URI url = URI.create("http://%s:%d/apis/ccompat/v7".formatted(HOST, port));
      ApicurioRegistry registry = new ApicurioRegistry(child, url);
      try {
        registry.awaitAnswer(log);
        return registry;
      } catch (RuntimeException | InterruptedException e) {
        registry.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed("cannot be started: " + e.getMessage(), log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was not waited for", log, e);
    }
  }

  /** The child of a process that was killed a moment ago may be about to end. */
  private static void awaitFree(int port) throws InterruptedException {
    long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
    while (true) {
      try {
        EmbeddedKafka.requireFree(port);
        return;
      } catch (LandshiftException taken) {
        if (System.nanoTime() > deadline) {
          throw taken;
        }
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
  }

  private static List<String> command(Path program, Path folder, int port, int managementPort) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dquarkus.http.host=" + HOST,
        "-Dquarkus.http.port=" + port,
        "-Dquarkus.http.access-log.enabled=false",
        // It would listen on every address.
        "-Dquarkus.management.host=" + HOST,
        "-Dquarkus.management.port=" + managementPort,
        "-Dapicurio.storage.kind=sql",
        "-Dapicurio.storage.sql.kind=h2",
        "-Dapicurio.datasource.url=jdbc:h2:file:" + folder.toAbsolutePath().resolve("schemas"),
        "-cp",
        program.toAbsolutePath().resolve(PROGRAM) + File.pathSeparator + ownClasses(),
        GuardedChild.class.getName(),
        "io.quarkus.bootstrap.runner.QuarkusEntryPoint");
  }

  private static String ownClasses() {
    try {
      return Path.of(GuardedChild.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitAnswer(Path log) throws InterruptedException {
    long started = System.nanoTime();
    long silentUntil = started;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/subjects")).timeout(ANSWER_WITHIN).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      int status = answer(client, request);
      while (status != 200) {
        if (!child.isAlive()) {
          throw failed("ended with exit status " + child.exitValue(), log, null);
        }
        long now = System.nanoTime();
        silentUntil = status == SILENCE ? now : silentUntil;
        if (now - silentUntil > ERRORS_FOR.toNanos()) {
          throw failed("answers " + status, log, null);
        }
        if (now - started > START_WITHIN.toNanos()) {
          throw failed("does not answer after " + START_WITHIN.toSeconds() + " s", log, null);
        }
        TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        status = answer(client, request);
      }
    }
  }

  /** The HTTP status, or {@link #SILENCE}. */
  private static int answer(HttpClient client, HttpRequest request) throws InterruptedException {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return SILENCE; // Not yet.
    }
  }

  /** The base URL, as clients of the Confluent-compatible API want it. */
  public URI url() {
    return url;
  }

  @Override
  public void close() {
    child.destroy();
    try {
      if (!child.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        child.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static LandshiftException failed(String what, Path log, @Nullable Throwable cause) {
    return new LandshiftException(
        FailureReason.SERVICE_UNAVAILABLE,
        "the schema registry %s: see %s".formatted(what, log),
        cause);
  }
}
