package io.landshift.ingest.scenes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * What the product metadata of a Sentinel-2 SAFE product says ({@code MTD_MSIL1C.xml}, {@code
 * MTD_MSIL2A.xml}, or the names before December 2016); immutable.
 *
 * @param level {@code L1C} or {@code L2A}
 * @param platform {@code sentinel-2a}
 * @param baseline {@code 05.09}: from here and never from the date, because old dates are processed
 *     anew
 * @param quantification numbers per unit of reflectance
 * @param offsets added to the numbers of a band before they are divided, by band name; 0 where none
 *     is stated, as before baseline 04.00
 * @param nodata the number that means no data
 */
record SafeProduct(
    String level,
    String platform,
    String datatakeId,
    Instant datatakeStart,
    int relativeOrbit,
    String orbitDirection,
    String baseline,
    Instant generation,
    double quantification,
    Map<String, Double> offsets,
    double nodata,
    List<Granule> granules) {

  /** Band names in the order of the numbers by which the metadata calls them. */
  private static final List<String> BY_NUMBER =
      List.of(
          "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11",
          "B12");

  private static final Pattern SPACECRAFT = Pattern.compile("Sentinel-2([A-Z])");
  private static final Pattern TYPE = Pattern.compile("S2MSI(1C|2A)p?");

  SafeProduct {
    offsets = Map.copyOf(offsets);
    granules = List.copyOf(granules);
  }

  /**
   * A granule as the product lists it.
   *
   * @param images paths without their endings, or bare names in products before December 2016
   */
  record Granule(String id, List<String> images) {
    Granule {
      images = List.copyOf(images);
    }
  }

  /**
   * @throws io.landshift.schemas.LandshiftException METADATA_INVALID where something needed is
   *     missing or not usable
   */
  static SafeProduct of(SafeXml xml) {
    Matcher type = TYPE.matcher(xml.required("PRODUCT_TYPE"));
    if (!type.matches()) {
      throw xml.invalid("is of a product type that is not read; L1C and L2A are");
    }
    Matcher spacecraft = SPACECRAFT.matcher(xml.required("SPACECRAFT_NAME"));
    if (!spacecraft.matches()) {
      throw xml.invalid("names no Sentinel-2 spacecraft");
    }
    boolean surface = type.group(1).equals("2A");
    return new SafeProduct(
        "L" + type.group(1),
        "sentinel-2" + spacecraft.group(1).toLowerCase(Locale.ROOT),
        datatakeId(xml),
        time(xml, "DATATAKE_SENSING_START"),
        (int) xml.requiredNumber("SENSING_ORBIT_NUMBER"),
        xml.required("SENSING_ORBIT_DIRECTION").toLowerCase(Locale.ROOT),
        xml.required("PROCESSING_BASELINE"),
        time(xml, "GENERATION_TIME"),
        surface
            ? xml.requiredNumber("BOA_QUANTIFICATION_VALUE", "L2A_BOA_QUANTIFICATION_VALUE")
            : xml.requiredNumber("QUANTIFICATION_VALUE"),
        offsets(xml, surface ? "BOA_ADD_OFFSET" : "RADIO_ADD_OFFSET"),
        nodata(xml),
        granules(xml));
  }

  private static String datatakeId(SafeXml xml) {
    for (Element datatake : xml.all("Datatake")) {
      String id = datatake.getAttribute("datatakeIdentifier");
      if (!id.isEmpty()) {
        return id;
      }
    }
    throw xml.invalid("names no datatake");
  }

  private static Instant time(SafeXml xml, String tag) {
    String text = xml.required(tag);
    return ProductIdentity.instant(tag, text.endsWith("Z") ? text : text + "Z");
  }

  private static Map<String, Double> offsets(SafeXml xml, String tag) {
    Map<String, Double> offsets = new HashMap<>();
    for (Element element : xml.all(tag)) {
      try {
        int number = Integer.parseInt(element.getAttribute("band_id").strip());
        offsets.put(BY_NUMBER.get(number), Double.parseDouble(element.getTextContent().strip()));
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        throw xml.invalid("states a " + tag + " of a band that does not exist");
      }
    }
    return offsets;
  }

  private static double nodata(SafeXml xml) {
    for (Element special : xml.all("Special_Values")) {
      String meaning = textOf(special, "SPECIAL_VALUE_TEXT");
      String number = textOf(special, "SPECIAL_VALUE_INDEX");
      if ("NODATA".equals(meaning) && number != null && number.matches("\\d{1,5}")) {
        return Double.parseDouble(number);
      }
    }
    return 0;
  }

  private static @Nullable String textOf(Element parent, String tag) {
    List<Element> found = SafeXml.within(parent, tag);
    return found.isEmpty() ? null : found.getFirst().getTextContent().strip();
  }

  private static List<Granule> granules(SafeXml xml) {
    List<Granule> granules = new ArrayList<>();
    for (String tag : List.of("Granule", "Granules")) {
      for (Element element : xml.all(tag)) {
        List<String> images = new ArrayList<>();
        for (String image : List.of("IMAGE_FILE", "IMAGE_FILE_2A", "IMAGE_ID", "IMAGE_ID_2A")) {
          SafeXml.within(element, image).forEach(file -> images.add(file.getTextContent().strip()));
        }
        granules.add(new Granule(element.getAttribute("granuleIdentifier"), images));
      }
    }
    if (granules.isEmpty()) {
      throw xml.invalid("lists no granule");
    }
    return granules;
  }
}
