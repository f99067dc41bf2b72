package io.landshift.ops.bench;

import io.landshift.schemas.Grid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The made scenes as SAFE products of the compact form: metadata of product and granule as far as a
 * reader of pixels needs them, and the images as hard links to files that products share.
 */
final class SafeTwin {
  private SafeTwin() {}

  /** Writes one folder for each product beside the rasters. */
  static void write(
      Path folder,
      Grid grid,
      List<BenchScene> scenes,
      BenchScene.BandFiles bands,
      BenchScene.ClassesFiles classes)
      throws IOException {
    for (BenchScene scene : scenes) {
      Path product = folder.resolve(scene.product() + ".SAFE");
      for (BenchBand band : BenchBand.ALL) {
        link(product, image(scene, band.name(), band.metres()), bands.of(band, scene.changed()));
      }
      link(product, image(scene, "SCL", 20), classes.of(scene.day()));
      Files.writeString(product.resolve(granule(scene)).resolve("MTD_TL.xml"), tile(scene, grid));
      Files.writeString(product.resolve("MTD_MSIL2A.xml"), product(scene));
    }
  }

  private static void link(Path product, String image, Path file) throws IOException {
    Path link = product.resolve(image + ".jp2");
    if (!Files.exists(link)) {
      Files.createDirectories(link.resolveSibling(""));
      Files.createLink(link, file);
    }
  }

  private static String granule(BenchScene scene) {
    return "GRANULE/L2A_T%s_A000001_%s%s"
        .formatted(BenchScene.TILE, scene.compactDay(), BenchScene.TIME);
  }

  /** Path of an image in the product, without its ending: as the metadata names it. */
  private static String image(BenchScene scene, String name, int metres) {
    return "%s/IMG_DATA/R%dm/T%s_%s%s_%s_%dm"
        .formatted(
            granule(scene),
            metres,
            BenchScene.TILE,
            scene.compactDay(),
            BenchScene.TIME,
            name,
            metres);
  }

  private static String product(BenchScene scene) {
    String images =
        BenchBand.ALL.stream()
            .map(band -> image(scene, band.name(), band.metres()))
            .map("<IMAGE_FILE>%s</IMAGE_FILE>\n"::formatted)
            .collect(Collectors.joining());
    String offsets =
        BenchBand.ALL.stream()
            .map(band ->
                "<BOA_ADD_OFFSET band_id=\"%d\">%d</BOA_ADD_OFFSET>\n"
                    .formatted(band.number(), scene.addedNumber(band)))
            .collect(Collectors.joining());
    return """
    <?xml version="1.0" encoding="UTF-8" standalone="no"?>
    <n1:Level-2A_User_Product xmlns:n1="https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd">
    <n1:General_Info><Product_Info>
    <PRODUCT_URI>%1$s.SAFE</PRODUCT_URI>
    <PROCESSING_LEVEL>Level-2A</PROCESSING_LEVEL>
    <PRODUCT_TYPE>S2MSI2A</PRODUCT_TYPE>
    <PROCESSING_BASELINE>02.14</PROCESSING_BASELINE>
    <GENERATION_TIME>%2$sT20:00:00.000000Z</GENERATION_TIME>
    <Datatake datatakeIdentifier="GS2A_%3$s%4$s_000001_N02.14">
    <SPACECRAFT_NAME>Sentinel-2A</SPACECRAFT_NAME>
    <DATATAKE_SENSING_START>%2$sT15:59:11.000Z</DATATAKE_SENSING_START>
    <SENSING_ORBIT_NUMBER>%5$d</SENSING_ORBIT_NUMBER>
    <SENSING_ORBIT_DIRECTION>DESCENDING</SENSING_ORBIT_DIRECTION>
    </Datatake>
    <Product_Organisation><Granule_List>
    <Granule datastripIdentifier="%6$s" granuleIdentifier="%7$s" imageFormat="JPEG2000">
    %8$s</Granule>
    </Granule_List></Product_Organisation>
    </Product_Info><Product_Image_Characteristics>
    <Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values>
    <QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>
    <BOA_ADD_OFFSET_VALUES_LIST>
    %9$s</BOA_ADD_OFFSET_VALUES_LIST>
    </Product_Image_Characteristics></n1:General_Info>
    </n1:Level-2A_User_Product>
    """
        .formatted(
            scene.product(),
            scene.day(),
            scene.compactDay(),
            BenchScene.TIME,
            BenchScene.ORBIT,
            identifier(scene, "DS", "S" + scene.compactDay() + BenchScene.TIME),
            identifier(scene, "TL", "A000001_T" + BenchScene.TILE),
            images,
            offsets);
  }

  private static String tile(BenchScene scene, Grid grid) {
    return """
    <?xml version="1.0" encoding="UTF-8" standalone="no"?>
    <n1:Level-2A_Tile_ID xmlns:n1="https://psd-14.sentinel2.eo.esa.int/PSD/S2_PDI_Level-2A_Tile_Metadata.xsd">
    <n1:General_Info>
    <TILE_ID>%s</TILE_ID>
    <DATASTRIP_ID>%s</DATASTRIP_ID>
    <SENSING_TIME>%sT15:59:11.000Z</SENSING_TIME>
    </n1:General_Info>
    <n1:Geometric_Info><Tile_Geocoding>
    <HORIZONTAL_CS_CODE>%s</HORIZONTAL_CS_CODE>
    <Size resolution="10"><NROWS>%d</NROWS><NCOLS>%d</NCOLS></Size>
    <Geoposition resolution="10"><ULX>%.0f</ULX><ULY>%.0f</ULY><XDIM>10</XDIM><YDIM>-10</YDIM></Geoposition>
    </Tile_Geocoding></n1:Geometric_Info>
    </n1:Level-2A_Tile_ID>
    """
        .formatted(
            identifier(scene, "TL", "A000001_T" + BenchScene.TILE),
            identifier(scene, "DS", "S" + scene.compactDay() + BenchScene.TIME),
            scene.day(),
            grid.getCrs(),
            grid.getHeight(),
            grid.getWidth(),
            grid.getOriginX(),
            grid.getOriginY());
  }

  private static String identifier(BenchScene scene, String part, String end) {
    return "S2A_OPER_MSI_L2A_%s_BNCH_%sT200000_%s_N02.14".formatted(part, scene.compactDay(), end);
  }
}
