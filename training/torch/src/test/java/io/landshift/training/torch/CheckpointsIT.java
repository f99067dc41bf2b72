package io.landshift.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.LossOps;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Objective;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.SceneClassifier;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that was broken off goes on as if it had not been. */
class CheckpointsIT {
  private static final int STEPS = 14;
  private static final int SIDE = 16;
  private static final Model<SceneClassifier> MODEL =
      Model.of(scope ->
          SceneClassifier.of(
              scope, ConvNextEncoder.of(scope.of("encoder"), 4, List.of(1, 1, 1, 1), 2, 8), 2));

  /** Tells whether a window is bright. */
  private static final Objective OBJECTIVE =
      new Objective() {
        @Override
        public <T> T loss(LossOps<T> ops, List<T> inputs) {
          T logits = MODEL.network().apply(ops, List.of(inputs.get(0))).getFirst();
          T counted = ops.multiply(inputs.get(1), ops.logSoftmax(logits, 1));
          return ops.multiply(ops.sum(counted), -1);
        }
      };

  private static final Weights START = Weights.initial(MODEL.parameters(), 3);

  @TempDir Path folder;

  @BeforeAll
  static void oneThread() {
    Torch.beDeterministic();
  }

  private static Training training() {
    return training(STEPS);
  }

  static Training training(int steps) {
    return Training.ofAll(
        MODEL,
        OBJECTIVE,
        CheckpointsIT::batch,
        new WarmUpCosine(1e-2, 0, 3, steps),
        AdamSettings.DEFAULT);
  }

  private static List<Values> batch(long step) {
    RandomGenerator random = Training.randomOf(5, step);
    float[] image = new float[4 * 2 * SIDE * SIDE];
    float[] counted = new float[4 * 2];
    for (int window = 0; window < 4; window++) {
      int bright = random.nextInt(2);
      counted[2 * window + bright] = 0.25f;
      for (int index = 0; index < 2 * SIDE * SIDE; index++) {
        image[window * 2 * SIDE * SIDE + index] = bright + (float) random.nextGaussian();
      }
    }
    return List.of(
        new Values(List.of(4, 2, SIDE, SIDE), image), new Values(List.of(4, 2), counted));
  }

  /** Ends in the middle, as a process does that is killed after the last checkpoint. */
  private void breakOff(Checkpoints checkpoints, long at) {
    assertThatThrownBy(() ->
            training()
                .run(
                    START,
                    checkpoints,
                    (step, rate, result) -> {
                      if (step == at) {
                        throw new IllegalStateException("broken off");
                      }
                    }))
        .hasMessage("broken off");
  }

  private static void assertSame(Weights actual, Weights expected) {
    for (Parameter parameter : MODEL.parameters()) {
      assertThat(actual.of(parameter)).as(parameter.name()).isEqualTo(expected.of(parameter));
    }
  }

  @Test
  void goesOnWithTheSameBits() {
    // given
    Weights whole = training().run(START, null, (step, rate, result) -> {});
    Checkpoints checkpoints = new Checkpoints(folder, 3);
    breakOff(checkpoints, 7);

    // when
    List<Long> taken = new ArrayList<>();
    Weights resumed = training().run(START, checkpoints, (step, rate, result) -> taken.add(step));

    // then
    assertThat(taken).first().as("six steps were kept").isEqualTo(6L);
    assertSame(resumed, whole);
    // and a training that is over takes no step
    assertSame(
        training()
            .run(
                START,
                checkpoints,
                (step, rate, result) -> {
                  throw new IllegalStateException("took a step");
                }),
        whole);
  }

  @Test
  void passesOverACheckpointThatIsNotWhole() throws IOException {
    // given: the newest is damaged, and a newer one was being written
    Checkpoints checkpoints = new Checkpoints(folder, 3);
    breakOff(checkpoints, 7);
    Files.write(
        folder.resolve("step-000000006/optimiser.pt"), new byte[] {1}, StandardOpenOption.APPEND);
    Files.createDirectories(folder.resolve("unfinished"));
    Files.writeString(folder.resolve("unfinished/weights.safetensors"), "half");

    // when
    List<Long> taken = new ArrayList<>();
    Weights resumed = training().run(START, checkpoints, (step, rate, result) -> taken.add(step));

    // then
    assertThat(taken).first().isEqualTo(3L);
    assertSame(resumed, training().run(START, null, (step, rate, result) -> {}));
    try (var kept = Files.list(folder)) {
      assertThat(kept.map(path -> path.getFileName().toString()))
          .as("two stay")
          .containsExactlyInAnyOrder("step-000000012", "step-000000014");
    }
  }

  @Test
  void keepsWhatIsNotToLearn() {
    // given
    Training training =
        new Training(
            MODEL,
            OBJECTIVE,
            CheckpointsIT::batch,
            new WarmUpCosine(1e-2, 0, 0, 3),
            AdamSettings.DEFAULT,
            parameter -> parameter.name().startsWith("encoder.") ? 0 : 1,
            Arithmetic.FP32);

    // when
    Weights after = training.run(START, null, (step, rate, result) -> {});

    // then
    for (Parameter parameter : MODEL.parameters()) {
      if (parameter.name().startsWith("encoder.")) {
        assertThat(after.of(parameter)).isEqualTo(START.of(parameter));
      } else {
        assertThat(after.of(parameter)).as(parameter.name()).isNotEqualTo(START.of(parameter));
      }
    }
  }

  @Test
  void saysThatALossIsNoNumber() {
    // given
    Training training =
        Training.ofAll(
            MODEL,
            OBJECTIVE,
            step -> {
              List<Values> batch = batch(step);
              batch.getFirst().values()[0] = Float.NaN;
              return batch;
            },
            new WarmUpCosine(1e-2, 0, 0, 100),
            AdamSettings.DEFAULT);

    // when, then
    assertThatThrownBy(() -> training.run(START, null, (step, rate, result) -> {}))
        .isInstanceOfSatisfying(
            TrainingException.class,
            failure -> assertThat(failure.reason()).isEqualTo(TrainingException.Reason.DIVERGED));
  }
}
