package io.landshift.detection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * A Flink cluster inside this process that runs the detection job between topics.
 *
 * <p>The job goes on from the newest checkpoint or savepoint in its folder. Owns its threads;
 * {@link #close} stops them without a savepoint, which loses nothing: what was in flight is done
 * again.
 */
public final class DetectionCluster implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /**
   * A checkpoint waits for what each operator is busy with, and for a savepoint the scene that is
   * being read is read to its end. After Flink's own ten minutes it would give up and restart the
   * job, which a tile over a slow line would never survive.
   */
  private static final Duration CHECKPOINT_TIMEOUT = Duration.ofHours(2);

  /**
   * Flink lets ten of these wait between two subtasks: room for the chunks of some scenes, so that
   * the operator in front is through with them at once and hears of a checkpoint.
   */
  private static final MemorySize NETWORK_BUFFER = MemorySize.parse("128kb");

  private final ClusterOptions options;
  private final MiniCluster cluster;
  private final JobID job;

  private DetectionCluster(ClusterOptions options, MiniCluster cluster, JobID job) {
    this.options = options;
    this.cluster = cluster;
    this.job = job;
  }

  /**
   * Starts the cluster and the job, and returns once every operator runs.
   *
   * @param bootstrap the brokers
   * @param registryUrl the schema registry, or an empty text
   * @throws IllegalStateException if the job does not start
   */
  public static DetectionCluster start(
      ClusterOptions options, DetectionSettings settings, String bootstrap, String registryUrl) {
    Configuration configuration = configuration(options);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(options.taskManagers())
                .setNumSlotsPerTaskManager(options.slots())
                .build(),
            SharedRpc::borrowed);
    JobID job = JobID.generate();
    DetectionCluster started = new DetectionCluster(options, cluster, job);
    try {
      cluster.start();
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.getExecutionEnvironment(configuration);
      env.setParallelism(options.taskManagers() * options.slots());
      KafkaDetection.attach(env, settings, bootstrap, registryUrl);
      StreamGraph graph = env.getStreamGraph();
      graph.setJobId(job);
      graph.setJobName("landshift-detection");
      newestCheckpoint(options.checkpoints())
          .ifPresent(path ->
              graph.setSavepointRestoreSettings(
                  // Claimed: deleted by the job once it has newer ones.
                  SavepointRestoreSettings.forPath(
                      path.toUri().toString(), false, RecoveryClaimMode.CLAIM)));
      cluster.submitJob(graph).get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      started.awaitRunning();
      return started;
    } catch (Exception e) {
      started.close();
      throw new IllegalStateException("the detection job does not start: " + e.getMessage(), e);
    }
  }

  static Configuration configuration(ClusterOptions options) {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, options.checkpointInterval());
    configuration.set(
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, options.checkpoints().toUri().toString());
    configuration.set(
        CheckpointingOptions.SAVEPOINT_DIRECTORY, options.checkpoints().toUri().toString());
    configuration.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, CHECKPOINT_TIMEOUT);
    // A barrier overtakes the chunks that wait before an operator instead of queueing behind them.
    configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
    configuration.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, NETWORK_BUFFER);
    MemorySize network = networkMemory(options);
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, network);
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, network);
    configuration.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 2);
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    // Of the state on disk only what changed is written, not all of it each time.
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    configuration.set(StateBackendOptions.STATE_BACKEND, options.stateBackend().flinkName());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofMillis(200));
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, options.slots());
    return configuration;
  }

  /** Of one task manager: every subtask is connected to every other, over some twenty edges. */
  private static MemorySize networkMemory(ClusterOptions options) {
    int parallelism = options.taskManagers() * options.slots();
    return MemorySize.ofMebiBytes(64 + 4L * options.slots() * parallelism);
  }

  /** The newest complete checkpoint or savepoint below a folder. */
  private static Optional<Path> newestCheckpoint(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder, 4)) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
          .map(Path::getParent);
    }
  }

  private void awaitRunning() throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (status() != JobStatus.RUNNING) {
      if (status().isTerminalState() || System.nanoTime() > deadline) {
        throw new IllegalStateException("the job is " + status());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private JobStatus status() throws InterruptedException, ExecutionException {
    return cluster.getJobStatus(job).get();
  }

  /** Whether the job is working, or about to after a failure. */
  public boolean isAlive() {
    try {
      return !status().isTerminalState();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      return false;
    }
  }

  /** Stops the job with a savepoint in the checkpoint folder, from which a later start goes on. */
  public Path stopWithSavepoint() throws ExecutionException, InterruptedException {
    String savepoint =
        cluster
            .stopWithSavepoint(
                job, options.checkpoints().toUri().toString(), false, SavepointFormatType.CANONICAL)
            .get();
    return Path.of(java.net.URI.create(savepoint));
  }

  /**
   * Ends a task manager, which fails everything that it runs; for tests of recovery.
   *
   * @param index counted from 0 in the order of their start; a dead one keeps its number
   */
  public void killTaskManager(int index) throws ExecutionException, InterruptedException {
    cluster.terminateTaskManager(index).get();
  }

  /** Adds a task manager, as a resource manager would after a loss; for tests of recovery. */
  public void addTaskManager() throws Exception {
    cluster.startTaskManager();
  }

  /** How often the job was restarted in this cluster after a failure. */
  public int restarts() throws ExecutionException, InterruptedException {
    int attempts = 0;
    for (AccessExecutionVertex task :
        cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
      attempts = Math.max(attempts, task.getCurrentExecutionAttempt().getAttemptNumber());
    }
    return attempts;
  }

  /**
   * The last checkpoint that was completed.
   *
   * @param id counts upwards
   * @param bytes of state in it
   * @param milliseconds from its trigger to its completion
   */
  public record Checkpoint(long id, long bytes, long milliseconds) {}

  /** The last checkpoint that was completed; of zeros before the first. */
  public Checkpoint lastCheckpoint() throws ExecutionException, InterruptedException {
    CheckpointStatsSnapshot statistics =
        cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
    CompletedCheckpointStats last =
        statistics == null ? null : statistics.getHistory().getLatestCompletedCheckpoint();
    return last == null
        ? new Checkpoint(0, 0, 0)
        : new Checkpoint(last.getCheckpointId(), last.getStateSize(), last.getEndToEndDuration());
  }

  @Override
  public void close() {
    try {
      cluster.closeAsync().get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Flink does not stop: " + e.getMessage(), e);
    }
  }
}
