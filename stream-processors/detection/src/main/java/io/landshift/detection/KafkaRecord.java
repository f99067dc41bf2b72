package io.landshift.detection;

/** A record as it lies in a topic. */
public record KafkaRecord(String topic, int partition, long offset, byte[] value) {}
