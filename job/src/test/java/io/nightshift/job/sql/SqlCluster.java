package io.nightshift.job.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** A cluster in this process for the statements of a test class. */
final class SqlCluster implements AutoCloseable {
  static final int PARALLELISM = 2;

  private final MiniCluster cluster;

  SqlCluster() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.BIND_PORT, "0");
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2 * PARALLELISM)
                .build());
    cluster.start();
  }

  /** A session whose jobs run on this cluster. */
  StreamTableEnvironment session(EnvironmentSettings settings, Map<String, String> options)
      throws Exception {
    int port = cluster.getRestAddress().get().getPort();
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createRemoteEnvironment("localhost", port, PARALLELISM);
    environment.configure(Configuration.fromMap(options));
    return StreamTableEnvironment.create(environment, settings);
  }

  /** The rows of a query. */
  static List<Row> rows(StreamTableEnvironment session, String query) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> results = session.executeSql(query).collect()) {
      results.forEachRemaining(rows::add);
    }
    return rows;
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
