package io.landshift.ops.local;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka in this process: one node that is broker and controller, reachable from this machine
 * only.
 *
 * <p>Its records and its identity lie in a folder; a broker started on the folder of an earlier one
 * goes on where that one stopped. One broker at a time owns a folder. Thread-safe. The broker holds
 * about 45 MB of heap, 80 threads and the folder's files until it is closed.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int NODE = 1;
  private static final String CONTROLLER = "CONTROLLER";
  private static final String BROKER = "PLAINTEXT";

  /**
   * The two ports of the node on the loopback address.
   *
   * @param broker where clients connect, 1..65535
   * @param controller where the node talks to itself, 1..65535, another than the broker's
   */
  public record Ports(int broker, int controller) {
    /** The ports of the product; not Kafka's own, so that both can run on one machine. */
    public static final Ports STANDARD = new Ports(19092, 19093);

    public Ports {
      if (broker < 1 || broker > 65535 || controller < 1 || controller > 65535) {
        throw new IllegalArgumentException("ports are 1..65535: " + broker + ", " + controller);
      }
      if (broker == controller) {
        throw new IllegalArgumentException("broker and controller need different ports: " + broker);
      }
    }

    /**
     * Two ports that nobody uses now. Another process may take them before the broker does, which
     * is rare and shows when the broker starts.
     */
    public static Ports free() {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      try (ServerSocket one = new ServerSocket(0, 1, loopback);
          ServerSocket other = new ServerSocket(0, 1, loopback)) {
        return new Ports(one.getLocalPort(), other.getLocalPort());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final KafkaRaftServer server;
  private final Ports ports;
  private final FileChannel owner;

  private EmbeddedKafka(KafkaRaftServer server, Ports ports, FileChannel owner) {
    this.server = server;
    this.ports = ports;
    this.owner = owner;
  }

  /**
   * Starts a broker and returns when it takes requests, after 1 to 5 seconds.
   *
   * <p>Where the broker fails later, for example because its disk is full, Kafka ends the process;
   * it then says so on standard error. A new start goes on from there.
   *
   * @param directory where the broker keeps all it has; made where it is missing
   * @throws LandshiftException STORAGE_UNAVAILABLE where a port is taken, or the directory cannot
   *     be used, is not a broker's, or is in use by another broker
   */
  public static EmbeddedKafka start(Path directory, Ports ports) {
    requireFree(ports.broker());
    requireFree(ports.controller());
    announceTheEnd();
    FileChannel owner = own(directory);
    try {
      format(directory);
      return new EmbeddedKafka(startServer(configuration(directory, ports)), ports, owner);
    } catch (Exception e) {
      release(owner);
      throw unusable(directory, e);
    }
  }

  private static KafkaRaftServer startServer(Properties properties) {
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    try {
      server.startup();
    } catch (RuntimeException e) {
      server.shutdown();
      throw e;
    }
    return server;
  }

  /** Host and port, as clients want it in {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return HOST + ":" + ports.broker();
  }

  /** The ports on which this broker listens. */
  public Ports ports() {
    return ports;
  }

  /**
   * Stops the broker cleanly: the next start on its folder needs no recovery. Harmless if repeated.
   */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    release(owner);
  }

  /**
   * Kafka ends the whole process where its broker cannot go on, and says so in its log only. (Kafka
   * has this hook once per process.)
   */
  private static void announceTheEnd() {
    Exit.setHaltProcedure((status, message) -> {
      System.err.println(
          "error: the embedded Kafka failed and the process ends; why is at the end of the log"
              + " (usually a full disk). A new start goes on from here.");
      Runtime.getRuntime().halt(status);
    });
  }

  /**
   * Kafka would end the process over a folder in use, too; so we lock the folder before it does.
   */
  private static FileChannel own(Path directory) {
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve(".landshift.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Held by a broker of this same process: as if another held it.
    } catch (IOException e) {
      throw unusable(directory, e);
    }
    release(channel);
    throw unusable(directory, new IOException("another broker uses it"));
  }

  private static void release(@Nullable FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kafka ends the process where it cannot bind, too. */
  static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As Kafka does: connections of an earlier broker that the system still remembers do not
      // count.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE,
          "port "
              + port
              + " is in use: stop the other program (perhaps another Landshift), or choose another"
              + " port for the embedded Kafka",
          e);
    }
  }

  /** Gives the folder its identity, once; a folder that has one is left as it is. */
  private static void format(Path directory) throws Exception {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(NODE)
        .setDirectories(List.of(directory.toString()))
        .setMetadataLogDirectory(directory.toString())
        .setControllerListenerName(CONTROLLER)
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
        .run();
  }

  private static Properties configuration(Path directory, Ports ports) {
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "node.id",
            Integer.toString(NODE),
            "controller.quorum.voters",
            NODE + "@" + HOST + ":" + ports.controller(),
            "listeners",
            listener(BROKER, ports.broker()) + "," + listener(CONTROLLER, ports.controller()),
            "advertised.listeners",
            listener(BROKER, ports.broker()),
            "listener.security.protocol.map",
            BROKER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT",
            "controller.listener.names",
            CONTROLLER,
            "inter.broker.listener.name",
            BROKER,
            "log.dirs",
            directory.toString(),
            // Topics are created from the catalogue only: a typo must not become a topic.
            "auto.create.topics.enable",
            "false"));
    // One node: Kafka's own topics cannot have three replicas, and need no 50 partitions.
    properties.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.state.log.num.partitions", "1",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "share.coordinator.state.topic.num.partitions", "1"));
    // A guest in this process: little memory and few threads, and nobody to wait for.
    properties.putAll(
        Map.of(
            "log.cleaner.dedupe.buffer.size", "2097152",
            "num.network.threads", "1",
            "num.io.threads", "2",
            "group.initial.rebalance.delay.ms", "0",
            // A broker that was killed is waited for before its successor may start.
            "broker.session.timeout.ms", "6000",
            "log.dir.failure.timeout.ms", "1000"));
    return properties;
  }

  private static String listener(String name, int port) {
    return name + "://" + HOST + ":" + port;
  }

  private static LandshiftException unusable(Path directory, Throwable cause) {
    return new LandshiftException(
        FailureReason.STORAGE_UNAVAILABLE,
        "the broker's folder "
            + directory
            + " cannot be used ("
            + cause.getMessage()
            + "): make it writable, stop the Landshift that uses it, or choose another data folder",
        cause);
  }
}
