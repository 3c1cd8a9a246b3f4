import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.types.Types;

/** What bench_commits append does, with HadoopTables: Commits LOCATION WRITERS COMMITS. The first tenth warms up. */
public final class Commits {
  private static final AtomicInteger next = new AtomicInteger();
  private static final AtomicInteger failed = new AtomicInteger();

  public static void main(String[] words) throws Exception {
    String location = words[0];
    int writers = Integer.parseInt(words[1]);
    int commits = Integer.parseInt(words[2]);
    HadoopTables tables = new HadoopTables(new Configuration());
    if (!tables.exists(location)) {
      Schema schema = new Schema(Types.NestedField.optional(1, "id", Types.LongType.get()));
      tables.create(schema, PartitionSpec.unpartitioned(), location);
    }
    run(tables, location, writers, Math.max(20, commits / 10));
    failed.set(0);
    long begun = System.nanoTime();
    List<Double> waited = run(tables, location, writers, commits);
    double seconds = (System.nanoTime() - begun) / 1e9;
    Collections.sort(waited);
    System.out.printf(
        "{\"commits\":%d,\"seconds\":%.3f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"failed\":%d}%n",
        waited.size(), seconds, waited.get(waited.size() / 2), waited.get(waited.size() * 99 / 100), failed.get());
  }

  private static List<Double> run(HadoopTables tables, String location, int writers, int commits) throws Exception {
    next.set(0);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<List<Double>>> running = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      Callable<List<Double>> work = () -> write(tables.load(location), commits);
      running.add(threads.submit(work));
    }
    List<Double> waited = new ArrayList<>();
    for (Future<List<Double>> one : running) waited.addAll(one.get());
    threads.shutdown();
    return waited;
  }

  private static List<Double> write(Table table, int commits) {
    List<Double> waited = new ArrayList<>();
    for (int i = next.getAndIncrement(); i < commits; i = next.getAndIncrement()) {
      String path = table.location() + "/data/" + Thread.currentThread().getName() + "-" + System.nanoTime() + ".parquet";
      long sent = System.nanoTime();
      try {
        table
            .newFastAppend()
            .appendFile(
                DataFiles.builder(table.spec()).withPath(path).withFileSizeInBytes(100_000).withRecordCount(1000).build())
            .commit();
        waited.add((System.nanoTime() - sent) / 1e6);
      } catch (CommitFailedException lost) {
        failed.incrementAndGet(); // after four retries, which is the default
      }
    }
    return waited;
  }
}
