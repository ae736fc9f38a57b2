package io.nightshift.operators.infer;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/** Writes the column {@link AnswerSchema#LOGPROBS} of a batch. */
final class LogprobsWriter {
  /** Approximate bytes of a token in the column, or of one of the most probable ones. */
  private static final int TOKEN_BYTES = 16;

  private final TokenTexts texts;
  private final ListVector column;
  private final TokenVectors tokens;
  private final ListVector top;
  private final TokenVectors topTokens;

  /**
   * @param column of the type that {@link AnswerSchema} has
   */
  LogprobsWriter(FieldVector column, TokenTexts texts) {
    this.texts = texts;
    this.column = (ListVector) column;
    StructVector entries = (StructVector) this.column.getDataVector();
    tokens = new TokenVectors(entries);
    top = (ListVector) entries.getChild(AnswerSchema.TOP);
    topTokens = new TokenVectors((StructVector) top.getDataVector());
  }

  /**
   * Writes a row.
   *
   * @param logprobs null for a row without an answer
   * @return approximate number of bytes that were written
   */
  long write(int row, @Nullable AnswerLogprobs logprobs) {
    if (logprobs == null) {
      column.setNull(row);
      return 0;
    }
    int count = logprobs.tokens().length;
    int start = column.startNewValue(row);
    for (int i = 0; i < count; i++) {
      tokens.set(start + i, logprobs.tokens()[i], logprobs.logprobs()[i]);
      writeTop(start + i, logprobs, i);
    }
    column.endValue(row, count);
    return (long) count * (1 + logprobs.topCount()) * TOKEN_BYTES;
  }

  private void writeTop(int entry, AnswerLogprobs logprobs, int position) {
    int count = logprobs.topCount();
    int start = top.startNewValue(entry);
    int written = 0;
    for (int i = position * count; i < (position + 1) * count; i++) {
      int token = logprobs.top().tokens()[i];
      if (token >= 0) {
        topTokens.set(start + written++, token, logprobs.top().logprobs()[i]);
      }
    }
    top.endValue(entry, written);
  }

  /** Vectors of a struct of a token and its log probability. */
  private final class TokenVectors {
    private final StructVector struct;
    private final VarCharVector texts;
    private final IntVector ids;
    private final Float4Vector logprobs;

    TokenVectors(StructVector struct) {
      this.struct = struct;
      texts = (VarCharVector) struct.getChild(AnswerSchema.TOKEN);
      ids = (IntVector) struct.getChild(AnswerSchema.TOKEN_ID);
      logprobs = (Float4Vector) struct.getChild(AnswerSchema.LOGPROB);
    }

    void set(int index, int token, float logprob) {
      struct.setIndexDefined(index);
      texts.setSafe(index, LogprobsWriter.this.texts.of(token));
      ids.setSafe(index, token);
      if (Float.isNaN(logprob)) {
        logprobs.setNull(index);
      } else {
        logprobs.setSafe(index, logprob);
      }
    }
  }
}
