package io.landshift.training.networks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights as safetensors files: the length of a JSON header in eight bytes, the header, then plain
 * little-endian values. A file is data only: reading one runs nothing.
 *
 * <p>Written are 32-bit floats; 16-bit floats of both kinds are read, too. What a file states is
 * checked before memory is taken for it.
 */
public final class SafeTensors {
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final ObjectMapper JSON = new ObjectMapper();

  private SafeTensors() {}

  /**
   * Reads all tensors of a file.
   *
   * @throws LandshiftException MODEL_INVALID if the file breaks the format or has tensors that are
   *     not floats, LIMIT_EXCEEDED if header or tensors are larger than any network here, and
   *     STORAGE_UNAVAILABLE if the file cannot be read
   */
  public static Weights read(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      return read(channel);
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "cannot read the weights " + file + ": " + e, e);
    }
  }

  private static Weights read(FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw SafeTensorsHeader.broken("it has %d bytes".formatted(size));
    }
    long headerLength = part(channel, 0, LENGTH_BYTES).getLong();
    SafeTensorsHeader.checkLength(headerLength, size - LENGTH_BYTES);
    byte[] text = part(channel, LENGTH_BYTES, (int) headerLength).array();
    long dataStart = LENGTH_BYTES + headerLength;
    SafeTensorsHeader header = SafeTensorsHeader.parse(text, size - dataStart);
    Map<String, Values> tensors = new LinkedHashMap<>();
    for (SafeTensorsHeader.Entry entry : header.entries()) {
      ByteBuffer data = part(channel, dataStart + entry.begin(), entry.byteCount());
      float[] values = entry.type().decode(data, entry.count());
      tensors.put(entry.name(), new Values(entry.shape(), values));
    }
    return new Weights(tensors);
  }

  private static ByteBuffer part(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw SafeTensorsHeader.broken("it ends early");
      }
    }
    return buffer.flip();
  }

  /**
   * Writes weights in their order. The file appears whole or not at all: it is written beside its
   * place, forced to the disk and renamed.
   *
   * @throws LandshiftException STORAGE_UNAVAILABLE if it cannot be written
   */
  public static void write(Path file, Weights weights) {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        write(channel, weights);
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "cannot write the weights " + file + ": " + e, e);
    }
  }

  private static void write(FileChannel channel, Weights weights) throws IOException {
    byte[] header = header(weights);
    writeFully(channel, littleEndian(LENGTH_BYTES).putLong(header.length).flip());
    writeFully(channel, ByteBuffer.wrap(header));
    for (Values tensor : weights.tensors().values()) {
      ByteBuffer data = littleEndian(Math.multiplyExact(tensor.values().length, Float.BYTES));
      data.asFloatBuffer().put(tensor.values());
      writeFully(channel, data);
    }
  }

  /** The header, with spaces at its end so that values begin at a multiple of eight. */
  private static byte[] header(Weights weights) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, Values> tensor : weights.tensors().entrySet()) {
      long end = offset + (long) tensor.getValue().values().length * Float.BYTES;
      ObjectNode entry = root.putObject(tensor.getKey());
      entry.put("dtype", "F32");
      tensor.getValue().shape().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
