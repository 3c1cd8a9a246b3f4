/* A small table for the tests: id long, region string; its files are described and do not exist. A failure ends the
 * program. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "evodb_lakehouse.h"

evodb_runtime *sample_runtime(void);
evodb_storage *sample_storage(evodb_runtime *runtime, const char *location);
/* A folder of this program's own, removed when it exits. */
const char *sample_folder(void);

/* Not committed yet. */
evodb_table *sample_table(evodb_storage *storage, const char *name);
/* One more file with this number of rows. Not committed yet. */
evodb_table *sample_append(const evodb_table *table, const char *path, int64_t record_count);
evodb_table *sample_commit(const evodb_table *table);
/* An empty table that is committed. */
evodb_table *sample_committed(evodb_storage *storage, const char *name);
evodb_table *sample_open(evodb_storage *storage, const char *name);
/* Number of files in a plan of the table, and of their rows. */
int64_t sample_files(const evodb_table *table, int64_t *out_rows);

#endif
