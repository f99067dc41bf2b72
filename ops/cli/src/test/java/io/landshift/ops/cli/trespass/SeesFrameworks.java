package io.landshift.ops.cli.trespass;

import ai.onnxruntime.OrtSession;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.kafka.streams.KafkaStreams;
import org.gdal.gdal.Dataset;

/** Breaks a rule, to show that it can be broken: each framework is seen by one module only. */
record SeesFrameworks(
    Dataset raster,
    OrtSession session,
    DataStream<String> stream,
    KafkaStreams streams,
    HttpClient client) {}
