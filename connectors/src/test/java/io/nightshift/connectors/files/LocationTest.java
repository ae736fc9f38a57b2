package io.nightshift.connectors.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationTest {
  @ParameterizedTest
  @CsvSource({
    "s3://bucket/a/b, s3a://bucket/a/b",
    "s3://bucket/a/b, S3N://Bucket//a/./c/../b/",
    "s3://bucket, s3p://bucket/",
    "hdfs://nn/a, hdfs://NN:8020/a",
    "hdfs://nn:8020/a, webhdfs://nn:9870/a",
    "abfs://c@x.dfs.core.windows.net/a, abfss://c@x.dfs.core.windows.net/a",
    "wasbs://c@x.blob.core.windows.net/a, abfss://c@x.dfs.core.windows.net/a",
    "/nowhere/a, file:///nowhere/a",
    "/nowhere/a, file:/nowhere/b/../a/"
  })
  void spellingsOfOnePlaceAreOneLocation(String one, String other) throws IOException {
    assertThat(Location.of(new Path(one))).isEqualTo(Location.of(new Path(other)));
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/a, s3://bucket/A",
    "s3://bucket/a, s3://other/a",
    "s3://bucket/a, gs://bucket/a",
    "s3://bucket/a, /bucket/a",
    "hdfs://one/a, hdfs://two/a"
  })
  void otherPlacesAreNot(String one, String other) throws IOException {
    assertThat(Location.of(new Path(one))).isNotEqualTo(Location.of(new Path(other)));
    assertThat(Location.of(new Path(one + "/b")).isWithin(Location.of(new Path(one)))).isTrue();
    assertThat(Location.of(new Path(one + "b")).isWithin(Location.of(new Path(one)))).isFalse();
  }
}
