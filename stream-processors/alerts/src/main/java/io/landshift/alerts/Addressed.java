package io.landshift.alerts;

import org.apache.kafka.common.utils.Bytes;

/**
 * Bytes with the topic that they go to. Immutable.
 *
 * @param topic an existing topic
 */
record Addressed(String topic, Bytes value) {}
