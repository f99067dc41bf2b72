package io.landshift.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Network;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.SceneClassifier;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.onnx.NetworkExport;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The thin path: weights from a seed, steps downhill, and what was learned in ONNX Runtime. */
class TrainerIT {
  private static final int STEPS = 30;
  private static final int BATCH = 4;
  private static final WarmUpCosine RATES = new WarmUpCosine(5e-3, 0, 3, STEPS);
  private static final Model<SceneClassifier> MODEL =
      Model.of(scope ->
          SceneClassifier.of(
              scope,
              ConvNextEncoder.of(scope.of("encoder"), 8, List.of(1, 1, 1, 1), 3, 16),
              BATCH));

  /** The batch: noise, and a class of its own for each window. */
  private static final Values IMAGES =
      new RandomValues(3).input(MODEL.network().inputs().getFirst(), BATCH, 32, 32);

  private record Trained(Weights start, Weights weights, List<Step> steps) {}

  private static Trained trained;

  @BeforeAll
  static void trainOnce() {
    Torch.beDeterministic();
    trained = train(11);
  }

  @Test
  void theLossOfAFixedBatchFallsAndEveryParameterLearns() {
    assertThat(trained.steps()).allMatch(Step::taken);
    assertThat(trained.steps().getFirst().loss()).isBetween(1.2, 1.6);
    assertThat(trained.steps().getLast().loss()).isLessThan(0.1);
    for (Parameter parameter : MODEL.parameters()) {
      assertThat(trained.weights().of(parameter))
          .as(parameter.name())
          .isNotEqualTo(trained.start().of(parameter));
    }
  }

  @Test
  void aSeedGivesTheSameBits() {
    // when
    Trained again = train(11);

    // then
    assertThat(again.steps()).isEqualTo(trained.steps());
    for (Parameter parameter : MODEL.parameters()) {
      assertThat(again.weights().of(parameter)).isEqualTo(trained.weights().of(parameter));
    }
  }

  @Test
  void matrixProductsInBfloat16LearnTheSameAndGiveTheSameBitsAgain() {
    // when
    Trained brief = train(11, Arithmetic.BF16);
    Trained again = train(11, Arithmetic.BF16);

    // then: 8 bits of a number are left of 24, in products only
    double whole = trained.steps().getFirst().loss();
    assertThat(brief.steps().getFirst().loss()).isNotEqualTo(whole).isCloseTo(whole, within(0.02));
    assertThat(brief.steps().getLast().loss()).isLessThan(0.1);
    assertThat(again.steps()).isEqualTo(brief.steps());
  }

  @Test
  void trainedWeightsGiveTheSameInOnnxRuntime() throws Exception {
    // given
    Network network = MODEL.network();
    byte[] graph = NetworkExport.graph("trained", network, trained.weights()).toBytes();

    // when
    try (TorchParameters parameters = new TorchParameters(MODEL.parameters(), trained.weights());
        OnnxRun onnx = new OnnxRun(graph, network)) {
      float[] expected = Torch.run(network, parameters, List.of(IMAGES)).getFirst().values();
      float[] actual = onnx.run(List.of(IMAGES)).getFirst().values();

      // then
      assertThat(actual).containsExactly(expected, within(1e-4f));
    }
  }

  @Test
  void aStepWithoutAFiniteGradientIsNotTaken() {
    // given
    Weights start = Weights.initial(MODEL.parameters(), 14);
    try (TorchParameters parameters = new TorchParameters(MODEL.parameters(), start);
        Trainer trainer = new Trainer(parameters, AdamSettings.DEFAULT)) {
      // when: a division by zero
      Step step = trainer.step(1e-3, ops -> ops.divide(loss(ops), loss(ops).sub(loss(ops))));

      // then
      assertThat(step.taken()).isFalse();
      for (Parameter parameter : MODEL.parameters()) {
        assertThat(parameters.weights().of(parameter)).isEqualTo(start.of(parameter));
      }
    }
  }

  @Test
  void longGradientsAreShortenedAndSettingsReachTheOptimiser() {
    // given: one step from zero moments moves each value by the rate, whatever the gradient's size;
    // decay takes rate * decay of what is decayed before that
    Weights start = Weights.initial(MODEL.parameters(), 15);
    double rate = 1e-2;
    AdamSettings settings = new AdamSettings(0.9, 0.999, 1e-12, 0.5, 1e-3);
    Parameter matrix =
        MODEL.parameters().stream()
            .filter(parameter -> parameter.name().equals("head.weight"))
            .findFirst()
            .orElseThrow();

    // when
    try (TorchParameters parameters = new TorchParameters(MODEL.parameters(), start);
        Trainer trainer = new Trainer(parameters, settings)) {
      Step step = trainer.step(rate, TrainerIT::loss);

      // then
      assertThat(step.gradientNorm()).isGreaterThan(settings.largestNorm());
      float[] before = start.of(matrix);
      float[] after = parameters.weights().of(matrix);
      for (int index = 0; index < before.length; index++) {
        double decayed = before[index] * (1 - rate * settings.decay());
        assertThat(Math.abs(after[index] - decayed)).isBetween(0.99 * rate, 1.01 * rate);
      }
    }
  }

  /**
   * Handles are counted by JavaCPP. At most: entries of optimisers that are gone may be cleared
   * away meanwhile.
   */
  @Test
  void stepsLeaveNoHandlesAndClosingGivesThemBack() {
    // given
    long before = Pointer.totalCount();
    Weights start = Weights.initial(MODEL.parameters(), 16);
    try (TorchParameters parameters = new TorchParameters(MODEL.parameters(), start)) {
      try (Trainer trainer = new Trainer(parameters, AdamSettings.DEFAULT)) {
        trainer.step(1e-3, TrainerIT::loss);
        long afterOne = Pointer.totalCount();

        // when
        for (int step = 0; step < 20; step++) {
          trainer.step(1e-3, TrainerIT::loss);
        }

        // then
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(afterOne);
      }
    }
    // JavaCPP keeps an empty entry of the optimiser until its wrapper is collected.
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before + 1);
  }

  private static Trained train(long seed) {
    return train(seed, Arithmetic.FP32);
  }

  private static Trained train(long seed, Arithmetic arithmetic) {
    Weights start = Weights.initial(MODEL.parameters(), seed);
    try (TorchParameters parameters = new TorchParameters(MODEL.parameters(), start);
        Trainer trainer =
            new Trainer(parameters, AdamSettings.DEFAULT, parameter -> 1, arithmetic)) {
      List<Step> steps = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        steps.add(trainer.step(RATES.at(step), TrainerIT::loss));
      }
      return new Trained(start, parameters.weights(), steps);
    }
  }

  private static Tensor loss(TorchOps ops) {
    Tensor logits = MODEL.network().apply(ops, List.of(Tensors.of(IMAGES))).getFirst();
    return torch.cross_entropy_loss(logits, torch.arange(new Scalar(BATCH)));
  }
}
