import static evodb.lakehouse.Lakehouse.*;
import static evodb.lakehouse.LakehouseConstants.*;

import evodb.lakehouse.LakehouseException;

/**
 * Lists a table's data files, one line each: path, tab, record count.
 *
 * <p>java -Djava.library.path=... ListFiles LAKE_FOLDER TABLE [FILTER]
 */
final class ListFiles {
  public static void main(String[] arguments) {
    System.loadLibrary("evodb_lakehouse_java");
    int runs = evodb_version() / 1000;
    if (runs != EVODB_VERSION_MAJOR * 1000 + EVODB_VERSION_MINOR) {
      fail(String.format("This program was built for evodb_lakehouse %d.%d, but the loaded library is %d.%d.",
          EVODB_VERSION_MAJOR, EVODB_VERSION_MINOR, runs / 1000, runs % 1000));
    }
    if (arguments.length != 2 && arguments.length != 3) fail("usage: ListFiles LAKE_FOLDER TABLE [FILTER]");
    try {
      listFiles(arguments[0], arguments[1], arguments.length == 3 ? arguments[2] : null);
    } catch (LakehouseException failure) {
      fail(failure.getMessage());
    }
  }

  private static void listFiles(String lake, String name, String filter) {
    long[] runtime = {0}, storage = {0}, table = {0}, predicate = {0}, plan = {0}, files = {0};
    boolean[] hasFile = {false};
    evodb_runtime_open(0, runtime);
    evodb_storage_open(runtime[0], lake, 0, storage);
    long opening = evodb_table_open(storage[0], name, 0);
    evodb_future_take_table(opening, -1, table);
    if (filter != null) evodb_predicate_parse(filter, predicate);
    long planning = evodb_table_plan(table[0], predicate[0], 0);
    evodb_future_take_plan(planning, -1, plan);
    evodb_plan_files(plan[0], files);
    for (evodb_file_cursor_next(files[0], hasFile); hasFile[0]; evodb_file_cursor_next(files[0], hasFile)) {
      System.out.println(evodb_file_cursor_path(files[0]) + "\t" + evodb_file_cursor_record_count(files[0]));
    }
    evodb_file_cursor_free(files[0]);
    evodb_plan_free(plan[0]);
    evodb_future_free(planning);
    evodb_predicate_free(predicate[0]);
    evodb_table_free(table[0]);
    evodb_future_free(opening);
    evodb_storage_free(storage[0]);
    evodb_runtime_free(runtime[0]);
  }

  private static void fail(String sentence) {
    System.err.println(sentence);
    System.exit(1);
  }
}
