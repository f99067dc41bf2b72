/** The Flink job from announced scene to detection: the only code that sees Flink. */
@NullMarked
package io.landshift.detection;

import org.jspecify.annotations.NullMarked;
