package io.landshift.alerts;

import io.landshift.schemas.Alert;
import io.landshift.schemas.Detection;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;

/**
 * Turns snapshots of objects into revisions of alerts: what is new goes to topic {@code alerts} and
 * to {@link RoutingProcessor}, what is not a detection to the dead letters. Keeps the last snapshot
 * of every object.
 */
final class RevisionProcessor implements Processor<byte[], byte[], String, Object> {
  private final EventCodec codec;
  private final DeadLetters deadLetters;
  private ProcessorContext<String, Object> context;
  private KeyValueStore<String, byte[]> lastDetections;

  RevisionProcessor(EventCodec codec, DeadLetters deadLetters) {
    this.codec = codec;
    this.deadLetters = deadLetters;
  }

  @Initializer
  @Override
  public void init(ProcessorContext<String, Object> context) {
    this.context = context;
    this.lastDetections = context.getStateStore(AlertsTopology.DETECTIONS_STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Snapshot snapshot;
    try {
      snapshot = read(record.key(), record.value());
    } catch (LandshiftException e) {
      if (!DeadLetters.isFaultOfRecord(e)) {
        throw e;
      }
      refuse(record.value(), e);
      return;
    }
    revise(snapshot, record);
  }

  private void revise(Snapshot snapshot, Record<byte[], byte[]> record) {
    Detection detection = snapshot.detection();
    String id = detection.getObjectId();
    byte[] before = lastDetections.get(id);
    Optional<Alert> next =
        AlertRevisions.next(
            before == null ? null : codec.decode(Detection.class, before), detection);
    if (next.isEmpty()) {
      return;
    }
    lastDetections.put(id, record.value());
    byte[] encoded = codec.encode(next.get());
    context.forward(new Record<>(id, encoded, record.timestamp()), AlertsTopology.ALERTS_SINK);
    context.forward(
        new Record<>(
            id,
            new Revision(next.get(), Bytes.wrap(encoded), snapshot.geometry()),
            record.timestamp()),
        AlertsTopology.ROUTING);
  }

  private Snapshot read(byte @Nullable [] key, byte @Nullable [] value) {
    if (value == null) {
      throw new LandshiftException(
          FailureReason.RECORD_UNREADABLE,
          "a detection without value: an object is retracted by its status, not by a tombstone");
    }
    Detection detection = codec.decode(Detection.class, value);
    String keyText = key == null ? "" : new String(key, StandardCharsets.UTF_8);
    // State is kept where the key says: an object under two keys would have two alerts.
    if (!keyText.equals(detection.getObjectId())) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "the record's key is '%.100s' but the object's id is '%.100s': they must be equal"
              .formatted(keyText, detection.getObjectId()));
    }
    return new Snapshot(detection, GeoJson.area(detection.getGeometry()));
  }

  private void refuse(byte @Nullable [] value, LandshiftException failure) {
    RecordMetadata place = context.recordMetadata().orElseThrow();
    context.forward(
        deadLetters.letter(
            failure,
            "decode",
            new DeadLetters.Source(place.topic(), place.partition(), place.offset()),
            null,
            value,
            context.currentSystemTimeMs()),
        AlertsTopology.DEAD_LETTERS_SINK);
  }

  private record Snapshot(Detection detection, Geometry geometry) {}
}
