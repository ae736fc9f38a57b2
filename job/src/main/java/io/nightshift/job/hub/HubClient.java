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
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Speaks HTTP with the hub. */
final class HubClient {
  private static final int MAX_REDIRECTS = 5;

  private final URI endpoint;
  private final Optional<String> token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(20))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  HubClient(URI endpoint, Optional<String> token) {
    this.endpoint = endpoint;
    this.token = token;
  }

  /** As Hugging Face's own libraries: {@code HF_ENDPOINT}, {@code HF_TOKEN}. */
  static HubClient of(Map<String, String> environment) {
    String endpoint = environment.getOrDefault("HF_ENDPOINT", "https://huggingface.co");
    Optional<String> token =
        Optional.ofNullable(environment.get("HF_TOKEN")).filter(value -> !value.isBlank());
    return new HubClient(URI.create(endpoint.replaceAll("/+$", "")), token);
  }

  /** What the hub has under a name. */
  HubModel model(String name, String revision) throws IOException, InterruptedException {
    String path = "/api/models/" + name + "/revision/" + encode(revision) + "?blobs=true";
    try (InputStream answer = open(URI.create(endpoint + path))) {
      return HubModel.parse(new ObjectMapper().readTree(answer));
    }
  }

  /** Where the hub has a file. */
  URI address(String name, String commit, String file) {
    return URI.create(endpoint + "/" + name + "/resolve/" + commit + "/" + encode(file));
  }

  /**
   * The content behind an address.
   *
   * @throws ModelNotFoundException if there is none, or none for this user
   */
  InputStream open(URI address) throws IOException, InterruptedException {
    URI next = address;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = send(next);
      int status = response.statusCode();
      if (status == 200) {
        return response.body();
      }
      response.body().close();
      Optional<String> location = response.headers().firstValue("location");
      if (status / 100 != 3 || location.isEmpty()) {
        throw refused(address, status);
      }
      next = next.resolve(location.get());
    }
    throw new IOException(address + ": more than " + MAX_REDIRECTS + " redirects");
  }

  private HttpResponse<InputStream> send(URI address) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).header("User-Agent", "nightshift");
    // Redirects lead to storage at other hosts, which have no business with the user's token.
    if (address.getAuthority().equals(endpoint.getAuthority())) {
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
