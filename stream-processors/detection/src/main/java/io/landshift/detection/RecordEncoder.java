package io.landshift.detection;

import io.landshift.schemas.wire.EventCodec;
import java.net.URI;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the records of a topic as its readers expect them. It knows their class, because Flink
 * states it in the job's lineage.
 */
final class RecordEncoder<T extends SpecificRecord>
    implements SerializationSchema<T>, ResultTypeQueryable<T> {
  private final Class<T> type;
  private final String registryUrl;
  private transient @Nullable EventCodec codec;

  /**
   * @param registryUrl the schema registry that the topic's readers use, or an empty text
   */
  RecordEncoder(Class<T> type, String registryUrl) {
    this.type = type;
    this.registryUrl = registryUrl;
  }

  @Override
  public byte[] serialize(T record) {
    if (codec == null) {
      codec = EventCodec.configured(registryUrl.isEmpty() ? null : URI.create(registryUrl));
    }
    return codec.encode(record);
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return TypeInformation.of(type);
  }
}
