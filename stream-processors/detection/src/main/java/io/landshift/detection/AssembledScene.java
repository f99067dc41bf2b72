package io.landshift.detection;

import io.landshift.schemas.SceneOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scene whose products are written.
 *
 * @param outcome what is to be told of it
 * @param chunks in row order
 * @param failure why the products could not be written; null where they were
 * @param finding why the scene is not believed although its products are written; null where it is
 */
public record AssembledScene(
    ScenePlan plan,
    List<FoldedChunk> chunks,
    SceneOutcome outcome,
    @Nullable SceneFailure failure,
    @Nullable SceneFailure finding) {}
