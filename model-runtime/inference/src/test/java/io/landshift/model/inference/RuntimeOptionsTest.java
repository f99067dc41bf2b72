package io.landshift.model.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeOptionsTest {

  @Test
  void batchSizesAreSortedAndUnique() {
    assertThat(RuntimeOptions.cpu().withBatchSizes(List.of(8, 1, 8, 4)).batchSizes())
        .containsExactly(1, 4, 8);
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> RuntimeOptions.cpu().withBatchSizes(List.of()))
        .hasMessageContaining("batch");
    assertThatThrownBy(() -> RuntimeOptions.cpu().withBatchSizes(List.of(0)))
        .hasMessageContaining("batch");
    assertThatThrownBy(() -> RuntimeOptions.cpu().withThreads(0)).hasMessageContaining("threads");
    assertThatThrownBy(() -> RuntimeOptions.cuda(-1, true)).hasMessageContaining("device");
  }

  @Test
  void theProcessorDoesNotTakeOverTheBatchesOfAGpu() {
    // given
    RuntimeOptions cuda = RuntimeOptions.cuda(3, true);
    RuntimeOptions processor = RuntimeOptions.cpu().withBatchSizes(List.of(2, 4));

    // when, then
    assertThat(cuda.onProcessor().batchSizes()).isEqualTo(RuntimeOptions.cpu().batchSizes());
    assertThat(cuda.onProcessor().provider()).isEqualTo(Provider.CPU);
    assertThat(processor.onProcessor()).isEqualTo(processor);
    assertThat(cuda.onCuda()).isEqualTo(RuntimeOptions.cuda(3, false));
  }
}
