package io.landshift.model.bundle;

/** What a class of a mask head says of a pixel. */
public enum MaskMeaning {
  /** The ground is seen. */
  CLEAR,
  /** Cloud or cirrus. */
  CLOUD,
  /** The shadow of a cloud. */
  SHADOW,
  /** Snow or ice. */
  SNOW,
  /** Not to be used for another reason, such as haze. */
  OTHER
}
