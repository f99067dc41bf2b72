package io.landshift.training.runs;

import io.landshift.training.onnx.ProtobufWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Numbers over steps as TensorBoard reads them: a file of TFRecords (length, masked CRC-32C of it,
 * an {@code Event} message, masked CRC-32C of that). Owns the open file. Not thread-safe.
 */
final class EventFile implements AutoCloseable {
  private static final int MASK = 0xa282ead8;

  private final FileChannel file;

  private EventFile(FileChannel file) {
    this.file = file;
  }

  /**
   * A new file in a folder; those of earlier parts of the run stay beside it.
   *
   * @param seconds now, since 1970
   */
  static EventFile in(Path folder, long seconds) {
    try {
      Files.createDirectories(folder);
      Path path = folder.resolve("events.out.tfevents.%010d.landshift".formatted(seconds));
      EventFile events =
          new EventFile(
              FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
      events.write(new ProtobufWriter().wide(1, (double) seconds).text(3, "brain.Event:2"));
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds numbers of a step.
   *
   * @param seconds now, since 1970
   * @param numbers by tag
   */
  void add(double seconds, long step, Map<String, Double> numbers) {
    ProtobufWriter summary = new ProtobufWriter();
    numbers.forEach((tag, number) ->
        summary.message(1, new ProtobufWriter().text(1, tag).number(2, number.floatValue())));
    write(new ProtobufWriter().wide(1, seconds).integer(2, step).message(5, summary));
  }

  private void write(ProtobufWriter event) {
    byte[] data = event.toBytes();
    ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(masked(record.array(), 8));
    record.put(data);
    record.putInt(masked(data, data.length));
    record.flip();
    try {
      while (record.hasRemaining()) {
        file.write(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int masked(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
