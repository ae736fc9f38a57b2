package io.nightshift.job.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A hub with one model on this machine: the API, and a second server that stands for the storage
 * which the hub redirects large files to.
 */
final class LocalHub {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final String model;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, String> descriptions = new LinkedHashMap<>();
  private final Map<String, byte[]> served = new LinkedHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private @Nullable String token;
  private @Nullable HttpServer hub;
  private @Nullable HttpServer storage;
  private String endpoint = "";

  LocalHub(String model) {
    this.model = model;
  }

  void addSmall(String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    String blob = "blob " + bytes.length + "\0" + content;
    add(name, bytes, "\"blobId\": \"" + digest("SHA-1", blob) + "\"");
  }

  void addLarge(String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    String pointer = "\"blobId\": \"" + digest("SHA-1", "pointer") + "\"";
    add(name, bytes, pointer + ", \"lfs\": {\"sha256\": \"" + digest("SHA-256", content) + "\"}");
  }

  void corrupt(String name) {
    byte[] bytes = files.getOrDefault(name, new byte[0]).clone();
    bytes[0]++;
    served.put(name, bytes);
  }

  void truncate(String name) {
    byte[] bytes = files.getOrDefault(name, new byte[0]);
    served.put(name, Arrays.copyOf(bytes, bytes.length - 1));
  }

  /** Lists a file under a name that is none, with content for whatever is asked for. */
  void list(String name) {
    addSmall(name, "evil");
    byte[] content = "evil".getBytes(StandardCharsets.UTF_8);
    served.put(Path.of("/" + name).normalize().toString().substring(1), content);
  }

  void remove(String name) {
    descriptions.remove(name);
  }

  void requireToken(String token) {
    this.token = token;
  }

  /** Server, path and token of every request so far. */
  List<String> requests() {
    return requests;
  }

  String endpoint() {
    return endpoint;
  }

  void start() throws IOException {
    storage = server("storage", this::serveStorage);
    hub = server("hub", this::serveHub);
    endpoint = "http://localhost:" + hub.getAddress().getPort();
  }

  void stop() {
    if (hub != null && storage != null) {
      hub.stop(0);
      storage.stop(0);
    }
  }

  private void add(String name, byte[] content, String checksums) {
    files.put(name, content);
    served.put(name, content);
    descriptions.put(
        name,
        "{\"rfilename\": \"%s\", \"size\": %s, %s}".formatted(name, content.length, checksums));
  }

  private HttpServer server(String name, Handler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          requests.add(
              name
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + (authorization == null ? "no token" : authorization));
          handler.handle(exchange);
          exchange.close();
        });
    server.start();
    return server;
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private void serveHub(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String resolve = "/" + model + "/resolve/" + COMMIT + "/";
    if (token != null
        && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange.sendResponseHeaders(401, -1);
    } else if (path.matches("/api/models/" + model + "/revision/(main|refs/pr/1|" + COMMIT + ")")) {
      String siblings = String.join(", ", descriptions.values());
      answer(
          exchange,
          "{\"sha\": \"%s\", \"siblings\": [%s]}"
              .formatted(COMMIT, siblings)
              .getBytes(StandardCharsets.UTF_8));
    } else if (path.startsWith(resolve) && storage != null) {
      String name = path.substring(resolve.length());
      exchange
          .getResponseHeaders()
          .add("Location", "http://localhost:" + storage.getAddress().getPort() + "/" + name);
      exchange.sendResponseHeaders(302, -1);
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
  }

  private void serveStorage(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        served.getOrDefault(exchange.getRequestURI().getPath().substring(1), new byte[0]));
  }

  private static void answer(HttpExchange exchange, byte[] content) throws IOException {
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
  }

  private static String digest(String algorithm, String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance(algorithm).digest(content.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
