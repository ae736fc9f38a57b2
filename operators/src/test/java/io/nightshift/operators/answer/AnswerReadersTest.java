package io.nightshift.operators.answer;

import static io.nightshift.operators.answer.Grammars.INTEGER;
import static io.nightshift.operators.answer.Grammars.NULL;
import static io.nightshift.operators.answer.Grammars.NUMBER;
import static io.nightshift.operators.answer.Grammars.STRING;
import static io.nightshift.operators.answer.Grammars.TRUE;
import static io.nightshift.operators.answer.Grammars.any;
import static io.nightshift.operators.answer.Grammars.array;
import static io.nightshift.operators.answer.Grammars.integers;
import static io.nightshift.operators.answer.Grammars.object;
import static io.nightshift.operators.answer.Grammars.open;
import static io.nightshift.operators.answer.Grammars.optional;
import static io.nightshift.operators.answer.Grammars.required;
import static io.nightshift.operators.answer.Grammars.rule;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.parquet.PythonReaders;
import io.nightshift.connectors.parquet.sink.ParquetFiles;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that are not this project's find typed answers. */
class AnswerReadersTest {
  private static final ValueRule RULE =
      rule(
          object(
              required("name", rule(STRING)),
              required("in.stock", rule(TRUE)),
              required("größe", rule(integers("[0-9]"))),
              optional("price", rule(NUMBER)),
              optional("count", rule(INTEGER)),
              required("tags", rule(array(rule(STRING, NULL)))),
              required(
                  "parts",
                  rule(
                      array(
                          rule(
                              object(
                                  optional("id", rule(STRING)),
                                  required("of", rule(array(rule(NUMBER))))),
                              NULL)))),
              optional("scores", rule(open("[a-z]+", rule(NUMBER, NULL)))),
              required("maker", rule(object(optional("city", rule(STRING))), NULL)),
              required("more", any())));

  private static final List<String> ANSWERS =
      List.of(
          """
          {"name":"Schraube\\n","in.stock":true,"größe":4,"price":1.5,"count":7,"tags":["a",null],\
          "parts":[{"id":"x","of":[1,2.5]},null,{"of":[]}],"scores":{"q":0.5,"r":null},\
          "maker":{"city":"Köln"},"more":{"a":[1.0]}}""",
          """
          {"name":"","in.stock":true,"größe":0,"tags":[],"parts":[],"maker":null,"more":"text"}""",
          """
          {"name":"x","in.stock":true,"größe":9,"count":99999999999999999999,"tags":["b"],\
          "parts":[null],"scores":{},"maker":{},"more":null}""");

  private static final String EXPECTED =
      """
      import json
      expected = [
        {'name': 'Schraube\\n', 'in.stock': True, 'größe': 4, 'price': 1.5, 'count': 7,
         'tags': ['a', None],
         'parts': [{'id': 'x', 'of': [1.0, 2.5]}, None, {'id': None, 'of': []}],
         'scores': {'q': 0.5, 'r': None}, 'maker': {'city': 'Köln'}, 'more': '{"a":[1.0]}'},
        None,
        {'name': '', 'in.stock': True, 'größe': 0, 'price': None, 'count': None, 'tags': [],
         'parts': [], 'scores': None, 'maker': None, 'more': '"text"'},
        {'name': 'x', 'in.stock': True, 'größe': 9, 'price': None, 'count': None, 'tags': ['b'],
         'parts': [None], 'scores': {}, 'maker': {'city': None}, 'more': None}]
      table = pq.read_table('answers.parquet')
      arrow = table.column('answer').to_pylist(maps_as_pydicts='strict')
      duck = [row[0] for row in duckdb.sql("select answer from 'answers.parquet'").fetchall()]
      for name, found in [('pyarrow', arrow), ('duckdb', duck)]:
        print(name, 'as expected' if found == expected else found)
      print(duckdb.sql("select typeof(answer) from 'answers.parquet'").fetchall()[0][0])
      print(duckdb.sql("select answer.maker.city, answer.more->>'$.a[0]' from 'answers.parquet'").fetchall()[0])
      """;

  @TempDir private Path folder;

  @Test
  void othersReadTypedAnswers() throws IOException, InterruptedException {
    Schema schema = new Schema(List.of(AnswerType.of("answer", RULE)));
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      AnswerWriter writer = new AnswerWriter(root.getVector(0));
      for (int i = 0; i < ANSWERS.size(); i++) {
        writer.write(ANSWERS.get(i).getBytes(UTF_8), i == 0 ? 0 : i + 1);
      }
      root.setRowCount(ANSWERS.size() + 1);
      ParquetFiles.write(
          new org.apache.flink.core.fs.Path(folder.resolve("answers.parquet").toUri()),
          schema,
          CompressionCodecName.ZSTD,
          root);
    }
    Files.writeString(folder.resolve("check.py"), EXPECTED);

    List<String> found =
        PythonReaders.python(folder, "exec(open('check.py', encoding='utf-8').read())");

    assertThat(found)
        .containsExactly(
            "pyarrow as expected",
            "duckdb as expected",
            """
            STRUCT("name" VARCHAR, "in.stock" BOOLEAN, "größe" BIGINT, price DOUBLE, count BIGINT,\
             tags VARCHAR[], parts STRUCT(id VARCHAR, "of" DOUBLE[])[],\
             scores MAP(VARCHAR, DOUBLE), maker STRUCT(city VARCHAR), more JSON)""",
            "('Köln', '1.0')");
  }
}
