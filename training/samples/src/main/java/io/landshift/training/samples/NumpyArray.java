package io.landshift.training.samples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An array of a NumPy archive ({@code .npz}): little-endian floats or bytes in C order. Other kinds
 * are refused; nothing is run, and no more is read than the header's shape asks for.
 *
 * @param shape sizes of the axes
 * @param values row by row
 */
record NumpyArray(List<Integer> shape, float[] values) {
  private static final int LARGEST = 1 << 26;
  private static final int PREFIX = 10;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '(<f4|\\|u1)', 'fortran_order': False, 'shape': \\((\\d+(?:, \\d+)*),?\\), \\}\\s*");

  /**
   * Reads an array.
   *
   * @param name in the archive
   * @throws io.landshift.schemas.LandshiftException ASSET_MISSING or METADATA_INVALID
   */
  static NumpyArray read(Path archive, String name) {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry entry = zip.getEntry(name + ".npy");
      if (entry == null) {
        throw SetFiles.invalid(archive + " has no array " + name);
      }
      try (InputStream in = zip.getInputStream(entry)) {
        return read(in, archive + "/" + name);
      }
    } catch (IOException e) {
      throw SetFiles.missing(archive, e);
    }
  }

  private static NumpyArray read(InputStream in, String what) throws IOException {
    byte[] prefix = in.readNBytes(PREFIX);
    boolean known = prefix.length == PREFIX && prefix[1] == 'N' && prefix[6] == 1;
    int length = known ? (prefix[8] & 0xFF) | (prefix[9] & 0xFF) << 8 : 0;
    Matcher header = HEADER.matcher(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    if (!header.matches()) {
      throw SetFiles.invalid(what + " is no array of floats or bytes in C order");
    }
    List<Integer> shape = new ArrayList<>();
    long count = 1;
    for (String size : header.group(2).split(",\\s*", 0)) {
      // Longer numbers are larger than any image.
      String digits = size.strip();
      shape.add(digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits));
      count = Math.min(LARGEST + 1L, count * shape.getLast());
    }
    if (count < 1 || count > LARGEST) {
      throw SetFiles.invalid(what + " has the shape " + shape);
    }
    boolean floats = header.group(1).equals("<f4");
    int bytes = (int) count * (floats ? Float.BYTES : 1);
    byte[] data = in.readNBytes(bytes);
    if (data.length != bytes) {
      throw SetFiles.invalid(what + " ends early");
    }
    float[] values = new float[(int) count];
    if (floats) {
      ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    } else {
      for (int index = 0; index < values.length; index++) {
        values[index] = data[index] & 0xFF;
      }
    }
    return new NumpyArray(List.copyOf(shape), values);
  }
}
