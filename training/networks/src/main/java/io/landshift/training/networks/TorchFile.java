package io.landshift.training.networks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.training.networks.RestrictedPickle.Storage;
import io.landshift.training.networks.RestrictedPickle.StoredTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads the weights that PyTorch's {@code torch.save} wrote ({@code .pth}, since PyTorch 1.6: a zip
 * that holds a pickle and plain storages), running nothing that the file asks for.
 */
public final class TorchFile {
  private static final String PICKLE = "/data.pkl";
  private static final int MAX_PICKLE_BYTES = 64 << 20;
  private static final int MAX_VALUES = 1 << 28;
  private static final int MAX_ENTRIES = 100_000;

  private final ZipFile zip;
  private final Path file;
  private final String root;
  private final Map<String, ByteBuffer> storages = new HashMap<>();
  private long values;

  private TorchFile(ZipFile zip, Path file) throws IOException {
    this.zip = zip;
    this.file = file;
    this.root = root();
  }

  /**
   * Reads the tensors of a state dictionary. Those of whole numbers (counters) are left out.
   *
   * @param key where the dictionary lies in what was saved, such as {@code model}; empty if it is
   *     all that was saved
   * @throws LandshiftException MODEL_INVALID if the file is broken, of another kind, or has no such
   *     dictionary, LIMIT_EXCEEDED if it has more values than any network here, and
   *     STORAGE_UNAVAILABLE if it cannot be read
   */
  public static Weights read(Path file, String key) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return new TorchFile(zip, file).weights(key);
    } catch (ZipException e) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID,
          file
              + " is no zip; if it was saved by a PyTorch before 1.6, save it again by a later one",
          e);
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "cannot read the weights " + file + ": " + e, e);
    }
  }

  private Weights weights(String key) throws IOException {
    Object saved = RestrictedPickle.read(bytes(root + PICKLE, MAX_PICKLE_BYTES));
    if (!key.isEmpty()) {
      saved = saved instanceof Map<?, ?> map ? map.get(key) : null;
    }
    if (!(saved instanceof Map<?, ?> dictionary)) {
      throw broken("it has no dictionary '" + key + "'");
    }
    Map<String, Values> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
      if (entry.getKey() instanceof String name
          && entry.getValue() instanceof StoredTensor tensor) {
        SafeTensorsHeader.Type type = type(tensor.storage().type());
        if (type != null) {
          tensors.put(name, values(name, tensor, type));
        }
      }
    }
    return new Weights(tensors);
  }

  private static SafeTensorsHeader.@Nullable Type type(String storage) {
    return switch (storage) {
      case "torch.FloatStorage" -> SafeTensorsHeader.Type.F32;
      case "torch.HalfStorage" -> SafeTensorsHeader.Type.F16;
      case "torch.BFloat16Storage" -> SafeTensorsHeader.Type.BF16;
      default -> null;
    };
  }

  /** Elements in order of rows, wherever the strides say that they lie. */
  private Values values(String name, StoredTensor tensor, SafeTensorsHeader.Type type)
      throws IOException {
    List<Integer> shape = shape(name, tensor);
    ByteBuffer stored = storage(tensor.storage(), type);
    float[] row = new float[shape.stream().reduce(1, Math::multiplyExact)];
    for (int index = 0; index < row.length; index++) {
      long position = tensor.offset();
      int rest = index;
      for (int axis = shape.size() - 1; axis >= 0; axis--) {
        position += rest % shape.get(axis) * tensor.strides().get(axis);
        rest /= shape.get(axis);
      }
      row[index] = type.at(stored, (int) position);
    }
    return new Values(shape, row);
  }

  /** The shape, once it is sure that every element lies in the storage. */
  private List<Integer> shape(String name, StoredTensor tensor) {
    long storage = tensor.storage().count();
    long last = tensor.offset();
    long count = 1;
    boolean fits =
        storage >= 0
            && storage <= MAX_VALUES
            && last >= 0
            && tensor.shape().size() == tensor.strides().size();
    List<Integer> shape = new ArrayList<>();
    for (int axis = 0; fits && axis < tensor.shape().size(); axis++) {
      long size = tensor.shape().get(axis);
      long stride = tensor.strides().get(axis);
      fits = size >= 0 && size <= MAX_VALUES && stride >= 0 && stride <= MAX_VALUES;
      // Neither can overflow: each factor is at most 2^28, and both are checked at every axis.
      count *= fits ? size : 0;
      last += fits ? Math.max(size - 1, 0) * stride : 0;
      shape.add((int) size);
      if (count > MAX_VALUES) {
        throw limit("'%s' has the shape %s".formatted(name, tensor.shape()));
      }
      fits &= last >= 0 && last <= Long.MAX_VALUE / 2;
    }
    if (!fits || (count > 0 && last >= storage)) {
      throw broken("the tensor '%s' lies outside its storage: %s".formatted(name, tensor));
    }
    values += count;
    if (values > MAX_VALUES) {
      throw limit("all tensors have more than %d values".formatted(MAX_VALUES));
    }
    return shape;
  }

  private ByteBuffer storage(Storage storage, SafeTensorsHeader.Type type) throws IOException {
    ByteBuffer bytes = storages.get(storage.key());
    if (bytes == null) {
      bytes = ByteBuffer.wrap(bytes(root + "/data/" + storage.key(), Integer.MAX_VALUE - 8));
      storages.put(storage.key(), bytes);
    }
    if (bytes.capacity() < storage.count() * type.bytes()) {
      throw broken(
          "the storage '%s' has %d bytes, too few for %d values"
              .formatted(storage.key(), bytes.capacity(), storage.count()));
    }
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The folder of the archive, whose name is free. */
  private String root() throws IOException {
    Set<String> names = new HashSet<>();
    String found = null;
    for (ZipEntry entry : zip.stream().limit(MAX_ENTRIES + 1L).map(ZipEntry.class::cast).toList()) {
      if (!names.add(entry.getName()) || names.size() > MAX_ENTRIES) {
        throw broken("it names '%s' twice, or too much".formatted(entry.getName()));
      }
      if (entry.getName().endsWith(PICKLE)) {
        found = entry.getName().substring(0, entry.getName().length() - PICKLE.length());
      }
    }
    if (found == null || found.contains("/")) {
      throw broken("it has no data.pkl: it was not written by torch.save");
    }
    ZipEntry order = zip.getEntry(found + "/byteorder");
    if (order != null && new String(bytes(order.getName(), 16), US_ASCII).startsWith("big")) {
      throw broken("its numbers are big-endian");
    }
    return found;
  }

  /** An entry's bytes. They are never compressed, so no more come than the file has. */
  private byte[] bytes(String name, int limit) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw broken("it has no entry '" + name + "'");
    }
    if (entry.getMethod() != ZipEntry.STORED) {
      throw broken("its entry '%s' is compressed, which torch.save never does".formatted(name));
    }
    if (entry.getSize() > limit) {
      throw limit("its entry '%s' has %d bytes".formatted(name, entry.getSize()));
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readNBytes(limit);
    }
  }

  private LandshiftException broken(String what) {
    return new LandshiftException(
        FailureReason.MODEL_INVALID, file + " is no valid file of PyTorch: " + what);
  }

  private LandshiftException limit(String what) {
    return new LandshiftException(FailureReason.LIMIT_EXCEEDED, file + " is too large: " + what);
  }
}
