package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import evodb.oracle.matrix.WriteMatrix;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers each line of JSON on stdin with one line of JSON on stdout, until stdin ends. */
public final class Oracle {
  private interface Operation {
    JsonNode answer(JsonNode request) throws Exception;
  }

  private static final Map<String, Operation> OPERATIONS =
      Map.ofEntries(
          Map.entry("open", Describe::open),
          Map.entry("describe", Describe::describe),
          Map.entry("manifests", Manifests::list),
          Map.entry("plan", Plan::plan),
          Map.entry("plans", Plan::plans),
          Map.entry("rows", Rows::rows),
          Map.entry("count", Rows::count),
          Map.entry("file_rows", Rows::fileRows),
          Map.entry("matches", Matches::matches),
          Map.entry("create", Changes::create),
          Map.entry("append", Changes::append),
          Map.entry("mutate", Changes::mutate),
          Map.entry("conflicts", Conflicts::outcomes),
          Map.entry("evolve", Changes::evolve),
          Map.entry("expire", Changes::expire),
          Map.entry("delete_rows", Deletes::deleteRows),
          Map.entry("add_deletes", Deletes::addDeletes),
          Map.entry("write_parquet", ParquetFiles::write),
          Map.entry("write_matrix", WriteMatrix::write));

  public static void main(String[] arguments) throws Exception {
    // Small tables are planned faster without threads.
    System.setProperty("iceberg.scan.plan-in-worker-pool", "false");
    // Only answers may reach stdout, whatever the libraries print.
    PrintStream answers = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    System.setOut(System.err);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      if (!line.isBlank()) {
        answers.print(answer(line) + "\n");
        answers.flush();
      }
    }
  }

  private static String answer(String line) {
    try {
      JsonNode request = Json.parse(line);
      String name = Json.text(request, "op");
      Operation operation = OPERATIONS.get(name);
      if (operation == null) {
        throw new IllegalArgumentException("no such op: " + name);
      }
      return operation.answer(request).toString();
    } catch (Exception | StackOverflowError | OutOfMemoryError | LinkageError failure) {
      return error(failure).toString();
    }
  }

  private static ObjectNode error(Throwable failure) {
    ObjectNode answer = Json.object();
    answer
        .putObject("error")
        .put("class", failure.getClass().getName())
        .put("message", failure.getMessage());
    return answer;
  }

  private Oracle() {}
}
