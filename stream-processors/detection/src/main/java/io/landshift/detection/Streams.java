package io.landshift.detection;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.SceneOutcome;
import org.apache.flink.util.OutputTag;

/** The side streams of the job: what does not go to the next operator. */
final class Streams {
  private Streams() {}

  static final OutputTag<EncodedScene> ENCODED_SCENES = new OutputTag<>("encoded-scenes") {};
  static final OutputTag<SceneOutcome> OUTCOMES = new OutputTag<>("outcomes") {};
  static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>("dead-letters") {};
}
