package io.nightshift.job.report.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.options.NightshiftOptions;
import io.nightshift.job.report.ConfigurationEntry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  private static String shown(String key, String value) {
    List<ConfigurationEntry> entries = Secrets.removed(Map.of(), Map.of(key, value));
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).key()).isEqualTo(key);
    return entries.get(0).value();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3.access-key",
        "s3.secret-key",
        "s3.access.key",
        "fs.s3a.secret.key",
        "presto.s3.access-key",
        "fs.azure.account.key.people.blob.core.windows.net",
        "fs.azure.sas.container.account",
        "fs.oss.accessKeyId",
        "fs.oss.accessKeySecret",
        "fs.gs.auth.service.account.private.key",
        "security.ssl.rest.keystore-password",
        "security.kerberos.login.keytab",
        "containerized.master.env.AWS_SESSION_TOKEN",
        "HF_TOKEN",
        "rest.authentication.basic.credentials",
      })
  void aKeyOfASecretHidesItsValue(String key) {
    assertThat(shown(key, "tiger")).isEqualTo("******");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3.endpoint",
        "taskmanager.numberOfTaskSlots",
        "parallelism.default",
        "execution.checkpointing.interval",
        "state.backend.type",
      })
  void otherKeysAreShown(String key) {
    assertThat(shown(key, "tiger")).isEqualTo("tiger");
  }

  @Test
  void noOptionOfAJobIsTakenForASecret() {
    for (String key : NightshiftOptions.keys()) {
      assertThat(Secrets.removed(Map.of(key, "7"), Map.of()))
          .containsExactly(new ConfigurationEntry(key, "7"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "s3://AKIA:tiger@bucket/tickets/, s3://******@bucket/tickets/",
    "abfss://data@people.dfs.core.windows.net/in, abfss://******@people.dfs.core.windows.net/in",
    "https://host/a?sv=1&sig=tiger%3D&x=2, https://host/a?sv=1&sig=******&x=2",
    "-Xmx2g -Djavax.net.ssl.keyStorePassword=tiger -Da=b, "
        + "-Xmx2g -Djavax.net.ssl.keyStorePassword=****** -Da=b",
    "s3://bucket/tickets/, s3://bucket/tickets/",
    "write to us@example.org, write to us@example.org",
  })
  void secretsInAddressesAreHidden(String value, String expected) {
    assertThat(shown("some.address", value)).isEqualTo(expected);
  }
}
