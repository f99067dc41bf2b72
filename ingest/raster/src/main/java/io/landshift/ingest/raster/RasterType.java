package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import org.gdal.gdal.gdal;
import org.gdal.gdalconst.gdalconst;

/** The number types of pixels. */
public enum RasterType {
  UINT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  FLOAT64(8);

  private final int bytes;

  RasterType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** True for FLOAT32 and FLOAT64. */
  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }

  int gdal() {
    return switch (this) {
      case UINT8 -> gdalconst.GDT_Byte;
      case UINT16 -> gdalconst.GDT_UInt16;
      case INT16 -> gdalconst.GDT_Int16;
      case UINT32 -> gdalconst.GDT_UInt32;
      case INT32 -> gdalconst.GDT_Int32;
      case FLOAT32 -> gdalconst.GDT_Float32;
      case FLOAT64 -> gdalconst.GDT_Float64;
    };
  }

  static RasterType ofGdal(int type) {
    for (RasterType candidate : values()) {
      if (candidate.gdal() == type) {
        return candidate;
      }
    }
    throw new LandshiftException(
        FailureReason.ASSET_UNREADABLE,
        "pixels of type " + gdal.GetDataTypeName(type) + " cannot be read: convert the raster");
  }
}
