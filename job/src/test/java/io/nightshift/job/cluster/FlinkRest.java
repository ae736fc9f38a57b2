package io.nightshift.job.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Asks a JobManager or a SQL gateway through its REST interface. */
final class FlinkRest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final String address;

  FlinkRest(int port) {
    this.address = "http://localhost:" + port;
  }

  /** The answer, which has to be there. */
  JsonNode get(String path) throws IOException, InterruptedException {
    return answer(request(path));
  }

  /** The answer to a request with a body. */
  JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return answer(request(path).POST(BodyPublishers.ofString(body.toString())));
  }

  /** The answer to the request that something be closed. */
  JsonNode delete(String path) throws IOException, InterruptedException {
    return answer(request(path).DELETE());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(20));
  }

  private JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    var response = http.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          "%s: status %s, %s".formatted(response.uri(), response.statusCode(), response.body()));
    }
    return json.readTree(response.body());
  }

  /** The answer; empty where there is none, since the JobManager is only just starting. */
  Optional<JsonNode> tryGet(String path) {
    try {
      return Optional.of(get(path));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
