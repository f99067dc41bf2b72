package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredObjectsTest {
  @Test
  void whatNoObservationNamesAnyMoreIsReleasedAtTheNextCheckpoint() {
    // given an object that an earlier fold made, and one that is still named
    Set<String> before = Set.of("STATUS|old", "STATUS|kept");

    // when the fold is done again
    Map<String, Long> released =
        StoredObjects.release(Map.of(), before, Set.of("STATUS|kept", "STATUS|new"), 7);

    // then
    assertThat(released).containsExactly(Map.entry("STATUS|old", 7L));
  }

  @Test
  void whatIsNamedAgainIsNoLongerReleased() {
    // given a late scene that was taken back: the content is that of before
    Map<String, Long> waiting = Map.of("STATUS|a", 3L, "STATUS|b", 3L);

    // when
    Map<String, Long> released =
        StoredObjects.release(waiting, Set.of("STATUS|c"), Set.of("STATUS|a"), 9);

    // then what waits keeps its own checkpoint
    assertThat(released).isEqualTo(Map.of("STATUS|b", 3L, "STATUS|c", 9L));
  }

  @Test
  void nothingIsGarbageWhileARetainedCheckpointMayNameIt() {
    assertThat(StoredObjects.isGarbage(7, 7)).isFalse();
    assertThat(StoredObjects.isGarbage(7, 6 + StoredObjects.GRACE)).isFalse();
    assertThat(StoredObjects.isGarbage(7, 7 + StoredObjects.GRACE)).isTrue();
  }
}
