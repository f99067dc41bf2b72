package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.detection.StoredObjects.Release;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredObjectsTest {
  private static final long GRACE = StoredObjects.GRACE.toMillis();

  @Test
  void whatNoObservationNamesAnyMoreIsReleasedAtTheNextCheckpoint() {
    // given an object that an earlier fold made, and one that is still named
    Set<String> before = Set.of("STATUS|old", "STATUS|kept");

    // when the fold is done again
    Map<String, Release> released =
        StoredObjects.release(Map.of(), before, Set.of("STATUS|kept", "STATUS|new"), at(7));

    // then
    assertThat(released).containsExactly(Map.entry("STATUS|old", at(7)));
  }

  @Test
  void whatIsNamedAgainIsNoLongerReleased() {
    // given a late scene that was taken back: the content is that of before
    Map<String, Release> waiting = Map.of("STATUS|a", at(3), "STATUS|b", at(3));

    // when
    Map<String, Release> released =
        StoredObjects.release(waiting, Set.of("STATUS|c"), Set.of("STATUS|a"), at(9));

    // then what waits keeps its own checkpoint
    assertThat(released).isEqualTo(Map.of("STATUS|b", at(3), "STATUS|c", at(9)));
  }

  @Test
  void nothingIsGarbageWhileARetainedCheckpointMayNameIt() {
    long late = 5000 + GRACE;
    assertThat(StoredObjects.isGarbage(at(7), 6, 0, late)).isFalse();
    assertThat(StoredObjects.isGarbage(at(7), 7, 0, late)).isTrue();
  }

  @Test
  void nothingIsGarbageWhileASceneInFlightMayNameIt() {
    assertThat(StoredObjects.isGarbage(at(7), 999, 0, 5000 + GRACE - 1)).isFalse();
    assertThat(StoredObjects.isGarbage(at(7), 999, 0, 5000 + GRACE)).isTrue();

    // and while the job stood still, nothing in flight went on
    assertThat(StoredObjects.isGarbage(at(7), 999, 5000 + GRACE, 5000 + GRACE)).isFalse();
    assertThat(StoredObjects.isGarbage(at(7), 999, 5000 + GRACE, 5000 + 2 * GRACE)).isTrue();
  }

  private static Release at(long checkpoint) {
    return new Release(checkpoint, 5000);
  }
}
