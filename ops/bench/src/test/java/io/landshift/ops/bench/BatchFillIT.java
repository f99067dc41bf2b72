package io.landshift.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("it")
class BatchFillIT {
  @Test
  void givenALastBatchThatIsHalfFull_whenCounted_thenItsPaddingShows() {
    // given
    ObjectNode counted = new ObjectMapper().createObjectNode();
    RuntimeOptions options = RuntimeOptions.cpu().withBatch(4);
    try (ModelSession session = ModelRuntime.open(Bundles.spectralBaseline(), options);
        BatchFill batches = new BatchFill()) {

      // when
      session.runAlone(GraphRole.CHANGE, 6);
      batches.stop(counted);
    }

    // then
    assertThat(counted.path("scores").path("windows").asLong()).isEqualTo(6);
    assertThat(counted.path("scores").path("places").asLong()).isEqualTo(8);
  }
}
