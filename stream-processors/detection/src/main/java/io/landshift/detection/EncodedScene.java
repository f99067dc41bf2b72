package io.landshift.detection;

import java.time.Instant;

/** A scene all of whose chunks are encoded: it may be folded. */
public record EncodedScene(ScenePlan plan, FoldedScene.ReadReport read, Instant encoded) {}
