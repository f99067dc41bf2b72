package io.landshift.alerts;

import io.landshift.schemas.Alert;
import org.apache.kafka.common.utils.Bytes;
import org.locationtech.jts.geom.Geometry;

/**
 * A revision of an alert on its way to those who asked for it. Not changed by who holds it.
 *
 * @param encoded the alert as it goes over the wire
 * @param geometry the detection's geometry, WGS84
 */
record Revision(Alert alert, Bytes encoded, Geometry geometry) {}
