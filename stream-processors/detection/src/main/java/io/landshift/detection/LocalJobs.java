package io.landshift.detection;

import java.util.stream.Stream;
import org.apache.flink.client.deployment.executors.LocalExecutor;
import org.apache.flink.client.deployment.executors.LocalExecutorFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Flink's executor of jobs in this process, which share their RPC classes ({@link SharedRpc}). */
final class LocalJobs extends LocalExecutorFactory implements PipelineExecutorServiceLoader {
  private LocalJobs() {}

  /** As {@link StreamExecutionEnvironment#createLocalEnvironment(int, Configuration)}. */
  static StreamExecutionEnvironment environment(int parallelism, Configuration configuration) {
    Configuration local = new Configuration(configuration);
    local.set(DeploymentOptions.TARGET, LocalExecutor.NAME);
    local.set(DeploymentOptions.ATTACHED, true);
    StreamExecutionEnvironment environment =
        new StreamExecutionEnvironment(new LocalJobs(), local, null);
    environment.setParallelism(parallelism);
    return environment;
  }

  @Override
  public PipelineExecutor getExecutor(Configuration configuration) {
    return LocalExecutor.createWithFactory(
        configuration, cluster -> new MiniCluster(cluster, SharedRpc::borrowed));
  }

  @Override
  public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
    return this;
  }

  @Override
  public Stream<String> getExecutorNames() {
    return Stream.of(getName());
  }
}
