package io.nightshift.job.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** An HTTP client for the hub. */
final class HubClient {
  private static final int MAX_REDIRECTS = 5;

  private final URI endpoint;
  private final Optional<String> token;
  private final HttpClient http;

  /**
   * @param tls decides which certificates are trusted
   */
  HubClient(URI endpoint, Optional<String> token, SSLContext tls) {
    this.endpoint = endpoint;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(tls)
            .build();
  }

  /**
   * The origin that a token may be sent to.
   *
   * @param port explicit, even if the address omits it
   */
  private record Origin(String scheme, String host, int port) {
    private static Origin of(URI address) {
      String scheme = address.getScheme().toLowerCase(Locale.ROOT);
      int ofScheme = scheme.equals("https") ? 443 : 80;
      return new Origin(
          scheme,
          address.getHost().toLowerCase(Locale.ROOT),
          address.getPort() < 0 ? ofScheme : address.getPort());
    }
  }

  /**
   * As Hugging Face's own libraries: {@code HF_ENDPOINT}, {@code HF_TOKEN}.
   *
   * @throws ModelNotFoundException if the endpoint is not an http address
   */
  static HubClient of(Map<String, String> environment) throws ModelNotFoundException {
    String endpoint = environment.getOrDefault("HF_ENDPOINT", "https://huggingface.co");
    Optional<String> token =
        Optional.ofNullable(environment.get("HF_TOKEN")).filter(value -> !value.isBlank());
    URI address;
    try {
      address = URI.create(endpoint.replaceAll("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw noEndpoint(endpoint);
    }
    if (!isHttp(address)) {
      throw noEndpoint(endpoint);
    }
    return new HubClient(address, token, defaultTls());
  }

  private static SSLContext defaultTls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  private static ModelNotFoundException noEndpoint(String endpoint) {
    return new ModelNotFoundException(
        "HF_ENDPOINT is "
            + endpoint
            + ", which is not an http address such as https://huggingface.co");
  }

  private static boolean isHttp(URI address) {
    return String.valueOf(address.getScheme()).matches("(?i)https?") && address.getHost() != null;
  }

  /** The model that the hub has under a name. */
  HubModel model(String name, String revision) throws IOException, InterruptedException {
    String path = "/api/models/" + name + "/revision/" + encode(revision) + "?blobs=true";
    try (InputStream answer = open(URI.create(endpoint + path))) {
      return HubModel.parse(new ObjectMapper().readTree(answer));
    }
  }

  /** The address of a file on the hub. */
  URI address(String name, String commit, String file) {
    return URI.create(endpoint + "/" + name + "/resolve/" + commit + "/" + encode(file));
  }

  /**
   * The content behind an address.
   *
   * @throws ModelNotFoundException if there is none, or this user has no access
   */
  InputStream open(URI address) throws IOException, InterruptedException {
    URI next = address;
    boolean trusted = isOfEndpoint(next);
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = send(next, trusted);
      int status = response.statusCode();
      if (status == 200) {
        return response.body();
      }
      response.body().close();
      Optional<String> location = response.headers().firstValue("location");
      if (status / 100 != 3 || location.isEmpty()) {
        throw refused(address, status);
      }
      next = redirected(next, location.get());
      trusted &= isOfEndpoint(next);
    }
    throw new IOException(address + ": more than " + MAX_REDIRECTS + " redirects");
  }

  /**
   * Redirects lead to storage on other hosts or ports, which must not see the user's token; nor
   * must it be sent over http if the hub is reached over https.
   */
  private boolean isOfEndpoint(URI address) {
    return Origin.of(address).equals(Origin.of(endpoint));
  }

  private static URI redirected(URI from, String location) throws IOException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException(from + " redirects to an invalid address: " + location, e);
    }
    if (!isHttp(to)) {
      throw new IOException(from + " redirects to an address that is not http: " + location);
    }
    if (from.getScheme().equalsIgnoreCase("https") && !to.getScheme().equalsIgnoreCase("https")) {
      throw new IOException(
          "%s redirects to http://%s, where anybody could read and change what is sent; this is not followed"
              .formatted(from, to.getAuthority()));
    }
    return to;
  }

  private HttpResponse<InputStream> send(URI address, boolean trusted)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).header("User-Agent", "nightshift");
    if (trusted) {
      token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    }
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new ModelNotFoundException(
          "cannot reach the hub at " + endpoint + "; HF_ENDPOINT names another one", e);
    }
  }

  private ModelNotFoundException refused(URI address, int status) {
    String remedy =
        switch (status) {
          case 401, 403 ->
              token.isPresent()
                  ? "the token in HF_TOKEN has no access; ask for it on the model's page"
                  : "set HF_TOKEN to a token with access to this model";
          case 404 -> "check the model's name and revision";
          default -> "try again later";
        };
    return new ModelNotFoundException(
        address + ": the hub answered with status " + status + "; " + remedy);
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
