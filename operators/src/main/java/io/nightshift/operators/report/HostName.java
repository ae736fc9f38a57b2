package io.nightshift.operators.report;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine's name. */
public final class HostName {
  private HostName() {}

  public static String get() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a machine whose name has no address (" + e.getMessage() + ")";
    }
  }
}
