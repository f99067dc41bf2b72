package io.landshift.detection;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.Detection;
import io.landshift.schemas.ModelRelease;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** The detection job over a list of scenes, in this process: the same operators, bounded input. */
public final class BoundedDetection {
  private BoundedDetection() {}

  /** Everything that the job said, each list in the order in which it was said. */
  public record Results(
      List<Detection> detections, List<SceneOutcome> outcomes, List<DeadLetter> deadLetters) {}

  /**
   * Runs the job to its end.
   *
   * @param scenes in the order in which they arrive
   * @param parallelism slots
   * @param progress is told each outcome as it comes
   * @throws IllegalStateException if the job fails
   */
  public static Results run(
      List<SceneAvailable> scenes,
      DetectionSettings settings,
      int parallelism,
      Consumer<SceneOutcome> progress) {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    try (StreamExecutionEnvironment env = LocalJobs.environment(parallelism, configuration)) {
      env.setRuntimeMode(RuntimeExecutionMode.STREAMING);
      DataStream<SceneAvailable> source =
          env.fromData(scenes, TypeInformation.of(SceneAvailable.class)).setParallelism(1);
      DataStream<ModelRelease> releases =
          source
              .<ModelRelease>flatMap((scene, out) -> {})
              .returns(TypeInformation.of(ModelRelease.class));
      DetectionJob.Results results = DetectionJob.build(source, releases, settings);
      try (CloseableIterator<Detection> detections = results.detections().collectAsync();
          CloseableIterator<SceneOutcome> outcomes = results.outcomes().collectAsync();
          CloseableIterator<DeadLetter> deadLetters = results.deadLetters().collectAsync()) {
        JobClient job = env.executeAsync("landshift-detect");
        List<SceneOutcome> heard = new ArrayList<>();
        outcomes.forEachRemaining(outcome -> {
          heard.add(outcome);
          progress.accept(outcome);
        });
        Results all = new Results(drain(detections), heard, drain(deadLetters));
        job.getJobExecutionResult().get();
        return all;
      }
    } catch (Exception e) {
      throw new IllegalStateException("the detection job failed: " + e.getMessage(), e);
    }
  }

  private static <T> List<T> drain(CloseableIterator<T> iterator) {
    List<T> items = new ArrayList<>();
    iterator.forEachRemaining(items::add);
    return items;
  }
}
