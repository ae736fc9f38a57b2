package io.nightshift.operators.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.operators.report.RowErrors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.TreeMap;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/**
 * Facts about a plan besides its units, stored with it for the runs that use it again.
 *
 * @param errors rows without a prompt, by error code
 * @param largestPrefixes the prefixes that save the most tokens, in descending order
 * @param sharing what neighboring rows share
 * @param longestPrompt tokens of the longest prompt
 */
public record PlanSummary(
    TreeMap<String, RowErrors.OfCode> errors,
    ArrayList<PlannedPrefix> largestPrefixes,
    PromptSharing sharing,
    int longestPrompt)
    implements Serializable {
  private static final String FILE = "summary.json";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /** The summary of a plan without rows. */
  public static PlanSummary empty() {
    return new PlanSummary(new TreeMap<>(), new ArrayList<>(), PromptSharing.NONE, 0);
  }

  /** The sum of both. */
  public PlanSummary plus(PlanSummary other) {
    return new PlanSummary(
        RowErrors.sum(errors, other.errors),
        new ArrayList<>(LargestPrefixes.sum(largestPrefixes, other.largestPrefixes)),
        sharing.plus(other.sharing),
        Math.max(longestPrompt, other.longestPrompt));
  }

  /** The same of rows that share more. */
  PlanSummary with(PromptSharing more) {
    return new PlanSummary(errors, largestPrefixes, sharing.plus(more), longestPrompt);
  }

  /** Writes the summary to the plan's folder, replacing an older one. */
  void write(Path folder) throws IOException {
    AtomicFile.write(new Path(folder, FILE), JSON.writeValueAsBytes(this));
  }

  /**
   * Reads the summary of a complete plan.
   *
   * @throws IOException if it cannot be read
   */
  public static PlanSummary read(Path folder) throws IOException {
    Path file = new Path(folder, FILE);
    try (FSDataInputStream in = folder.getFileSystem().open(file)) {
      return JSON.readValue(in.readAllBytes(), PlanSummary.class);
    } catch (FileNotFoundException | JsonProcessingException e) {
      throw new IOException(
          file
              + " is not the summary of a plan; delete the folder and plan again: "
              + e.getMessage(),
          e);
    }
  }
}
