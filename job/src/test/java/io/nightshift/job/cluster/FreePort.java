package io.nightshift.job.cluster;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a server that is yet to start. It is below those that Linux gives to sockets that ask
 * for any ({@code ip_local_port_range}), which another process could get in the meantime.
 */
final class FreePort {
  private static final int FIRST = 16_000;
  private static final int END = 32_000;

  private FreePort() {}

  static int find() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // Taken: the next one.
      }
    }
  }
}
