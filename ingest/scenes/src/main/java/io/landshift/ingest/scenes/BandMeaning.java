package io.landshift.ingest.scenes;

import io.landshift.schemas.Modality;
import org.jspecify.annotations.Nullable;

/**
 * What a band sees, whatever the product calls it; immutable.
 *
 * @param name the product's own name, `B04`
 * @param commonName the field's common name (STAC electro-optical extension), or null
 * @param centerWavelength micrometres, or null where not known
 * @param modality the kind of instrument
 */
public record BandMeaning(
    String name,
    @Nullable String commonName,
    @Nullable Double centerWavelength,
    Modality modality) {}
