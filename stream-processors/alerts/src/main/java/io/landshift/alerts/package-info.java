/** The Kafka Streams topology from detections to alerts: the only code that sees Streams. */
@NullMarked
package io.landshift.alerts;

import org.jspecify.annotations.NullMarked;
