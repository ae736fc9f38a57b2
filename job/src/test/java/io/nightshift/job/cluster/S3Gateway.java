package io.nightshift.job.cluster;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy before an S3 server: keeps a record of the calls, and can refuse a share of them,
 * as S3 does when it is busy or unwell. The header Host passes unchanged, for it is signed.
 */
final class S3Gateway implements AutoCloseable {
  private static final Set<String> HEADERS_OF_A_CONNECTION =
      Set.of("connection", "content-length", "expect", "transfer-encoding", "upgrade", "date");

  private final URI server;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Call> calls = new ArrayList<>();
  private Random random = new Random();
  private double share;

  /**
   * A call.
   *
   * @param path bucket and key, with the query behind a question mark
   * @param range header Range; empty if there is none
   * @param refused whether it was answered with an error here
   */
  record Call(String method, String path, String range, boolean refused) {}

  private S3Gateway(URI server, HttpServer http) {
    this.server = server;
    this.http = http;
  }

  static S3Gateway start(URI server) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    S3Gateway gateway = new S3Gateway(server, http);
    http.setExecutor(gateway.threads);
    http.createContext("/", gateway::handle);
    http.start();
    return gateway;
  }

  URI endpoint() {
    return URI.create("http://localhost:" + http.getAddress().getPort());
  }

  /**
   * From now on, answers a share of the calls with 503 and without having passed them on, or with
   * 500 and after all was done: half and half.
   */
  synchronized void refuse(double shareOfCalls, long seed) {
    share = shareOfCalls;
    random = new Random(seed);
  }

  /** All calls so far. */
  synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Forgets the calls. */
  synchronized void forget() {
    calls.clear();
  }

  /** The status to refuse a call with; 0 to let it pass. */
  private synchronized int record(HttpExchange exchange) {
    double chance = random.nextDouble();
    int status = chance >= share ? 0 : chance < share / 2 ? 500 : 503;
    String range = exchange.getRequestHeaders().getFirst("Range");
    calls.add(
        new Call(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            range == null ? "" : range,
            status != 0));
    return status;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      int refusal = record(exchange);
      if (refusal != 503) {
        HttpResponse<InputStream> response = pass(exchange, body);
        if (refusal == 0) {
          answer(exchange, response);
          return;
        }
        response.body().close();
      }
      refuse(exchange, refusal);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    String code = status == 503 ? "SlowDown" : "InternalError";
    byte[] body =
        "<Error><Code>%s</Code><Message>refused by the test</Message></Error>"
            .formatted(code)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    boolean hasBody = !exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
    if (hasBody) {
      exchange.getResponseBody().write(body);
    }
  }

  private HttpResponse<InputStream> pass(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!HEADERS_OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return client.send(request.build(), BodyHandlers.ofInputStream());
  }

  private static void answer(HttpExchange exchange, HttpResponse<InputStream> response)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!HEADERS_OF_A_CONNECTION.contains(name)) {
                values.forEach(value -> headers.add(name, value));
              }
            });
    long length = response.headers().firstValueAsLong("content-length").orElse(0);
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Long.toString(length));
      exchange.sendResponseHeaders(response.statusCode(), -1);
      return;
    }
    boolean empty = response.statusCode() == 204 || response.statusCode() == 304;
    boolean known = response.headers().firstValue("content-length").isPresent();
    exchange.sendResponseHeaders(
        response.statusCode(), empty || (known && length == 0) ? -1 : known ? length : 0);
    try (InputStream content = response.body();
        OutputStream out = exchange.getResponseBody()) {
      content.transferTo(out);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
