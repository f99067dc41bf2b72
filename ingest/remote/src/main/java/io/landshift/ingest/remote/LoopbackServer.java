package io.landshift.ingest.remote;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP/1.1 server on 127.0.0.1 for GDAL in this process: GET and HEAD of files, by ranges.
 *
 * <p>The JDK's own server does not serve GDAL 3.6: it writes {@code Content-range}, which that
 * takes for a file without a size. Thread-safe.
 */
final class LoopbackServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);
  private static final int CONNECTIONS = 256;
  private static final int IDLE_MILLIS = 60_000;
  private static final int LONGEST_HEAD = 8192;
  private static final int BUFFER = 1 << 18;
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,18})-([0-9]{0,18})");

  private final Files files;
  private final ServerSocket socket;
  private final Semaphore permits = new Semaphore(CONNECTIONS);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** What is served. */
  interface Files {
    /** The file at a path such as {@code /token/raster.tif}; null where there is none. */
    @Nullable File at(String path);
  }

  /** A file that is served. What fails is for the file to remember; GDAL is told a status only. */
  interface File {
    long size();

    void read(long position, ByteBuffer into);
  }

  LoopbackServer(Files files) {
    this.files = files;
    try {
      socket =
          new ServerSocket(0, CONNECTIONS, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.SERVICE_UNAVAILABLE, "No port on 127.0.0.1 can be opened: " + e, e);
    }
    Thread.ofPlatform().daemon().name("range-gateway").start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() {
    closeQuietly(socket);
    open.forEach(LoopbackServer::closeQuietly);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        if (permits.tryAcquire()) {
          open.add(connection);
          Thread.ofVirtual().name("range-gateway-connection").start(() -> serve(connection));
        } else {
          connection.close();
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          LOG.warn("a connection of GDAL's is lost: {}", e.toString());
        }
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setSoTimeout(IDLE_MILLIS);
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      Request request = read(in);
      while (request != null && answer(request, out)) {
        request = read(in);
      }
    } catch (IOException e) {
      LOG.debug("a connection of GDAL's ends: {}", e.toString());
    } finally {
      open.remove(connection);
      permits.release();
    }
  }

  private record Request(String method, String path, @Nullable String range) {}

  private static @Nullable Request read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0 || head.length() > LONGEST_HEAD) {
        return null;
      }
      head.append((char) next);
    }
    String[] lines = head.toString().split("\r\n");
    String[] words = lines[0].split(" ");
    String range = null;
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith("range:")) {
        range = line.substring("range:".length()).strip();
      }
    }
    return words.length == 3 ? new Request(words[0], words[1], range) : null;
  }

  /**
   * @return false where the connection cannot be used any more
   */
  private boolean answer(Request request, OutputStream out) throws IOException {
    boolean head = request.method().equals("HEAD");
    File file = head || request.method().equals("GET") ? files.at(request.path()) : null;
    if (file == null) {
      return status(out, "404 Not Found");
    }
    long size;
    byte[] first = {};
    Span span;
    try {
      size = file.size();
      span = Span.of(request.range(), size);
      if (!head && span != null) {
        // Before the status: what cannot be read must not have been promised.
        first = new byte[(int) Math.min(BUFFER, span.length())];
        file.read(span.first(), ByteBuffer.wrap(first));
      }
    } catch (LandshiftException e) {
      return status(out, "502 Bad Gateway");
    }
    if (span == null) {
      return status(out, "416 Range Not Satisfiable");
    }
    String range =
        request.range() == null
            ? ""
            : "Content-Range: bytes %d-%d/%d\r\n".formatted(span.first(), span.last(), size);
    write(
        out,
        (request.range() == null ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 206 Partial Content\r\n")
            + "Content-Type: application/octet-stream\r\nAccept-Ranges: bytes\r\n"
            + range
            + "Content-Length: "
            + span.length()
            + "\r\n\r\n");
    return head || body(file, span, first, out);
  }

  private static boolean body(File file, Span span, byte[] first, OutputStream out)
      throws IOException {
    out.write(first);
    long position = span.first() + first.length;
    while (position <= span.last()) {
      int count = (int) Math.min(first.length, span.last() - position + 1);
      try {
        file.read(position, ByteBuffer.wrap(first, 0, count));
      } catch (LandshiftException e) {
        return false;
      }
      out.write(first, 0, count);
      position += count;
    }
    out.flush();
    return true;
  }

  /** Both ends inclusive. */
  private record Span(long first, long last) {
    static @Nullable Span of(@Nullable String range, long size) {
      if (range == null) {
        return new Span(0, size - 1);
      }
      Matcher matcher = RANGE.matcher(range);
      if (!matcher.matches()) {
        return null;
      }
      long first = Long.parseLong(matcher.group(1));
      long last = matcher.group(2).isEmpty() ? size - 1 : Long.parseLong(matcher.group(2));
      return first >= size || last < first ? null : new Span(first, Math.min(last, size - 1));
    }

    long length() {
      return last - first + 1;
    }
  }

  private static boolean status(OutputStream out, String status) throws IOException {
    write(out, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    return true;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.debug("does not close: {}", e.toString());
    }
  }
}
