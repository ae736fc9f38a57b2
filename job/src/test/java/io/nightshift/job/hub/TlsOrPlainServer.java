package io.nightshift.job.hub;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server that speaks https and http at one port, as hosts do at two that an address leaves out.
 * With https it redirects to the same address with http.
 */
final class TlsOrPlainServer implements AutoCloseable {
  private static final int TLS_HANDSHAKE = 0x16;
  private static final String PASSWORD = "changeit";

  private final ServerSocket socket;
  private final SSLContext tls;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private TlsOrPlainServer(ServerSocket socket, SSLContext tls) {
    this.socket = socket;
    this.tls = tls;
  }

  /**
   * @param folder for a certificate of localhost
   */
  static TlsOrPlainServer start(Path folder)
      throws IOException, GeneralSecurityException, InterruptedException {
    TlsOrPlainServer server =
        new TlsOrPlainServer(
            new ServerSocket(0, 5, InetAddress.getLoopbackAddress()),
            context(certificate(folder.resolve("localhost.p12"))));
    Thread thread = new Thread(server::serve, "tls-or-plain");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  int port() {
    return socket.getLocalPort();
  }

  /** What a client needs to trust this server. */
  SSLContext trusting() {
    return tls;
  }

  /** Scheme and token of every request so far. */
  List<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        int first = connection.getInputStream().read();
        InputStream consumed = new ByteArrayInputStream(new byte[] {(byte) first});
        if (first == TLS_HANDSHAKE) {
          SSLSocket encrypted =
              (SSLSocket) tls.getSocketFactory().createSocket(connection, consumed, true);
          answer("https", encrypted);
        } else {
          answer("http", connection);
        }
      } catch (IOException e) {
        requests.add("failed: " + e);
      }
    }
  }

  private void answer(String scheme, Socket connection) throws IOException {
    String token = "no token";
    InputStream in = new BufferedInputStream(connection.getInputStream());
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.startsWith("Authorization: ")) {
        token = line.substring("Authorization: ".length());
      }
    }
    requests.add(scheme + " " + token);
    String location = "Location: http://localhost:" + port() + "/plain\r\n";
    String answer =
        scheme.equals("https")
            ? "HTTP/1.1 302 Found\r\n" + location + "Content-Length: 0\r\n\r\n"
            : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    connection.getOutputStream().flush();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private static Path certificate(Path file) throws IOException, InterruptedException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String options =
        "-genkeypair -alias localhost -keyalg EC -dname CN=localhost -ext SAN=dns:localhost"
            + " -storetype PKCS12 -storepass "
            + PASSWORD
            + " -keystore "
            + file;
    String[] command = (keytool + " " + options).split(" ");
    if (new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() != 0) {
      throw new IOException("keytool failed");
    }
    return file;
  }

  private static SSLContext context(Path certificate) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(certificate)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
