package evodb.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/** The files of a snapshot as its manifests have them, whether a scan would apply them or not. None without a snapshot. */
final class LiveFiles {
  static List<DataFile> data(Table table, Snapshot snapshot) {
    List<DataFile> files = new ArrayList<>();
    if (snapshot != null) {
      for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
        collect(ManifestFiles.read(manifest, table.io(), table.specs()), files);
      }
    }
    return files;
  }

  static List<DeleteFile> deletes(Table table, Snapshot snapshot) {
    List<DeleteFile> files = new ArrayList<>();
    if (snapshot != null) {
      for (ManifestFile manifest : snapshot.deleteManifests(table.io())) {
        collect(ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs()), files);
      }
    }
    return files;
  }

  private static <F extends ContentFile<F>> void collect(CloseableIterable<F> read, List<F> files) {
    try (read) {
      // A reader fills the same object again and again.
      read.forEach(file -> files.add(file.copy()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private LiveFiles() {}
}
