package io.landshift.schemas.wire;

import io.landshift.schemas.LandshiftException;
import org.apache.avro.Schema;

/**
 * Numbers for schemas, shared by all who write and read the registry wire format.
 *
 * <p>An id never changes its schema, so answers may be kept for ever. Implementations are
 * thread-safe.
 */
public interface SchemaRegistry {
  /**
   * The id of a schema, registering it first where it is new.
   *
   * @param subject the name whose versions must stay compatible: the full name of the record
   * @throws LandshiftException METADATA_INVALID where the registry refuses the schema,
   *     SERVICE_UNAVAILABLE where it does not answer
   */
  int idOf(String subject, Schema schema);

  /**
   * The schema with this id.
   *
   * @throws LandshiftException RECORD_UNREADABLE where there is none, SERVICE_UNAVAILABLE where the
   *     registry does not answer
   */
  Schema schemaOf(int id);
}
