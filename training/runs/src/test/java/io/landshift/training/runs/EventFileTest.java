package io.landshift.training.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files, read by another protobuf reader and a checksum computed bit by bit. */
class EventFileTest {
  @TempDir Path folder;

  @Test
  void isARecordOfAVersionAndThenOfNumbers() throws IOException {
    // when
    try (EventFile events = EventFile.in(folder, 1_700_000_000)) {
      events.add(1_700_000_001.5, 3, new LinkedHashMap<>(Map.of("loss", 0.25)));
    }

    // then
    Path file = folder.resolve("events.out.tfevents.1700000000.landshift");
    List<byte[]> records = records(Files.readAllBytes(file));
    assertThat(records).hasSize(2);
    CodedInputStream version = CodedInputStream.newInstance(records.get(0));
    assertThat(version.readTag()).isEqualTo(1 << 3 | 1);
    assertThat(version.readDouble()).isEqualTo(1_700_000_000);
    assertThat(version.readTag()).isEqualTo(3 << 3 | 2);
    assertThat(version.readString()).isEqualTo("brain.Event:2");

    CodedInputStream event = CodedInputStream.newInstance(records.get(1));
    assertThat(event.readTag()).isEqualTo(1 << 3 | 1);
    assertThat(event.readDouble()).isEqualTo(1_700_000_001.5);
    assertThat(event.readTag()).isEqualTo(2 << 3);
    assertThat(event.readInt64()).isEqualTo(3);
    assertThat(event.readTag()).as("summary").isEqualTo(5 << 3 | 2);
    CodedInputStream summary = CodedInputStream.newInstance(event.readByteArray());
    assertThat(summary.readTag()).as("value").isEqualTo(1 << 3 | 2);
    CodedInputStream value = CodedInputStream.newInstance(summary.readByteArray());
    assertThat(value.readTag()).as("tag").isEqualTo(1 << 3 | 2);
    assertThat(value.readString()).isEqualTo("loss");
    assertThat(value.readTag()).as("simple value").isEqualTo(2 << 3 | 5);
    assertThat(value.readFloat()).isEqualTo(0.25f);
  }

  private static List<byte[]> records(byte[] file) {
    List<byte[]> records = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      byte[] length = new byte[8];
      buffer.get(length);
      assertThat(buffer.getInt()).isEqualTo(masked(length));
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      buffer.get(data);
      assertThat(buffer.getInt()).isEqualTo(masked(data));
      records.add(data);
    }
    return records;
  }

  private static int masked(byte[] data) {
    int crc = -1;
    for (byte each : data) {
      crc ^= each & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F63B78;
      }
    }
    crc = ~crc;
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }
}
