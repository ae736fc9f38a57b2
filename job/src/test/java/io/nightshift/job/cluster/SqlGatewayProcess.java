package io.nightshift.job.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.nightshift.job.cluster.TestProcess.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Flink's SQL gateway as a process beside a session cluster, and SQL clients that call it. */
final class SqlGatewayProcess implements AutoCloseable {
  private static final String GATEWAY = "org.apache.flink.table.gateway.SqlGateway";
  private static final String CLIENT = "org.apache.flink.table.client.SqlClient";
  private static final long POLL_MILLISECONDS = 50;

  private final FlinkProcessCluster cluster;
  private final String port;
  private final TestProcess process;
  private final FlinkRest rest;

  private SqlGatewayProcess(FlinkProcessCluster cluster, String port) throws IOException {
    this.cluster = cluster;
    this.port = port;
    this.rest = new FlinkRest(Integer.parseInt(port));
    this.process =
        cluster.launch(
            GATEWAY,
            List.of(
                "-Dsql-gateway.endpoint.rest.address=localhost",
                "-Dsql-gateway.endpoint.rest.port=" + port));
  }

  /** Starts the gateway and does not wait for it. */
  static SqlGatewayProcess launch(FlinkProcessCluster cluster) throws IOException {
    return new SqlGatewayProcess(cluster, String.valueOf(FreePort.find()));
  }

  /** Waits until the gateway answers. */
  SqlGatewayProcess await() throws IOException, InterruptedException {
    process.await("the gateway's REST endpoint", () -> rest.tryGet("/info").isPresent());
    return this;
  }

  /**
   * What {@code sql-client.sh gateway -e ADDRESS -i INITIALIZATION -f SCRIPT} does.
   *
   * @param initialization file of statements before the script
   */
  Ended runScript(Path initialization, Path script) throws IOException, InterruptedException {
    return cluster
        .launch(
            CLIENT,
            List.of(
                "gateway",
                "-e",
                "localhost:" + port,
                "-i",
                initialization.toString(),
                "-f",
                script.toString()))
        .ended();
  }

  /** Opens a session. */
  Session session() throws IOException, InterruptedException {
    JsonNode opened = rest.post("/sessions", JsonNodeFactory.instance.objectNode());
    return new Session("/sessions/" + opened.get("sessionHandle").asText());
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }

  /** A session of a program that calls the gateway's REST interface. */
  final class Session implements AutoCloseable {
    private final String path;

    private Session(String path) {
      this.path = path;
    }

    /** Executes statements whose results do not matter. */
    void execute(String... statements) throws IOException, InterruptedException {
      for (String statement : statements) {
        rows(statement, Integer.MAX_VALUE);
      }
    }

    /**
     * The rows that a statement gives, as arrays of their columns. Ends the statement's job.
     *
     * @param enough rows after which no more are waited for
     */
    List<JsonNode> rows(String statement, int enough) throws IOException, InterruptedException {
      JsonNode body = JsonNodeFactory.instance.objectNode().put("statement", statement);
      String operation =
          path
              + "/operations/"
              + rest.post(path + "/statements", body).get("operationHandle").asText();
      List<JsonNode> rows = new ArrayList<>();
      String next = operation + "/result/0?rowFormat=JSON";
      while (!next.isEmpty() && rows.size() < enough) {
        JsonNode answer = rest.get(next);
        if (answer.get("resultType").asText().equals("NOT_READY")) {
          TimeUnit.MILLISECONDS.sleep(POLL_MILLISECONDS);
        }
        answer.at("/results/data").forEach(row -> rows.add(row.get("fields")));
        next = answer.path("nextResultUri").asText("");
      }
      rest.delete(operation + "/close");
      return rows;
    }

    @Override
    public void close() throws IOException, InterruptedException {
      rest.delete(path);
    }
  }
}
