package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SceneRefTest {
  private static SceneRef ref(String productId, Instant sensed) {
    return new SceneRef("MGRS-33TWL", productId, 0, 0, sensed);
  }

  @Test
  void theTextOrdersByTimeThenByProduct() {
    // given: also times that a careless reader of metadata makes up
    List<SceneRef> inOrder =
        List.of(
            ref("Z", Instant.parse("1900-01-01T00:00:00Z")),
            ref("A", Instant.parse("1969-12-31T23:59:59.998Z")),
            ref("A", Instant.parse("1969-12-31T23:59:59.999Z")),
            ref("A", Instant.EPOCH),
            ref("A", Instant.parse("2001-09-09T01:46:39.999Z")),
            ref("A", Instant.parse("2001-09-09T01:46:40Z")),
            ref("S2A", Instant.parse("2021-07-01T10:00:00Z")),
            ref("S2B", Instant.parse("2021-07-01T10:00:00Z")),
            ref("A", Instant.parse("2286-11-20T17:46:40Z")));
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed of the order: " + seed);
    List<SceneRef> shuffled = new ArrayList<>(inOrder);
    Collections.shuffle(shuffled, new Random(seed));

    // when
    shuffled.sort(Comparator.comparing(SceneRef::sensingOrder));

    // then
    assertThat(shuffled).isEqualTo(inOrder);
  }

  @Test
  void generationsAndAttemptsHaveKeysOfTheirOwnButOnePlace() {
    // given
    Instant sensed = Instant.parse("2021-07-01T10:00:00Z");
    SceneRef first = new SceneRef("MGRS-33TWL", "S2A", 0, 0, sensed);
    SceneRef reprocessed = new SceneRef("MGRS-33TWL", "S2A", 1, 0, sensed);
    SceneRef replayed = new SceneRef("MGRS-33TWL", "S2A", 0, 1, sensed);

    // then
    assertThat(List.of(first.key(), reprocessed.key(), replayed.key())).doesNotHaveDuplicates();
    assertThat(List.of(reprocessed.sensingOrder(), replayed.sensingOrder()))
        .containsOnly(first.sensingOrder());
  }
}
