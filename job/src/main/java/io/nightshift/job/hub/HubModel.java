package io.nightshift.job.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the hub says about a revision of a model. */
record HubModel(String commit, List<HubFile> files) {

  HubModel {
    files = List.copyOf(files);
  }

  /**
   * Reads the answer of {@code /api/models/NAME/revision/REVISION?blobs=true}. Files in folders are
   * left out: no model that can be read has any.
   */
  static HubModel parse(JsonNode json) throws IOException {
    String commit = json.path("sha").asText();
    if (!commit.matches("[0-9a-f]{40}")) {
      throw new IOException("the hub's answer names no commit: " + json);
    }
    List<HubFile> files = new ArrayList<>();
    for (JsonNode sibling : json.path("siblings")) {
      String name = sibling.path("rfilename").asText();
      if (name.matches("\\w[\\w.-]*")) {
        files.add(
            new HubFile(
                name,
                sibling.path("size").asLong(-1),
                sibling.path("blobId").asText(),
                sibling.path("lfs").path("sha256").asText()));
      }
    }
    return new HubModel(commit, files);
  }
}
