package io.landshift.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void givenFigures_whenOnAPage_thenPerSceneAndPerStage() throws Exception {
    // given: two scenes of 100 km2 each
    JsonNode result =
        json(
            """
            {'machine': 'M', 'pixels': 1000, 'scenes': 2, 'safe': {
              'slots-2': {
                'scenes': [{'blocksDecoded': 3, 'blocksDistinct': 2},
                           {'blocksDecoded': 2, 'blocksDistinct': 2}],
                'squareKilometres': 200, 'squareKilometresPerSecond': 50,
                'cpuSeconds': 16, 'peakBytes': 1048576, 'stolenShare': 0.07,
                'cpuSecondsByStage': {'read': 8, 'encode': 4, 'fold': 2, 'assemble': 1},
                'bytesRead': 6291456, 'bytesWritten': 4194304,
                'batches': {'features': {'windows': 3, 'places': 4}},
                'storeBytesByKind': {'features': 2097152, 'status': 2097152},
                'productBytes': 2097152, 'checkpointBytes': 10240,
                'checkpointMilliseconds': 7, 'slowestCheckpointMilliseconds': 70,
                'truth': {'compared': 4, 'found': 3, 'highElsewhere': 1, 'comparedElsewhere': 1000}},
              'floor': {'cpuSeconds': 4}}}
            """);

    // when
    String page = ScenePage.of(result);

    // then
    assertThat(page)
        .contains("2 scenes of 1,000 x 1,000 pixels on M.")
        .contains(
            "| safe, slots-2 | 50 | 8.0 (13) | 4.0 (25) | 2.0 (50) | 1.0 (100) | 0.5 (200) | 4.0 |"
                + " 2.00 | 1 | 7 % |")
        .contains(
            "| safe, slots-2 | 3 | 2 | 1.25 | features 0.75 | 2 | 1 | 10 | 7 | 70 | 3 of 4 |"
                + " 0.100 % |");
  }

  @Test
  void givenAYearOfASmallTile_whenWorkedOut_thenAsLargeAsTheWholeTileWasMeasured()
      throws Exception {
    // given: 16 scenes of one chunk whose fold and state grow, and two of 11 x 11 chunks
    ObjectNode year = json("{'machine': 'M', 'pixels': 510, 'scenes': 16}");
    ObjectNode small = year.putObject("cog").putObject("slots-2");
    for (int scene = 1; scene <= 16; scene++) {
      small
          .withArray("scenes")
          .add(json(scene(0.25, 0.25, 0.1 * scene, 0.1, 1024 * scene, 1 << 20, 5, scene)));
    }
    small.putObject("storeBytesByKind").put("features", 16L << 20);
    ObjectNode whole = json("{'machine': 'W', 'pixels': 10980, 'scenes': 2}");
    ObjectNode run = whole.putObject("cog").putObject("slots-2");
    run.withArray("scenes")
        .add(json(scene(20, 30, 1, 1, 0, 0, 0, 1)))
        .add(json(scene(20, 30, 1, 1, 0, 0, 50, 2)));
    run.put("checkpointBytes", 1 << 20);
    run.putObject("storeBytesByKind").put("features", 2L << 30);

    // when
    String page = YearPage.of(year, whole);

    // then: processor time times 100, store times 1024, state 1 MiB and 121 KiB a scene from the
    // third
    assertThat(page)
        .contains("| 2 | 80 | 25.0 | 25.0 | 20.0 | 10.0 | 2.0 | 1,024 | 50 |")
        .contains("| 16 | 220 | 25.0 | 25.0 | 160.0 | 10.0 | 16.0 | 2,718 | 133 |");
  }

  private static String scene(
      double read,
      double encode,
      double fold,
      double assemble,
      int state,
      long store,
      int checkpoint,
      int scenes) {
    return ("{'cpuSecondsByStage': {'read': %s, 'encode': %s, 'fold': %s, 'assemble': %s},"
            + " 'checkpointBytes': %d, 'storeBytes': %d, 'checkpointMilliseconds': %d}")
        .formatted(read, encode, fold, assemble, state, store * scenes, checkpoint);
  }

  private static ObjectNode json(String text) throws Exception {
    return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
  }
}
