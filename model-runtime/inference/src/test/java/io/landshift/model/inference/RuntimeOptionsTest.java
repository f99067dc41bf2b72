package io.landshift.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RuntimeOptionsTest {

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> RuntimeOptions.cpu().withBatch(257)).hasMessageContaining("batch");
    assertThatThrownBy(() -> RuntimeOptions.cpu().withBatch(0)).hasMessageContaining("batch");
    assertThatThrownBy(() -> RuntimeOptions.cpu().withThreads(0)).hasMessageContaining("threads");
    assertThatThrownBy(() -> RuntimeOptions.cuda(-1, true)).hasMessageContaining("device");
  }

  @Test
  void theProcessorDoesNotTakeOverTheBatchesOfAGpu() {
    // given
    RuntimeOptions cuda = RuntimeOptions.cuda(3, true);
    RuntimeOptions processor = RuntimeOptions.cpu().withBatch(4);

    // when, then
    assertThat(cuda.onProcessor().batch()).isEqualTo(1);
    assertThat(cuda.onProcessor().provider()).isEqualTo(Provider.CPU);
    assertThat(processor.onProcessor()).isEqualTo(processor);
    assertThat(cuda.onCuda()).isEqualTo(RuntimeOptions.cuda(3, false));
  }
}
