package io.landshift.training.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyArrayTest {
  @TempDir Path folder;

  private Path archive(String header, byte[] data) throws IOException {
    Path file = folder.resolve("a.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("img.npy"));
      zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
      zip.write(new byte[] {(byte) header.length(), 0});
      zip.write(header.getBytes(StandardCharsets.ISO_8859_1));
      zip.write(data);
    }
    return file;
  }

  @Test
  void readsFloatsAndBytes() throws IOException {
    // given: 1.5 and -2 as little-endian floats
    byte[] floats = {0, 0, (byte) 0xC0, 0x3F, 0, 0, 0, (byte) 0xC0};

    // when
    NumpyArray image =
        NumpyArray.read(
            archive("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }  \n", floats),
            "img");
    NumpyArray mask =
        NumpyArray.read(
            archive(
                "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }\n",
                new byte[] {0, 1, (byte) 200}),
            "img");

    // then
    assertThat(image.shape()).containsExactly(1, 2);
    assertThat(image.values()).containsExactly(1.5f, -2f);
    assertThat(mask.shape()).containsExactly(3);
    assertThat(mask.values()).containsExactly(0, 1, 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }\n",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999), }\n",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999,), }\n",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n",
        "nothing"
      })
  void refusesWhatIsNoPlainArray(String header) throws IOException {
    // given
    Path file = archive(header, new byte[4]);

    // when, then
    assertThatThrownBy(() -> NumpyArray.read(file, "img"))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            failure -> assertThat(failure.reason()).isEqualTo(FailureReason.METADATA_INVALID));
    assertThatThrownBy(() -> NumpyArray.read(file, "msk")).isInstanceOf(LandshiftException.class);
  }
}
