package io.nightshift.job.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.connectors.files.FolderListing;
import io.nightshift.connectors.files.Location;
import io.nightshift.connectors.lease.Lease;
import io.nightshift.connectors.lease.LeaseHolder;
import io.nightshift.job.options.InvalidJobException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.core.fs.Path;

/**
 * The record of the output that a folder belongs to, for folders that a job writes to beside its
 * output. It is one output only, since that output's lease alone decides who may write there. The
 * record is written before anything else.
 *
 * @param output the folder of the answers
 * @param runs ids of the runs that may have left files behind; see {@link
 *     io.nightshift.connectors.lease.Ownership#runId}
 */
record FolderOwner(String output, List<String> runs) {
  private static final String FILE = "output.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  FolderOwner {
    runs = List.copyOf(runs);
  }

  static Optional<FolderOwner> read(Path folder) throws IOException {
    Path file = new Path(folder, FILE);
    Optional<byte[]> json = AtomicFile.read(file);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(json.get(), FolderOwner.class));
    } catch (JsonProcessingException e) {
      throw new InvalidJobException(file + " is not a file of this program: use another folder", e);
    }
  }

  void write(Path folder) throws IOException {
    AtomicFile.write(new Path(folder, FILE), JSON.writeValueAsBytes(this));
  }

  FolderOwner with(String run) {
    Set<String> all = new LinkedHashSet<>(runs);
    all.add(run);
    return new FolderOwner(output, List.copyOf(all));
  }

  /**
   * Claims a folder for an output; of several runs at once, only one succeeds.
   *
   * @param option that names the folder, for messages
   * @param records folder of the record
   * @param holder this run
   * @throws InvalidJobException if it is another output's, which exists
   */
  static void claim(String option, Path records, Path output, LeaseHolder holder)
      throws IOException, InterruptedException, JobFailedException {
    if (read(records).filter(owner -> owner.output().equals(output.toString())).isPresent()) {
      return;
    }
    Path leaseFolder = new Path(records, "lease");
    Optional<LeaseHolder> other =
        Lease.holder(leaseFolder).filter(some -> !some.id().equals(holder.id()));
    if (other.isPresent() && !Lease.awaitEnd(leaseFolder, other.get())) {
      throw new JobFailedException(
          "another run is about to use %s %s (%s): run the job again"
              .formatted(option, records, other.get().description()));
    }
    Lease lease = Lease.take(leaseFolder, holder, other);
    try {
      Optional<FolderOwner> owner = read(records);
      if (owner.isPresent() && owner.get().isAnother(output)) {
        throw new InvalidJobException(
            "%s (%s) belongs to the answers in %s: give each output.path folders of its own"
                .formatted(option, records, owner.get().output()));
      }
      lease.requireHeld();
      new FolderOwner(output.toString(), owner.map(FolderOwner::runs).orElse(List.of()))
          .write(records);
      lease.requireHeld();
    } finally {
      lease.release();
    }
  }

  /** An output that has been moved or deleted leaves its folders to the next one. */
  private boolean isAnother(Path folder) throws IOException {
    Path recorded = new Path(output);
    return !Location.of(recorded).equals(Location.of(folder))
        && FolderListing.status(recorded).isPresent();
  }
}
