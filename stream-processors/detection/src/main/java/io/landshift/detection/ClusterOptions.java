package io.landshift.detection;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How Flink runs inside this process.
 *
 * @param taskManagers how many; each can be lost on its own
 * @param slots of each task manager
 * @param checkpoints folder for checkpoints and savepoints
 * @param checkpointInterval results become visible this often
 * @param stateBackend where state is kept between checkpoints
 */
public record ClusterOptions(
    int taskManagers,
    int slots,
    Path checkpoints,
    Duration checkpointInterval,
    StateBackend stateBackend) {

  /** Where state is kept between checkpoints. */
  public enum StateBackend {
    /** On the heap: fast while it is small, and written whole at each checkpoint. */
    HASHMAP("hashmap"),
    /** On local disk: checkpoints write what changed since the one before. */
    ROCKSDB("rocksdb");

    private final String flinkName;

    StateBackend(String flinkName) {
      this.flinkName = flinkName;
    }

    String flinkName() {
      return flinkName;
    }
  }
}
