/**
 * From detections to alerts and to those who asked for them: the only code that sees Kafka Streams.
 */
@NullMarked
package io.landshift.alerts;

import org.jspecify.annotations.NullMarked;
