package io.nightshift.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Tickets of customers in a Parquet file: a body of 40 words of their own, and for every second one
 * a guide of 300 words, the same in all tickets about one device. Rows are shuffled, so that
 * tickets with the same guide are apart.
 */
final class TicketFile {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message tickets { required int64 id; optional binary guide (STRING); required binary body (STRING); }");

  private static final List<String> WORDS =
      List.of("the", "router", "invoice", "paid", "twice", "is", "down", "since", "monday", "my");

  private static final int BODY_WORDS = 40;
  private static final int GUIDE_WORDS = 300;

  private TicketFile() {}

  /**
   * Writes the file.
   *
   * @param guides number of different guides
   */
  static void write(Path file, int rows, int guides) throws IOException {
    Random random = new Random(1);
    List<String> texts = new ArrayList<>();
    for (int guide = 0; guide < guides; guide++) {
      texts.add(text("Guide " + guide, GUIDE_WORDS, random));
    }
    List<Group> tickets = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Group ticket = new SimpleGroup(SCHEMA);
      ticket.append("id", (long) row);
      if (row % 2 == 0) {
        ticket.append("guide", texts.get(row / 2 % guides));
      }
      tickets.add(ticket.append("body", text("Ticket " + row, BODY_WORDS, random)));
    }
    Collections.shuffle(tickets, random);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(SCHEMA).build()) {
      for (Group ticket : tickets) {
        writer.write(ticket);
      }
    }
  }

  private static String text(String beginning, int words, Random random) {
    StringBuilder text = new StringBuilder(beginning).append(':');
    for (int i = 0; i < words; i++) {
      text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }
}
