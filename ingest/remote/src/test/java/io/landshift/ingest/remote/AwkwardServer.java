package io.landshift.ingest.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server on loopback that answers byte for byte what a test writes, good or bad. */
final class AwkwardServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Answer answer;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  record Asked(String method, String path, Map<String, String> headers, String body) {
    /** Both ends of the range asked for. */
    long[] range() {
      String[] ends = headers.get("range").replace("bytes=", "").split("-");
      return new long[] {Long.parseLong(ends[0]), Long.parseLong(ends[1])};
    }
  }

  interface Answer {
    /** Writes the answer; the connection is closed afterwards. */
    void write(Asked asked, OutputStream out) throws IOException, InterruptedException;
  }

  AwkwardServer(Answer answer) throws IOException {
    this.answer = answer;
    this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  /** Serves one file by ranges, correctly. */
  static Answer file(byte[] bytes) {
    return (asked, out) -> part(out, asked, bytes);
  }

  static void part(OutputStream out, Asked asked, byte[] bytes) throws IOException {
    long[] range = asked.range();
    int first = (int) range[0];
    int last = (int) Math.min(range[1], bytes.length - 1);
    head(
        out,
        "206 Partial Content",
        "Content-Range: bytes " + first + "-" + last + "/" + bytes.length,
        "ETag: \"1\"",
        "Content-Length: " + (last - first + 1));
    out.write(bytes, first, last - first + 1);
  }

  static void head(OutputStream out, String status, String... headers) throws IOException {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + "\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    out.write(text.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  static void json(OutputStream out, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    head(out, "200 OK", "Content-Type: application/json", "Content-Length: " + body.length);
    out.write(body);
  }

  int port() {
    return socket.getLocalPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** What was asked so far. */
  List<Asked> asked() {
    return new ArrayList<>(asked);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      String first = in.readLine();
      if (first == null) {
        return;
      }
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        headers.put(
            line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip());
      }
      char[] body = new char[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
      int read = 0;
      while (read < body.length) {
        read += in.read(body, read, body.length - read);
      }
      String[] words = first.split(" ");
      Asked request = new Asked(words[0], words[1], headers, new String(body));
      asked.add(request);
      OutputStream out = connection.getOutputStream();
      answer.write(request, out);
      out.flush();
    } catch (IOException | InterruptedException e) {
      // The client has gone: what a test of a refusal wants.
    }
  }
}
