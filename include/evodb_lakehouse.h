/* evodb_lakehouse.h - Apache Iceberg tables directly on object storage, with no catalog server.
 *
 * This header is the whole API and its manual. It is C99 and includes only the two headers below.
 *
 * CONVENTIONS, which hold for every function unless its comment says otherwise
 *
 *  1. Names. evodb_<noun>_<verb>. The order of parameters is: receiver, inputs, out_..., error. Parameter names are
 *     part of the API: the generators of the bindings match on them.
 *  2. Handles are opaque. A type is SHARED (immutable or locked inside: any thread, any time) or EXCLUSIVE (one thread
 *     at a time); the comment of each type says which. A `const T *` may always be used concurrently.
 *  3. Ownership. The caller owns what a function returns through `T **out_...` or as an evodb_future *, and frees it
 *     with the _free function of its type. _free(NULL) does nothing. No function takes ownership of its arguments,
 *     except for Arrow structures, which are moved as Arrow specifies: after the call, successful or not, their
 *     `release` is NULL. A handle keeps alive what it was made from, so handles may be freed in any order. Freeing a
 *     handle is its last use, also if it is SHARED: no other thread may be inside a call with it then, or begin one.
 *  4. Input strings are UTF-8: a pointer with a length in bytes; length -1 means NUL-terminated. NULL with length 0 or
 *     -1 is the empty string, where the comment says that the string may be left out. Input strings are copied before
 *     the call returns. Output strings are never NULL. They are borrowed: they live as long as the handle they came
 *     from. They end with a NUL that the length does not count. A function that returns one string and cannot fail
 *     returns it directly; others have `const char **out_x, int64_t *out_x_length`. A length pointer may be NULL, and
 *     so may out_x.
 *  5. Errors. A function that can fail returns an evodb_status; EVODB_OK is 0. If `error` is not NULL and the call
 *     fails, *error is a new evodb_error that the caller frees; on success *error is not written. On failure no out
 *     parameter is written. NULL where a handle or an out parameter is required, invalid UTF-8, and lengths below -1
 *     give EVODB_INVALID_ARGUMENT, never a crash.
 *  6. I/O. A function that returns an evodb_future * starts work on the runtime and returns at once, never NULL; every
 *     failure, including wrong arguments, arrives through the future. All other functions do no I/O and do not wait,
 *     except those whose comment says "Waits".
 *  7. Units. Sizes and counts are int64_t; times are int64_t milliseconds since 1970-01-01 UTC and their names end in
 *     _ms; -1 means none or unknown where the comment says so.
 *  8. Processes. After fork, the child cannot use what needs the parent's runtime (EVODB_FORKED); it can read what the
 *     parent's handles hold, and free them. exit without freeing anything is clean; operations that are still running
 *     then fail. All signals are blocked in the library's threads. The library does not depend on the locale. A process
 *     may have any number of runtimes, and of copies of the library.
 *  9. Iterators. The next function of a cursor, and get_next of a stream, return one item after another until the end.
 *     A failure of the iteration is final: every later call returns the same error. No call skips what could not be
 *     read, so an iteration that reached its end was complete. To try again, take a new cursor from the same plan. An
 *     incorrect call is not a failure of the iteration: a NULL parameter, EVODB_WOULD_DEADLOCK, EVODB_FORKED. An
 *     iteration can be cancelled from any thread, also while another thread waits in next: the waiting call, or
 *     otherwise the next one, fails with EVODB_CANCELLED, which is final too. "runtime.operation-timeout-ms" limits
 *     each call that has to read, not the whole iteration (EVODB_DEADLINE_EXCEEDED).
 *
 * Everything here exists since 0.1. Before 1.0 a minor version may change it; the SONAME then changes with it.
 */
#ifndef EVODB_LAKEHOUSE_H
#define EVODB_LAKEHOUSE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define EVODB_API __attribute__((visibility("default")))
#else
#define EVODB_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------------------------------------------- version */

#define EVODB_VERSION_MAJOR 0
#define EVODB_VERSION_MINOR 1
#define EVODB_VERSION_PATCH 0

/** The version of the loaded library, as major * 1000000 + minor * 1000 + patch. Before any other call, compare its
 * major part (before 1.0: also the minor part) with the macros above. */
EVODB_API int32_t evodb_version(void);

/* ----------------------------------------------------------------------------------------------------------- status */

typedef int32_t evodb_status;

/** 0 is false. As input, any other value is true; as output, true is 1. */
typedef int32_t evodb_bool;

#define EVODB_OK 0
/* BEGIN generated from src/base/error_codes.def by scripts/generate-statuses */
/* 1000: the caller */
/** An argument, option or file content given by the caller is wrong. */
#define EVODB_INVALID_ARGUMENT 1000
/** A filter does not parse, or does not fit the schema. */
#define EVODB_INVALID_FILTER 1001
/** A schema change or a data file's columns do not fit the table's schema. */
#define EVODB_INCOMPATIBLE_SCHEMA 1002
/** Valid, but not something this version of the library, or the store, does. */
#define EVODB_UNSUPPORTED 1003
/** Waiting inside a callback, which would never end. */
#define EVODB_WOULD_DEADLOCK 1004
/** The handle was made before this process was forked. */
#define EVODB_FORKED 1005
/* 2000: what exists or not */
/** No such table, snapshot, ref, column, key or object. */
#define EVODB_NOT_FOUND 2000
/** The table, column or path exists already. */
#define EVODB_ALREADY_EXISTS 2001
/* 3000: the commit */
/** A change that was committed first contradicts this one: open the newest version and decide again. */
#define EVODB_CONFLICT 3000
/** The commit may have succeeded: commit the same value again, never append the files again. */
#define EVODB_COMMIT_STATE_UNKNOWN 3001
/** A higher sequence of the application is committed, and whether this one was cannot be determined. */
#define EVODB_IDEMPOTENCY_KEY_OUT_OF_ORDER 3002
/** A filter may match only some of the rows of some files: rewrite these files, or delete their rows. */
#define EVODB_PARTIAL_MATCH 3003
/* 4000: the store */
/** The store did not respond, or reported that it is temporarily unavailable. */
#define EVODB_STORAGE_UNAVAILABLE 4000
/** The store refused the credentials or the right to do this. */
#define EVODB_ACCESS_DENIED 4001
/** The store cannot create an object exclusively, so commits would not be safe. */
#define EVODB_UNSAFE_STORE 4002
/* 5000: the format */
/** What storage holds is not what the format allows. */
#define EVODB_CORRUPT 5000
/* 6000: ended early, or a defect */
/** Cancelled by the caller, before anything was committed. */
#define EVODB_CANCELLED 6000
/** Cancelled because it took longer than the runtime allows, before anything was committed. */
#define EVODB_DEADLINE_EXCEEDED 6001
/** Over the memory budget, out of disk, or out of another limit. */
#define EVODB_RESOURCE_EXHAUSTED 6002
/** A defect in the library. */
#define EVODB_INTERNAL 6003
/** A wait timed out: the operation goes on, so wait again. */
#define EVODB_WAIT_TIMED_OUT 6004
/* END generated */

/** "NOT_FOUND" for EVODB_NOT_FOUND, "OK" for EVODB_OK, "UNKNOWN" for a number that is no status. Static,
 * NUL-terminated. */
EVODB_API const char *evodb_status_name(evodb_status status);

/** One sentence that says when the status is returned. Static, NUL-terminated. */
EVODB_API const char *evodb_status_description(evodb_status status);

/** 1 if the same call may succeed later unchanged, otherwise 0. */
EVODB_API evodb_bool evodb_status_is_retryable(evodb_status status);

/** 1 if a commit that ended with this status, or a wait for it, may have succeeded: EVODB_COMMIT_STATE_UNKNOWN and
 * EVODB_WAIT_TIMED_OUT. Then commit the same table value again; never append the files again. */
EVODB_API evodb_bool evodb_status_may_have_committed(evodb_status status);

/* ------------------------------------------------------------------------------------------------------------ error */

/** SHARED. One failure. It never contains a secret. */
typedef struct evodb_error evodb_error;

EVODB_API void evodb_error_free(evodb_error *error);

EVODB_API evodb_status evodb_error_code(const evodb_error *error);

/** One line for a human reader: what is wrong and where. */
EVODB_API const char *evodb_error_message(const evodb_error *error, int64_t *out_length);

/** The object, file, column or key that it concerns; empty if there is none. */
EVODB_API const char *evodb_error_subject(const evodb_error *error, int64_t *out_length);

/** HTTP status of the store's response; 0: none. */
EVODB_API int32_t evodb_error_http_status(const evodb_error *error);

/** The store's own error code, such as "SlowDown"; empty if none. */
EVODB_API const char *evodb_error_store_code(const evodb_error *error, int64_t *out_length);

/** The store's id of the failed request; empty if none. */
EVODB_API const char *evodb_error_request_id(const evodb_error *error, int64_t *out_length);

/** How long the store asks to wait before the next try, in milliseconds, at most a day; -1: not given. */
EVODB_API int64_t evodb_error_retry_after_ms(const evodb_error *error);

/** With EVODB_COMMIT_STATE_UNKNOWN: the token that identifies the commit, for evodb_table_resolve; otherwise empty. */
EVODB_API const char *evodb_error_token(const evodb_error *error, int64_t *out_length);

/* ---------------------------------------------------------------------------------------------------------- options */

/** EXCLUSIVE. Named settings; each function that takes options lists its keys. A key that is not in its list is
 * EVODB_INVALID_ARGUMENT, and so is a value out of range or of another type. Options are copied: they may be freed or
 * reused after the call. */
typedef struct evodb_options evodb_options;

EVODB_API evodb_status evodb_options_new(evodb_options **out_options, evodb_error **error);
EVODB_API void evodb_options_free(evodb_options *options);

/** Sets or replaces a key. A string is also accepted for integers and booleans ("true", "false"), as command lines give
 * them. */
EVODB_API evodb_status evodb_options_set_string(evodb_options *options, const char *key, int64_t key_length,
                                                const char *value, int64_t value_length, evodb_error **error);
EVODB_API evodb_status evodb_options_set_int64(evodb_options *options, const char *key, int64_t key_length,
                                               int64_t value, evodb_error **error);
EVODB_API evodb_status evodb_options_set_bool(evodb_options *options, const char *key, int64_t key_length,
                                              evodb_bool value, evodb_error **error);

/** SHARED. Keys of a bucket, which may expire. */
typedef struct evodb_credentials evodb_credentials;

EVODB_API void evodb_credentials_free(evodb_credentials *credentials);
/** `token`: the session token, NULL for none. `expires_at_ms` (epoch milliseconds): when they expire; 0: never. */
EVODB_API evodb_status evodb_credentials_new(const char *key, int64_t key_length, const char *secret,
                                             int64_t secret_length, const char *token, int64_t token_length,
                                             int64_t expires_at_ms, evodb_credentials **out_credentials,
                                             evodb_error **error);

/** Returns valid credentials, made by evodb_credentials_new, which the library frees; or NULL if there are none: the
 * operation then fails with EVODB_ACCESS_DENIED. */
typedef evodb_credentials *(*evodb_credentials_callback)(void *context);

/** Makes evodb_storage_open take a bucket's keys from `callback(context)` instead of strings. It is called when the
 * first request is signed, and again five minutes before the keys expire, or after three quarters of a shorter
 * lifetime. It is called on the runtime's callback thread, one call at a time, and may block; an operation that is
 * cancelled or times out does not wait for it. `context` must remain valid as long as anything that was made from the
 * storage. */
EVODB_API evodb_status evodb_options_set_credentials(evodb_options *options, evodb_credentials_callback callback,
                                                     void *context, evodb_error **error);

/* ---------------------------------------------------------------------------------------------------------- runtime */

/** SHARED. The threads, clocks, caches and memory budget that everything else runs on. */
typedef struct evodb_runtime evodb_runtime;

/** Starts the threads.
 * `options` may be NULL. Keys: "runtime.io-threads" (1 to 64, default 1), "runtime.cpu-threads" (1 to 1024, default:
 * one for each core), "runtime.blocking-threads" (1 to 256, default 4; for local files and name resolution: when an
 * operation is cancelled, its blocked call is abandoned, and up to 64 such calls do not delay others),
 * "runtime.memory-limit-bytes" (at least 16 MiB, default 1 GiB; large buffers and the cache together),
 * "runtime.cache-bytes" (default a quarter of the memory limit, 0: no cache): how much of the memory may hold decoded
 * manifests of tables for later plans and commits; entries are evicted when other work needs the memory,
 * "runtime.operation-timeout-ms" (up to a day, default 0: none): an operation that takes longer is cancelled, and ends
 * with EVODB_DEADLINE_EXCEEDED, or with the result that it already had; a commit that was sent ends with
 * EVODB_COMMIT_STATE_UNKNOWN. The operation may go on for some seconds, at most ten, to wait for the response to what
 * was sent and to delete what is no longer needed. */
EVODB_API evodb_status evodb_runtime_open(const evodb_options *options, evodb_runtime **out_runtime,
                                          evodb_error **error);

/** Frees this handle. The threads end when the last handle made from the runtime is freed and its last operation has
 * ended; waits for that only if this is the last handle and the call is not on one of the runtime's threads. */
EVODB_API void evodb_runtime_free(evodb_runtime *runtime);

#define EVODB_RUNTIME_CACHE_HITS 1   /* manifests that were found in the cache */
#define EVODB_RUNTIME_CACHE_MISSES 2 /* manifests that had to be read from storage */
#define EVODB_RUNTIME_CACHE_BYTES 3  /* in the cache, now */
#define EVODB_RUNTIME_MEMORY_BYTES 4 /* of the memory limit in use, now; the cache's are among them */

/** What this runtime has counted so far. -1 for another `counter`. */
EVODB_API int64_t evodb_runtime_count(const evodb_runtime *runtime, int32_t counter);

/* ----------------------------------------------------------------------------------------------------------- events */

/** SHARED, but valid only during the callback. A log record, or the start or end of a span (OpenTelemetry's term): of
 * an operation, which is named after the function that started it, or of a request to a bucket. It never contains a
 * secret. */
typedef struct evodb_event evodb_event;

#define EVODB_EVENT_LOG 1
#define EVODB_EVENT_SPAN_STARTED 2
#define EVODB_EVENT_SPAN_ENDED 3

#define EVODB_LOG_NONE 0
#define EVODB_LOG_ERROR 1
#define EVODB_LOG_WARNING 2
#define EVODB_LOG_INFO 3
#define EVODB_LOG_DEBUG 4

typedef void (*evodb_event_callback)(void *context, const evodb_event *event);

/** Makes evodb_runtime_open report the events of the runtime to `callback(context, event)`: all spans, and log records
 * up to `highest_log_level`. It is called on the runtime's callback thread, one call at a time. Up to 4096 events are
 * queued; more are dropped, and a log record says how many. Events that are queued when the runtime is freed as the
 * last handle are reported before that call returns, on its thread. `context` must remain valid as long as anything
 * that was made from the runtime, and until the background work of commits has ended (evodb_storage_flush). */
EVODB_API evodb_status evodb_options_set_observer(evodb_options *options, evodb_event_callback callback, void *context,
                                                  int32_t highest_log_level, evodb_error **error);

/** EVODB_EVENT_LOG, EVODB_EVENT_SPAN_STARTED or EVODB_EVENT_SPAN_ENDED. */
EVODB_API int32_t evodb_event_kind(const evodb_event *event);
/** The level of a log record; EVODB_LOG_NONE for other events. */
EVODB_API int32_t evodb_event_log_level(const evodb_event *event);
/** The message of a log record, which is constant for each kind of record; the name of the span. */
EVODB_API const char *evodb_event_name(const evodb_event *event, int64_t *out_length);
/** Epoch nanoseconds. Starts and log records have millisecond precision; the end of a span is its start plus the exact
 * duration. */
EVODB_API int64_t evodb_event_time_ns(const evodb_event *event);
/** 32 hex digits, the same for all events of one call of the library: see evodb_future_operation_id. It is
 * OpenTelemetry's trace id. */
EVODB_API const char *evodb_event_operation_id(const evodb_event *event, int64_t *out_length);
/** 16 hex digits: the span itself, or the span in which a log record was made. */
EVODB_API const char *evodb_event_span_id(const evodb_event *event, int64_t *out_length);
/** The parent of a span; empty for an operation and for log records. */
EVODB_API const char *evodb_event_parent_id(const evodb_event *event, int64_t *out_length);
/** Keys are OpenTelemetry's where it defines one: "http.request.method", "url.path", "http.response.status_code",
 * "error.type". A span has its attributes at its end. */
EVODB_API int64_t evodb_event_attribute_count(const evodb_event *event);
/** 0 <= index < count. */
EVODB_API evodb_status evodb_event_attribute(const evodb_event *event, int64_t index, const char **out_key,
                                             int64_t *out_key_length, const char **out_value, int64_t *out_value_length,
                                             evodb_error **error);

/* ----------------------------------------------------------------------------------------------------------- future */

/** SHARED. A running operation, and later its result. */
typedef struct evodb_future evodb_future;

/** Frees the handle. An operation that has not ended is cancelled (evodb_future_cancel says how long it may still run;
 * this call does not wait for that). A registered callback is still called once. */
EVODB_API void evodb_future_free(evodb_future *future);

/** Also frees the handle, but lets the operation run to its end. Its result is freed and its failure is lost: a
 * detached commit succeeds or fails, and its outcome and its token are not reported (to find out, commit the same value
 * again). A registered callback is still called once. */
EVODB_API void evodb_future_detach(evodb_future *future);

/** Waits until the operation has ended, at most `timeout_ms` (-1: without limit; 0: does not wait). Returns the
 * operation's own status, or EVODB_WAIT_TIMED_OUT if it is still running (it goes on: wait again, cancel it, or release
 * it with evodb_future_detach), or EVODB_WOULD_DEADLOCK inside a callback of the same runtime. The evodb_future_take_
 * functions wait in the same way. */
EVODB_API evodb_status evodb_future_wait(const evodb_future *future, int64_t timeout_ms, evodb_error **error);

/** 1 if the operation has ended, otherwise 0. */
EVODB_API evodb_bool evodb_future_is_ready(const evodb_future *future);

/** The operation id that all events of the operation have: 32 hex digits; empty if the runtime has no observer. */
EVODB_API const char *evodb_future_operation_id(const evodb_future *future, int64_t *out_length);

/** Progress of an upload: bytes that the store has received, and the total. Both are 0 until the total is known, and
 * for every other operation. Either may be NULL. */
EVODB_API void evodb_future_progress(const evodb_future *future, int64_t *out_done_bytes, int64_t *out_total_bytes);

/** Asks the operation to end early, from any thread, any number of times; returns at once. It then ends with
 * EVODB_CANCELLED, or with the result that it already had: a commit that was sent ends as committed or with
 * EVODB_COMMIT_STATE_UNKNOWN. Most operations end at once; one that has sent a write waits for the response, and
 * deletes what is no longer needed: for some seconds, at most ten. */
EVODB_API void evodb_future_cancel(const evodb_future *future);

typedef void (*evodb_ready_callback)(void *context);

/** Registers `callback(context)` to be called exactly once when the operation has ended, on the runtime's callback
 * thread, never inside this call. The callback may free any handle, start operations, and take the result of this
 * future; waiting for another future is refused. A future has one callback; a second is EVODB_ALREADY_EXISTS. If this
 * call fails, `callback` is never called with this `context`. */
EVODB_API evodb_status evodb_future_on_ready(const evodb_future *future, evodb_ready_callback callback, void *context,
                                             evodb_error **error);

/* ---------------------------------------------------------------------------------------------------------- storage */

/** SHARED. Where tables and files are stored: an object store and a root. Nothing outside the root can be accessed. */
typedef struct evodb_storage evodb_storage;

/** Opens a storage; sends no request.
 * `location`: a local folder ("./lake", "/data/lake", "file:///data/lake"; created on the first write),
 * "s3://bucket/prefix" or "r2://bucket/prefix" (the same; metadata says s3), or "memory://name" (one storage for all
 * handles that are opened with that name in the same runtime; it ends with the last of these handles and of what was
 * made from them).
 * `options` may be NULL. Keys, all for buckets; in brackets what applies where the key is not given:
 *   "storage.endpoint" (URL; https, or http to this machine) [AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL],
 *   "storage.account-id" (Cloudflare's, where no endpoint is given) [CLOUDFLARE_ACCOUNT_ID],
 *   "storage.jurisdiction" (of the account's endpoint: "eu", ...),
 *   "storage.access-key-id", "storage.secret-access-key", "storage.session-token" [AWS_ACCESS_KEY_ID,
 *   AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN], "storage.region" [AWS_REGION, AWS_DEFAULT_REGION, "auto"],
 *   "storage.profile" [AWS_PROFILE, AWS_DEFAULT_PROFILE, "default"]: keys, region and endpoint of ~/.aws/credentials
 *   and ~/.aws/config (AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE), where nothing above gives them; a profile that is
 *   given here takes precedence over the environment. EVODB_UNSUPPORTED if it gets keys by a role, single sign-on or a
 *   process,
 *   "storage.ca-file" (PEM) [AWS_CA_BUNDLE, the system's certificates], "storage.path-style" (bool) [true],
 *   "storage.allow-http" (bool: unencrypted to other machines) [false],
 *   "storage.max-connections" (int64, 1 to 4096: in use at a time) [64], and int64 milliseconds
 *   "storage.connect-timeout-ms" [10000], "storage.attempt-timeout-ms" [60000] for one try of a request, and
 *   "storage.retry-budget-ms" [60000]: how long after its first try another one may begin.
 * Proxies: https_proxy, http_proxy, all_proxy, no_proxy, and their upper-case forms, except for HTTP_PROXY, which is
 * not read. Endpoints on this machine (localhost, 127.0.0.1, ::1) are reached without a proxy, whatever these say.
 * Blanks and line feeds around these texts are ignored. EVODB_DEADLINE_EXCEEDED if the profile's or the certificates'
 * file cannot be read within the connect timeout. */
EVODB_API evodb_status evodb_storage_open(evodb_runtime *runtime, const char *location, int64_t location_length,
                                          const evodb_options *options, evodb_storage **out_storage,
                                          evodb_error **error);
EVODB_API void evodb_storage_free(evodb_storage *storage);

/** Waits for the background work of commits. A bucket accepts one write per second of the same object, so if commits
 * are more frequent, the table's version hint, by which other engines find the newest version, is written later. If a
 * process ends without a flush, the hint may lag; the table is not affected. The future's only result is its status. */
EVODB_API evodb_future *evodb_storage_flush(evodb_storage *storage);

#define EVODB_STORAGE_GETS 1
#define EVODB_STORAGE_HEADS 2
#define EVODB_STORAGE_PUTS 3 /* including the start, the parts and the end of a multipart upload */
#define EVODB_STORAGE_LISTS 4
#define EVODB_STORAGE_DELETES 5
#define EVODB_STORAGE_RETRIES 6
#define EVODB_STORAGE_BYTES_SENT 7
#define EVODB_STORAGE_BYTES_RECEIVED 8
#define EVODB_STORAGE_CLASS_A 9  /* what R2 bills as such: puts and lists */
#define EVODB_STORAGE_CLASS_B 10 /* gets and heads */
#define EVODB_STORAGE_CONNECTIONS_OPENED 11
#define EVODB_STORAGE_CONNECTIONS_IN_USE 12     /* now */
#define EVODB_STORAGE_WAITS_FOR_A_CONNECTION 13 /* requests that found max-connections in use */

/** What this storage has requested from its bucket so far: requests (each try counts) and bytes of their bodies. 0 for
 * a storage that is not a bucket, -1 for an unknown `counter`. */
EVODB_API int64_t evodb_storage_count(const evodb_storage *storage, int32_t counter);

/** The root as it is written in metadata: "file:///data/lake". */
EVODB_API const char *evodb_storage_location(const evodb_storage *storage, int64_t *out_length);

/* ---------------------------------------------------------------------------------------------------------- objects */

/* Whole objects of a storage, for what an application stores beside its tables. `path`: relative to the root of the
 * storage, or absolute within it. */

/** SHARED. The content of an object, or of a part of it. */
typedef struct evodb_object evodb_object;

EVODB_API void evodb_object_free(evodb_object *object);
/** The bytes that were read. */
EVODB_API const uint8_t *evodb_object_data(const evodb_object *object, int64_t *out_length);
/** Size in bytes of the whole object, even if only a part was read. */
EVODB_API int64_t evodb_object_size(const evodb_object *object);
/** When it was stored, by the store's clock (epoch milliseconds); 0 if the store does not report it. */
EVODB_API int64_t evodb_object_last_modified_ms(const evodb_object *object);

/** Reads an object, or a part of it, into memory; take with evodb_future_take_object. EVODB_NOT_FOUND if there is none.
 * `options` may be NULL. Keys: "read.offset" (int64, bytes; negative: from the end), "read.length" (int64, bytes;
 * default: to the end). A part beyond the end is shortened to what exists. */
EVODB_API evodb_future *evodb_object_read(evodb_storage *storage, const char *path, int64_t path_length,
                                          const evodb_options *options);
EVODB_API evodb_status evodb_future_take_object(evodb_future *future, int64_t timeout_ms, evodb_object **out_object,
                                                evodb_error **error);

/** Stores `value` (copied by this call), durably and whole or not at all. The future's only result is its status.
 * `options` may be NULL. Keys: "write.if-absent" (bool, default false: an existing object is replaced; true: it is
 * EVODB_ALREADY_EXISTS), "write.content-type" (string). After EVODB_STORAGE_UNAVAILABLE, EVODB_CANCELLED and
 * EVODB_DEADLINE_EXCEEDED it is unknown whether the object was stored, and it may still be stored later: what was sent
 * may still arrive. */
EVODB_API evodb_future *evodb_object_write(evodb_storage *storage, const char *path, int64_t path_length,
                                           const uint8_t *value, int64_t value_length, const evodb_options *options);

/** Deletes objects; one that does not exist is no error. The future's only result is its status; its error names the
 * first object that could not be deleted, others may have been deleted. After EVODB_STORAGE_UNAVAILABLE,
 * EVODB_CANCELLED and EVODB_DEADLINE_EXCEEDED they may also be deleted later, with what was written to their names in
 * the meantime. `paths`: `path_count` strings of `path_lengths` bytes (NULL: all NUL-terminated). */
EVODB_API evodb_future *evodb_objects_delete(evodb_storage *storage, const char *const *paths,
                                             const int64_t *path_lengths, int64_t path_count);

/** SHARED. A list of objects, ordered by the bytes of their paths. */
typedef struct evodb_listing evodb_listing;

/** Lists the objects in a folder and below; take with evodb_future_take_listing. `path`: the folder; empty: the root.
 * An empty list is no error. `options` may be NULL. Keys: "list.start-after" (string: a path; objects up to and
 * including it are left out), "list.limit" (int64, at least 1; default: all). */
EVODB_API evodb_future *evodb_objects_list(evodb_storage *storage, const char *path, int64_t path_length,
                                           const evodb_options *options);
EVODB_API evodb_status evodb_future_take_listing(evodb_future *future, int64_t timeout_ms, evodb_listing **out_listing,
                                                 evodb_error **error);
EVODB_API void evodb_listing_free(evodb_listing *listing);
EVODB_API int64_t evodb_listing_count(const evodb_listing *listing);
/** One object: its absolute path, size in bytes, and when it was stored (epoch milliseconds; 0: unknown).
 * 0 <= index < count. */
EVODB_API evodb_status evodb_listing_get(const evodb_listing *listing, int64_t index, const char **out_path,
                                         int64_t *out_path_length, int64_t *out_size, int64_t *out_last_modified_ms,
                                         evodb_error **error);

/* ----------------------------------------------------------------------------------------------------------- schema */

/** SHARED. A table's columns (Iceberg specification, "Schemas and Data Types"). */
typedef struct evodb_schema evodb_schema;

/** Reads the specification's schema JSON. Field ids are kept if every field has a positive one and all are different,
 * and assigned from 1 if no field has one; anything else is EVODB_INVALID_ARGUMENT naming the field. */
EVODB_API evodb_status evodb_schema_parse(const char *json, int64_t json_length, evodb_schema **out_schema,
                                          evodb_error **error);
EVODB_API void evodb_schema_free(evodb_schema *schema);

/** The specification's schema JSON, compact. */
EVODB_API const char *evodb_schema_json(const evodb_schema *schema, int64_t *out_length);

EVODB_API int32_t evodb_schema_id(const evodb_schema *schema);

/** Finds a column by its full name ("address.zip"). `out_type` is the type as text ("decimal(9,2)", "list<string>").
 * Any out parameter may be NULL. EVODB_NOT_FOUND if there is no such column. */
EVODB_API evodb_status evodb_schema_find(const evodb_schema *schema, const char *name, int64_t name_length,
                                         int32_t *out_field_id, const char **out_type, int64_t *out_type_length,
                                         evodb_bool *out_required, evodb_error **error);

struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;

/** Reads an Arrow schema, a struct of columns (Arrow C data interface; moved). Field ids are the fields' metadata
 * "PARQUET:field_id", with the rule of evodb_schema_parse, and documentation is "doc". Signed and unsigned integers of up to
 * 16 bits become int, unsigned ones of 32 bits long, times and timestamps of seconds and milliseconds those of
 * microseconds, timestamps of nanoseconds timestamp_ns; large and view variants of utf8 and binary, fixed-size and large
 * lists, and dictionaries what they hold; arrow.uuid uuid; null unknown. EVODB_INVALID_ARGUMENT names a column of another
 * type: unsigned integers of 64 bits, half floats, decimals of other than 128 bits, date64, time zones other than UTC,
 * times of nanoseconds, durations, unions. */
EVODB_API evodb_status evodb_schema_from_arrow(struct ArrowSchema *array_schema, evodb_schema **out_schema,
                                               evodb_error **error);
/** The schema as Arrow's, with field ids and documentation in the fields' metadata; the caller releases it.
 * EVODB_UNSUPPORTED names a column of type variant, geometry or geography. */
EVODB_API evodb_status evodb_schema_to_arrow(const evodb_schema *schema, struct ArrowSchema *out_array_schema,
                                             evodb_error **error);

/** EXCLUSIVE. Builds a schema column by column. */
typedef struct evodb_schema_builder evodb_schema_builder;

EVODB_API evodb_status evodb_schema_builder_new(evodb_schema_builder **out_builder, evodb_error **error);
EVODB_API void evodb_schema_builder_free(evodb_schema_builder *builder);

/** Adds a top-level column at the end; field ids are assigned when the schema is finished.
 * `type`: "boolean", "int" ("int32"), "long" ("int64"), "float" ("float32"), "double" ("float64"), "decimal(P,S)",
 * "date", "time", "timestamp", "timestamptz", "string", "uuid", "fixed[L]", "binary", in format version 3
 * "timestamp_ns", "timestamptz_ns", "variant", "unknown"; or nested: "list<T>", "map<K,V>", "struct<a: T, b: required
 * T>". `doc` may be left out. */
EVODB_API evodb_status evodb_schema_builder_add(evodb_schema_builder *builder, const char *name, int64_t name_length,
                                                const char *type, int64_t type_length, evodb_bool required,
                                                const char *doc, int64_t doc_length, evodb_error **error);
/** Makes the schema; the builder can be used further. */
EVODB_API evodb_status evodb_schema_builder_finish(const evodb_schema_builder *builder, evodb_schema **out_schema,
                                                   evodb_error **error);

/** SHARED. The differences between two schemas, and whether they break readers and writers of the old one. */
typedef struct evodb_schema_comparison evodb_schema_comparison;

/** Compares by field id. `format_version` (2 or 3) decides which promotions and defaults are possible. Compatible is what
 * EVODB_COMPATIBILITY_BACKWARD is, except for a dropped column, which is not. */
EVODB_API evodb_status evodb_schema_compare(const evodb_schema *old_schema, const evodb_schema *new_schema,
                                            int32_t format_version, evodb_schema_comparison **out_comparison,
                                            evodb_error **error);

/* The same differences, each judged by what has to fit together: nothing; the new schema and rows written with the old
 * one; the old schema and rows written with the new one; or both. */
#define EVODB_COMPATIBILITY_NONE 0
#define EVODB_COMPATIBILITY_BACKWARD 1
#define EVODB_COMPATIBILITY_FORWARD 2
#define EVODB_COMPATIBILITY_FULL 3

/** evodb_schema_compare with a `mode`, one of EVODB_COMPATIBILITY_... */
EVODB_API evodb_status evodb_schema_compare_mode(const evodb_schema *old_schema, const evodb_schema *new_schema,
                                                 int32_t format_version, int32_t mode,
                                                 evodb_schema_comparison **out_comparison, evodb_error **error);
EVODB_API void evodb_schema_comparison_free(evodb_schema_comparison *comparison);
/** 1 if no difference is breaking. */
EVODB_API evodb_bool evodb_schema_comparison_is_compatible(const evodb_schema_comparison *comparison);
EVODB_API int64_t evodb_schema_comparison_count(const evodb_schema_comparison *comparison);
/** One difference. `out_kind`: "added", "dropped", "renamed", "moved", "widened", "narrowed", "type changed",
 * "made optional", "made required", "doc", "default", "id reused", "identifier fields". `out_column`: full name (in the
 * new schema; of a dropped column, in the old one). `out_reason`: one sentence. Any out parameter may be NULL.
 * EVODB_INVALID_ARGUMENT if `index` is out of range. */
EVODB_API evodb_status evodb_schema_comparison_get(const evodb_schema_comparison *comparison, int64_t index,
                                                   evodb_bool *out_compatible, const char **out_kind,
                                                   int64_t *out_kind_length, const char **out_column,
                                                   int64_t *out_column_length, const char **out_reason,
                                                   int64_t *out_reason_length, evodb_error **error);

/** EXCLUSIVE. A list of changes to a schema, applied in the order in which they were added. Columns are named by their
 * full name after the previous changes. What Iceberg forbids (narrowing, another type) is refused when the changes are
 * applied, with EVODB_INCOMPATIBLE_SCHEMA. What Iceberg allows but breaks readers or writers needs an explicit request
 * for the column: a drop is one; for other changes see evodb_schema_changes_allow_breaking. */
typedef struct evodb_schema_changes evodb_schema_changes;

EVODB_API evodb_status evodb_schema_changes_new(evodb_schema_changes **out_changes, evodb_error **error);
EVODB_API void evodb_schema_changes_free(evodb_schema_changes *changes);

/** Adds a column; a dot in `name` puts it into a struct (or a list's "element", a map's "value"). `doc` may be left
 * out. `default_json`: the value of rows that were written before, as the specification's JSON single value; format
 * version 3 only; NULL for none. */
EVODB_API evodb_status evodb_schema_changes_add(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                const char *type, int64_t type_length, evodb_bool required,
                                                const char *doc, int64_t doc_length, const char *default_json,
                                                int64_t default_json_length, evodb_error **error);
EVODB_API evodb_status evodb_schema_changes_drop(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                 evodb_error **error);
/** `new_name` is the column's own new name, without its parents'. */
EVODB_API evodb_status evodb_schema_changes_rename(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                   const char *new_name, int64_t new_name_length, evodb_error **error);
/** Promotes a column to a type that holds every value of its present type: int to long, float to double, a decimal to
 * more digits of the same scale; in version 3 date to timestamp or timestamp_ns. */
EVODB_API evodb_status evodb_schema_changes_widen(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                  const char *type, int64_t type_length, evodb_error **error);
EVODB_API evodb_status evodb_schema_changes_make_optional(evodb_schema_changes *changes, const char *name,
                                                          int64_t name_length, evodb_error **error);
/** Breaking: needs evodb_schema_changes_allow_breaking for the column. */
EVODB_API evodb_status evodb_schema_changes_make_required(evodb_schema_changes *changes, const char *name,
                                                          int64_t name_length, evodb_error **error);
/** An empty `doc` removes it. */
EVODB_API evodb_status evodb_schema_changes_set_doc(evodb_schema_changes *changes, const char *name,
                                                    int64_t name_length, const char *doc, int64_t doc_length,
                                                    evodb_error **error);

#define EVODB_MOVE_FIRST 0
#define EVODB_MOVE_BEFORE 1
#define EVODB_MOVE_AFTER 2

/** Moves a column among its siblings. `reference` is a sibling's full name; it is left out with EVODB_MOVE_FIRST. */
EVODB_API evodb_status evodb_schema_changes_move(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                 int32_t where, const char *reference, int64_t reference_length,
                                                 evodb_error **error);
/** Sets the value that writers give to a column from now on where a row has none: `default_json` as for
 * evodb_schema_changes_add; NULL for none. Format version 3 only. What rows written before hold does not change. */
EVODB_API evodb_status evodb_schema_changes_set_write_default(evodb_schema_changes *changes, const char *name,
                                                              int64_t name_length, const char *default_json,
                                                              int64_t default_json_length, evodb_error **error);
/** Makes these columns, by their full names, the identifier fields, instead of those that were; none with `name_count` 0.
 * `name_lengths`: NULL if all are NUL-terminated. Each must be required, as the structs around it must be, of a primitive
 * type other than float and double, and outside of lists and maps. */
EVODB_API evodb_status evodb_schema_changes_set_identifier_fields(evodb_schema_changes *changes,
                                                                  const char *const *names, const int64_t *name_lengths,
                                                                  int64_t name_count, evodb_error **error);
/** Allows the breaking changes of one column: making it required, or adding it as required without a default. */
EVODB_API evodb_status evodb_schema_changes_allow_breaking(evodb_schema_changes *changes, const char *name,
                                                           int64_t name_length, evodb_error **error);

/* --------------------------------------------------------------------------------------------------- partition spec */

/** SHARED. How a table's files are partitioned (Iceberg specification, "Partitioning"). */
typedef struct evodb_partition_spec evodb_partition_spec;

/** Reads "month(time_hour), bucket(16, id) AS shard, region" for the schema's columns. Transforms: a bare column
 * (identity), year, month, day, hour(c), bucket(n, c), truncate(w, c), void(c). Default names are Iceberg's: c, c_year,
 * c_month, c_day, c_hour, c_bucket, c_trunc, c_null. */
EVODB_API evodb_status evodb_partition_spec_parse(const evodb_schema *schema, const char *text, int64_t text_length,
                                                  evodb_partition_spec **out_spec, evodb_error **error);
EVODB_API void evodb_partition_spec_free(evodb_partition_spec *spec);

/** The spec that the path of a file shows: an identity field for each folder NAME=VALUE directly above the file whose
 * NAME is a column's, outermost first. Names are compared ignoring the case of ASCII letters; folders with other names
 * are ignored. `path` is the path of the file, as in its location; nothing is read. EVODB_INVALID_ARGUMENT if no such
 * folder names a column. */
EVODB_API evodb_status evodb_partition_spec_from_path(const evodb_schema *schema, const char *path, int64_t path_length,
                                                      evodb_partition_spec **out_spec, evodb_error **error);

/** The specification's partition spec JSON, compact. */
EVODB_API const char *evodb_partition_spec_json(const evodb_partition_spec *spec, int64_t *out_length);
EVODB_API int32_t evodb_partition_spec_id(const evodb_partition_spec *spec);

/** EXCLUSIVE. Builds a partition spec field by field. */
typedef struct evodb_partition_spec_builder evodb_partition_spec_builder;

EVODB_API evodb_status evodb_partition_spec_builder_new(const evodb_schema *schema,
                                                        evodb_partition_spec_builder **out_builder,
                                                        evodb_error **error);
EVODB_API void evodb_partition_spec_builder_free(evodb_partition_spec_builder *builder);

/** `column`: full name. `transform`: the specification's text: "identity", "bucket[16]", "truncate[4]", "year",
 * "month", "day", "hour", "void". `name`: the partition field's name; if left out, the default name. */
EVODB_API evodb_status evodb_partition_spec_builder_add(evodb_partition_spec_builder *builder, const char *column,
                                                        int64_t column_length, const char *transform,
                                                        int64_t transform_length, const char *name, int64_t name_length,
                                                        evodb_error **error);
EVODB_API evodb_status evodb_partition_spec_builder_finish(const evodb_partition_spec_builder *builder,
                                                           evodb_partition_spec **out_spec, evodb_error **error);

/** EXCLUSIVE. A list of changes to a table's partition spec, applied in the order in which they were added. Fields are
 * named by their name at the time when their change is applied. */
typedef struct evodb_partition_spec_changes evodb_partition_spec_changes;

EVODB_API evodb_status evodb_partition_spec_changes_new(evodb_partition_spec_changes **out_changes,
                                                        evodb_error **error);
EVODB_API void evodb_partition_spec_changes_free(evodb_partition_spec_changes *changes);

/** Adds a field. `text`: one field as for evodb_partition_spec_parse, "bucket(16, id)" or "bucket(16, id) AS shard".
 * Without AS, the name is the one that the field had in an earlier spec of the table, or Iceberg's default for added
 * fields: c, c_year, c_month, c_day, c_hour, c_bucket_16, c_trunc_4, c_null. */
EVODB_API evodb_status evodb_partition_spec_changes_add(evodb_partition_spec_changes *changes, const char *text,
                                                        int64_t text_length, evodb_error **error);
EVODB_API evodb_status evodb_partition_spec_changes_drop(evodb_partition_spec_changes *changes, const char *name,
                                                         int64_t name_length, evodb_error **error);
EVODB_API evodb_status evodb_partition_spec_changes_rename(evodb_partition_spec_changes *changes, const char *name,
                                                           int64_t name_length, const char *new_name,
                                                           int64_t new_name_length, evodb_error **error);

/** SHARED. The partition of a row. */
typedef struct evodb_partition evodb_partition;

EVODB_API void evodb_partition_free(evodb_partition *partition);
/** A JSON object from partition field name to the specification's JSON single value, as for
 * evodb_data_files_builder_add: {"ts_day":"2013-07-01","id_bucket":3}. */
EVODB_API const char *evodb_partition_json(const evodb_partition *partition, int64_t *out_length);
/** As Iceberg names folders: "ts_day=2013-07-01/id_bucket=3", values URL-encoded, null as "null"; empty if the spec has
 * no fields. */
EVODB_API const char *evodb_partition_path(const evodb_partition *partition, int64_t *out_length);

/** Computes the partition of a row. `row`: a JSON object from a source column's full name ("a.b") to its value as the
 * specification's JSON single value, or null: {"ts":"2013-07-01T05:15:00","id":34}. Decimals, dates, times, uuids and
 * bytes (in hex) are JSON strings. Members for other columns of the schema are ignored. EVODB_INVALID_ARGUMENT names
 * the column if it is missing, not in the schema, of another type, or null although it is required. */
EVODB_API evodb_status evodb_partition_spec_apply_json(const evodb_partition_spec *spec, const char *row,
                                                       int64_t row_length, evodb_partition **out_partition,
                                                       evodb_error **error);

/** Computes the partition of each row of an Arrow struct array (Arrow C data interface; both structures are moved),
 * whose columns are found by full name. Columns that are no source of the spec are ignored; names that the schema does
 * not have are refused. Accepted for a source: Arrow's own type for it, narrower integers, large variants of utf8 and
 * binary, fixed_size_binary(16) for uuid, decimal128 of the same scale, date64, any unit of times and timestamps if no
 * value is finer than the column's unit, and the null type. A timestamp must have a time zone if and only if the column
 * has one. Dictionaries and views are not accepted. `*out_array` becomes a struct array with the same number of rows,
 * which the caller releases: partition utf8 and partition_path utf8 (as by evodb_partition_json and
 * evodb_partition_path; evodb_data_files_builder_add_arrow accepts the former), then the value of each partition field,
 * in the order of the spec and under the field's name. EVODB_INVALID_ARGUMENT names the column and the row. */
EVODB_API evodb_status evodb_partition_spec_apply_arrow(const evodb_partition_spec *spec, struct ArrowArray *array,
                                                        struct ArrowSchema *array_schema, struct ArrowArray *out_array,
                                                        struct ArrowSchema *out_array_schema, evodb_error **error);

/* ------------------------------------------------------------------------------------------------------------ table */

/** SHARED. A table at one version, with or without uncommitted changes on top of it. A table is a value: append, evolve
 * ... return a new value at once, without I/O, whose schema, snapshots and plan already show the change (times,
 * sequence numbers and totals of uncommitted snapshots are provisional); commit makes the change durable. The old value
 * does not change; freeing a value discards its uncommitted changes. */
typedef struct evodb_table evodb_table;

/** A new table that is not committed yet: append to it, or not, then commit. Committing fails with EVODB_ALREADY_EXISTS
 * if the table exists, and with EVODB_INVALID_ARGUMENT if the folder has the metadata of another table (a catalog's,
 * Delta Lake's, Hudi's), is inside another table's folder (four levels up are checked), or contains one (two levels
 * down); this takes about 20 requests.
 * `location`: relative to the storage's root, or absolute within it. Locations are never percent-decoded, and a local
 * one that contains an escape (%20) is EVODB_INVALID_ARGUMENT.
 * `spec` may be NULL: unpartitioned.
 * `options` may be NULL. Keys: "format-version" (2 or 3; default 2, or 3 if the schema needs it), and
 * "table-property.NAME" for the table's properties. */
EVODB_API evodb_status evodb_table_create(evodb_storage *storage, const char *location, int64_t location_length,
                                          const evodb_schema *schema, const evodb_partition_spec *spec,
                                          const evodb_options *options, evodb_table **out_table, evodb_error **error);

/** Opens a table's newest version, or, if `location` ends in ".metadata.json", that metadata file as it is; such a
 * table cannot be committed to. Usually five requests in three round trips: the version hint, the next version under
 * each name that writers use for it, and the version. Take the result with evodb_future_take_table. EVODB_NOT_FOUND if
 * there is no table. `options` may be NULL. No keys yet. */
EVODB_API evodb_future *evodb_table_open(evodb_storage *storage, const char *location, int64_t location_length,
                                         const evodb_options *options);

/** Waits like evodb_future_wait and takes the operation's table, once; a second take is EVODB_INVALID_ARGUMENT, and so
 * is taking the result of an operation that gives something else. */
EVODB_API evodb_status evodb_future_take_table(evodb_future *future, int64_t timeout_ms, evodb_table **out_table,
                                               evodb_error **error);
EVODB_API void evodb_table_free(evodb_table *table);

/** The newest version, with this value's uncommitted changes on top. Take with evodb_future_take_table. EVODB_CONFLICT
 * if a change no longer fits, or if another table is at the location now. */
EVODB_API evodb_future *evodb_table_refresh(const evodb_table *table);

/** Makes the uncommitted changes durable, all or none, as one new version, and gives the committed table (take with
 * evodb_future_take_table). If other writers committed first, the changes are checked against the newest version and
 * applied again, as often as necessary. Committing a value again, or one that shares changes with a committed one,
 * never applies a change twice. Commits of one table that wait in a process at the same time become one version, each
 * with its own snapshots and its own outcome. A commit without changes refreshes. A commit also removes the oldest
 * snapshots from the metadata (no file is deleted) beyond the table property "evodb.commit.max-snapshots" (default
 * 10000; 0: no limit), but never one younger than an hour or that a ref retains, and none if "gc.enabled" is "false".
 * A commit never removes a ref, whatever its "ref.max-ref-age-ms".
 *
 * `options` may be NULL. Keys: "idempotency.application" (string, 1 to 200 bytes) and "idempotency.sequence" (int64, 0
 * and up), both or none: the caller's own name for what this call commits; give the same key when you commit the value
 * again. It is applied once, whichever processes commit that key and however often, also after restarts and the expiry
 * of snapshots. Only the key is compared: that the same changes are committed under it again is not checked, and
 * rolling back does not free the key. Sequences of one application increase, so give each writer an application of its
 * own. A key is the table's, not a branch's: what was committed on one branch is not committed on another under the same
 * key. The last sequence is kept in the table property "evodb.app.APPLICATION"; each is kept in the summary of its
 * snapshots as long as these exist; of commits that make no snapshot only the last is kept. If all changes are in the
 * table already, a version that only records the key is committed.
 *
 * EVODB_CONFLICT: a change contradicts what another writer committed first. EVODB_IDEMPOTENCY_KEY_OUT_OF_ORDER: a
 * higher sequence is committed, and whether this one was cannot be determined. EVODB_COMMIT_STATE_UNKNOWN: it may or
 * may not be committed; to find out, commit the same value again or resolve the error's token (evodb_table_resolve);
 * never append the files again without the key. Any other failure, including EVODB_CANCELLED: none of the changes is in
 * the table, except those that had been committed before; the message and evodb_table_uncommitted_count report these. A
 * wait for the future that times out (EVODB_WAIT_TIMED_OUT) says nothing about the outcome: the commit goes on; wait
 * again, or cancel it and wait for its end, which may take ten seconds if its last step was sent already. Freeing the
 * future cancels the commit, detaching the future lets it go on; in both cases its outcome and its token are lost;
 * commit the same value again to find out. */
EVODB_API evodb_future *evodb_table_commit(const evodb_table *table, const evodb_options *options);

/** For a table that a commit returned: 1 if all its changes were in the table before, so that this call wrote nothing:
 * by an earlier call, by a concurrent one whose value shares them, or by their idempotency key. */
EVODB_API evodb_bool evodb_table_was_committed_before(const evodb_table *table);
/** For a table that a commit returned: how many snapshots the commit removed from the metadata. */
EVODB_API int64_t evodb_table_expired_snapshot_count(const evodb_table *table);

/** How many warnings the operation that returned this value has, although it succeeded; usually 0. Warnings of a
 * commit: the version hint could not be written, so that engines which follow it read an older version, or it names a
 * version that does not exist; a failure to write it in the background (evodb_storage_flush) is reported by the next
 * commit. Of an opened table: it was moved or copied, and refers to files elsewhere; or (EVODB_CORRUPT) its version
 * hint names a version above this one that does not exist. Of a new table, of set properties, and of the commit of
 * these: a property has no effect on this library. Of appended files: their paths have values of columns that the table
 * does not have, which are lost; values that the files' columns contradict; or integers in another notation. */
EVODB_API int64_t evodb_table_warning_count(const evodb_table *table);
/** One warning; 0 <= index < count. `out_code`: the status of what did not succeed. `out_message`: one line for a human
 * reader. `out_subject`: the object or property that it concerns; empty if there is none. Any out parameter may be
 * NULL. EVODB_INVALID_ARGUMENT if `index` is out of range. */
EVODB_API evodb_status evodb_table_warning_at(const evodb_table *table, int64_t index, evodb_status *out_code,
                                              const char **out_message, int64_t *out_message_length,
                                              const char **out_subject, int64_t *out_subject_length,
                                              evodb_error **error);

/** Whether this version of the table contains what was committed under an idempotency key. No I/O: refresh first.
 * Before relying on the answer, commit the refreshed table (nothing is written): in a local folder, a version that can
 * be read may not be durable yet. Fails with EVODB_IDEMPOTENCY_KEY_OUT_OF_ORDER as a commit would. */
EVODB_API evodb_status evodb_table_has_idempotency_key(const evodb_table *table, const char *application,
                                                       int64_t application_length, int64_t sequence,
                                                       evodb_bool *out_has_key, evodb_error **error);

#define EVODB_RESOLUTION_COMMITTED 1 /* the changes are in the table */
#define EVODB_RESOLUTION_LOST 2      /* this try did not commit them, and no longer can */
#define EVODB_RESOLUTION_UNKNOWN 3   /* not determined: too much has expired, or its changes were sent separately */

/** Determines the outcome of a commit that ended with EVODB_COMMIT_STATE_UNKNOWN, from its error's token, in any
 * process; take with evodb_future_take_resolution. `table`: any version of the table that was committed to. If the
 * commit might still succeed, a version without changes is committed in its place first, so that it cannot. A token
 * identifies one try. After "lost", the table contains nothing of the value, except what was known to be committed
 * before that call, and what a later try of the same value, with a token of its own, may have committed; if the value
 * still exists, committing it again commits the rest. If that call found that some of the changes had been committed by
 * another try or value, and lost the others, the resolution is unknown: commit the value again. EVODB_CONFLICT: the
 * token belongs to another table. */
EVODB_API evodb_future *evodb_table_resolve(const evodb_table *table, const char *token, int64_t token_length);
/** `out_resolution`: one of EVODB_RESOLUTION_*. `out_version`: the version of the commit; `out_snapshot_id`: the last
 * snapshot that it made; both are -1 if there is none or it is unknown, and both may be NULL. */
EVODB_API evodb_status evodb_future_take_resolution(evodb_future *future, int64_t timeout_ms, int32_t *out_resolution,
                                                    int64_t *out_version, int64_t *out_snapshot_id,
                                                    evodb_error **error);

/** SHARED. The findings of a verification, in the order of snapshots. */
typedef struct evodb_findings evodb_findings;

/** Checks that all files to which this version of the table refers exist and are consistent: manifest lists, manifests,
 * counts, sequence numbers, partition values, no duplicate file; for a table as it was opened also the version hint
 * that was read. Reads every manifest of every snapshot once. Take with evodb_future_take_findings: no findings means
 * no problems. `options` may be NULL. Keys: "verify.data" (bool, default false: also checks that each data file exists
 * and its size; one request for each file). */
EVODB_API evodb_future *evodb_table_verify(const evodb_table *table, const evodb_options *options);
EVODB_API evodb_status evodb_future_take_findings(evodb_future *future, int64_t timeout_ms,
                                                  evodb_findings **out_findings, evodb_error **error);
EVODB_API void evodb_findings_free(evodb_findings *findings);
EVODB_API int64_t evodb_findings_count(const evodb_findings *findings);
/** One finding. `out_is_error`: 0 for a warning. `out_path`: the file that it concerns. Any out parameter may be NULL.
 * EVODB_INVALID_ARGUMENT if `index` is out of range. */
EVODB_API evodb_status evodb_findings_get(const evodb_findings *findings, int64_t index, evodb_bool *out_is_error,
                                          const char **out_path, int64_t *out_path_length, const char **out_message,
                                          int64_t *out_message_length, evodb_error **error);

/** SHARED. The checks of a diagnosis, in a fixed order. */
typedef struct evodb_checks evodb_checks;

/** Checks whether a table and its location can be used safely, by this library and by other engines, with about 80
 * requests at most, whatever the size of the table: that it opens and can be committed to, exclusive creation and
 * conditional replacement, clocks, other tables around and inside its folder, the version hint (one that lags is
 * replaced with its own content, to test whether it can be written), versions above the newest, names and checksums
 * that other engines cannot handle, left-over files, unresolved commits, the size of the metadata and the number of
 * snapshots and manifests, delete files, small files, properties. What evodb_table_verify reads is not read. To test
 * the store, one object metadata/.probe-<uuid>, which engines ignore, is created, replaced and deleted; a check reports
 * if that is refused. Concurrent writers are not tested: for a store that is not known to be safe, the check
 * "racing-writers" has the value "not tried"; evodb_storage_probe tests them. For a table that does not open, the
 * checks that are possible; for one metadata file, those of its content. `location` as for evodb_table_open. Take with
 * evodb_future_take_checks. EVODB_NOT_FOUND if there is no table; any other failure is reported as a check that is not
 * ok.
 * `options` may be NULL. No keys yet. */
EVODB_API evodb_future *evodb_table_diagnose(evodb_storage *storage, const char *location, int64_t location_length,
                                             const evodb_options *options);
/** Checks whether a storage is safe for tables with any number of concurrent writers: that objects can be written,
 * created exclusively and replaced conditionally, one after the other and by eight concurrent writers, clocks, how long
 * a request takes, and that the folder can be listed. The last check, "safe", is the summary: whether concurrent
 * writers cannot overwrite each other. Some hundreds of requests; the objects <location>/.probe-* that they create are
 * deleted again. `location`: a folder in the storage; empty: its root. Take with evodb_future_take_checks. `options`
 * may be NULL. No keys yet. */
EVODB_API evodb_future *evodb_storage_probe(evodb_storage *storage, const char *location, int64_t location_length,
                                            const evodb_options *options);
EVODB_API evodb_status evodb_future_take_checks(evodb_future *future, int64_t timeout_ms, evodb_checks **out_checks,
                                                evodb_error **error);
EVODB_API void evodb_checks_free(evodb_checks *checks);
EVODB_API int64_t evodb_checks_count(const evodb_checks *checks);
/** One check; 0 <= index < count. `out_name`: "table", "version-hint" ..., the same in every version. `out_is_ok`: 0 if
 * an action is required. `out_value_json`: the value found, as JSON: a number (times and differences of times in
 * milliseconds, sizes in bytes), a string, or null. `out_message`: what is wrong and what to do about it, or a remark
 * on a check that is ok; may be empty. Any out parameter may be NULL. EVODB_INVALID_ARGUMENT if `index` is out of
 * range. */
EVODB_API evodb_status evodb_checks_get(const evodb_checks *checks, int64_t index, const char **out_name,
                                        int64_t *out_name_length, evodb_bool *out_is_ok, const char **out_value_json,
                                        int64_t *out_value_json_length, const char **out_message,
                                        int64_t *out_message_length, evodb_error **error);

/** How many changes of this value are not known to be committed. */
EVODB_API int64_t evodb_table_uncommitted_count(const evodb_table *table);

/** N of v<N>.metadata.json; 0 if never committed; -1 if the metadata file is not named so. */
EVODB_API int64_t evodb_table_version(const evodb_table *table);
/** Location of the committed metadata; empty if never committed. */
EVODB_API const char *evodb_table_metadata_location(const evodb_table *table, int64_t *out_length);
EVODB_API const char *evodb_table_location(const evodb_table *table, int64_t *out_length);
EVODB_API const char *evodb_table_uuid(const evodb_table *table, int64_t *out_length);
EVODB_API int32_t evodb_table_format_version(const evodb_table *table);
/** The whole table metadata as the specification's JSON, uncommitted changes included. */
EVODB_API evodb_status evodb_table_metadata_json(const evodb_table *table, const char **out_json,
                                                 int64_t *out_json_length, evodb_error **error);
/** A property's value. EVODB_NOT_FOUND if it is not set. */
EVODB_API evodb_status evodb_table_property(const evodb_table *table, const char *key, int64_t key_length,
                                            const char **out_value, int64_t *out_value_length, evodb_error **error);

/** The current schema. */
EVODB_API evodb_status evodb_table_schema(const evodb_table *table, evodb_schema **out_schema, evodb_error **error);
EVODB_API evodb_status evodb_table_schema_by_id(const evodb_table *table, int32_t schema_id, evodb_schema **out_schema,
                                                evodb_error **error);
/** The default partition spec. */
EVODB_API evodb_status evodb_table_partition_spec(const evodb_table *table, evodb_partition_spec **out_spec,
                                                  evodb_error **error);

/** The table with these schema changes. EVODB_INCOMPATIBLE_SCHEMA, EVODB_NOT_FOUND or EVODB_ALREADY_EXISTS name the
 * column. The change is not applied again on top of a change of the schema, the partition spec or the sort order that was
 * committed first: committing then gives EVODB_CONFLICT. */
EVODB_API evodb_status evodb_table_evolve(const evodb_table *table, const evodb_schema_changes *changes,
                                          evodb_table **out_table, evodb_error **error);
/** The table with one more schema, which does not become the current one; `*out_schema_id`: its id. If the table has an
 * equal schema, that one's, and nothing changes.
 * If the schema's field ids were given (evodb_schema_parse, evodb_schema_from_arrow, a table, a file), they are kept: one
 * that a schema of the table has must be under a name that it has had, in the same place, with its type or one to which
 * that is promoted; others must be above the table's last-column-id, and move it. If they were assigned, since the schema
 * had none, columns get the ids of the current schema's columns of the same full names, and new ones otherwise.
 * EVODB_INCOMPATIBLE_SCHEMA names the column. EVODB_CONFLICT when it is committed as for evodb_table_evolve. */
EVODB_API evodb_status evodb_table_add_schema(const evodb_table *table, const evodb_schema *schema,
                                              int32_t *out_schema_id, evodb_table **out_table, evodb_error **error);
/** The table with another one of its schemas as the current one. EVODB_NOT_FOUND; EVODB_INCOMPATIBLE_SCHEMA names a column
 * if the schema cannot read rows that were written with the current one (EVODB_COMPATIBILITY_BACKWARD), or lacks a column
 * that the table is partitioned or sorted by. EVODB_CONFLICT when it is committed as for evodb_table_evolve. */
EVODB_API evodb_status evodb_table_set_current_schema(const evodb_table *table, int32_t schema_id,
                                                      evodb_table **out_table, evodb_error **error);
/** The table with these changes to its default partition spec, by the rules of Iceberg Java: a field that an earlier spec
 * had keeps its field id, and a spec equal to an earlier one its spec id; in format version 1, a dropped field stays as a
 * void one. Files that the table has stay in the partitions of the spec that they were written with, and plans use that
 * spec. EVODB_NOT_FOUND, EVODB_ALREADY_EXISTS or EVODB_INVALID_ARGUMENT name the field or the column. The change is not
 * applied again on top of a change of the schema, the partition spec or the sort order that was committed first:
 * committing then gives EVODB_CONFLICT. */
EVODB_API evodb_status evodb_table_evolve_partition_spec(const evodb_table *table,
                                                         const evodb_partition_spec_changes *changes,
                                                         evodb_table **out_table, evodb_error **error);
/** The table with this sort order, in which writers should write rows. `text`: terms as for evodb_partition_spec_parse, the
 * most significant one first, each perhaps with ASC or DESC and NULLS FIRST or NULLS LAST: "region, bucket(16, id) desc,
 * day(ts) nulls last". Without them a term is ascending, and nulls come first where ascending and last where descending.
 * Empty: unsorted. An order equal to an earlier one of the table gets its id. EVODB_INVALID_ARGUMENT points at the
 * character. The change is not applied again on top of a change of the schema, the partition spec or the sort order that
 * was committed first: committing then gives EVODB_CONFLICT. */
EVODB_API evodb_status evodb_table_set_sort_order(const evodb_table *table, const char *text, int64_t text_length,
                                                  evodb_table **out_table, evodb_error **error);
/** The table with format version 2 or 3; a table that has it already stays as it is. What the table holds is not written
 * again. In version 3, the first snapshot that is committed afterwards gives row ids to all rows. A version never goes
 * down, and engines that do not support the new one no longer read the table. EVODB_INVALID_ARGUMENT for a version that is
 * lower than the table's, or does not exist. */
EVODB_API evodb_status evodb_table_upgrade(const evodb_table *table, int32_t format_version, evodb_table **out_table,
                                           evodb_error **error);
/** Sets a table property. Names that Iceberg reserves are refused. EVODB_UNSUPPORTED: properties that make other
 * engines name metadata files differently ("write.metadata.path", "write.metadata.compression-codec"). */
EVODB_API evodb_status evodb_table_set_property(const evodb_table *table, const char *key, int64_t key_length,
                                                const char *value, int64_t value_length, evodb_table **out_table,
                                                evodb_error **error);
/** Removes a table property; one that is not set is no error. */
EVODB_API evodb_status evodb_table_unset_property(const evodb_table *table, const char *key, int64_t key_length,
                                                  evodb_table **out_table, evodb_error **error);

/* ------------------------------------------------------------------------------------------------ branches and tags */

/* A ref is a name for a snapshot: a branch, which moves with what is committed to it, or a tag, which does not. The
 * current snapshot is where the branch "main" is. Refs keep their snapshots from expiring. The functions that move, make
 * or remove a ref change no data, and later snapshots stay; committing gives EVODB_CONFLICT if the ref is no longer
 * where it is in `table`, or the snapshot has expired. No later version shows that such a change was committed: after
 * EVODB_COMMIT_STATE_UNKNOWN, commit again or resolve the token before versions are cleaned up. */

/** How many branches and tags the table has. */
EVODB_API int64_t evodb_table_ref_count(const evodb_table *table);
/** One ref, ordered by the bytes of their names; 0 <= index < count. `out_is_branch`: 0 for a tag. The rest is its
 * retention, for evodb_table_set_branch; -1 where it has none of its own. Any out parameter may be NULL.
 * EVODB_INVALID_ARGUMENT if `index` is out of range. */
EVODB_API evodb_status evodb_table_ref_at(const evodb_table *table, int64_t index, const char **out_name,
                                          int64_t *out_name_length, evodb_bool *out_is_branch, int64_t *out_snapshot_id,
                                          int64_t *out_min_snapshots_to_keep, int64_t *out_max_snapshot_age_ms,
                                          int64_t *out_max_ref_age_ms, evodb_error **error);

/** Makes a branch at a snapshot of the table, or moves one there. EVODB_ALREADY_EXISTS if there is a branch of this name
 * that is not to be replaced, EVODB_NOT_FOUND without such a snapshot, EVODB_INVALID_ARGUMENT if the name is empty or a
 * tag's.
 * `options` may be NULL. Keys: "ref.replace" (bool, default false: a branch that exists moves), and as int64 above 0
 * what expiry respects: "ref.min-snapshots-to-keep" (at most 2147483647) and "ref.max-snapshot-age-ms" for the snapshots
 * of the branch's line, "ref.max-ref-age-ms" (not of "main") for the branch itself. A key that is not given is as the
 * branch has it, or left to whatever expires snapshots. */
EVODB_API evodb_status evodb_table_set_branch(const evodb_table *table, const char *branch, int64_t branch_length,
                                              int64_t snapshot_id, const evodb_options *options,
                                              evodb_table **out_table, evodb_error **error);
/** The same of a tag. Keys: "ref.replace", "ref.max-ref-age-ms". "main" cannot be a tag. */
EVODB_API evodb_status evodb_table_set_tag(const evodb_table *table, const char *tag, int64_t tag_length,
                                           int64_t snapshot_id, const evodb_options *options, evodb_table **out_table,
                                           evodb_error **error);
/** Removes a branch or tag; its snapshots stay until they expire. "main" is EVODB_INVALID_ARGUMENT, a ref that the table
 * does not have EVODB_NOT_FOUND. */
EVODB_API evodb_status evodb_table_remove_ref(const evodb_table *table, const char *ref, int64_t ref_length,
                                              evodb_table **out_table, evodb_error **error);
/** Moves a branch forward to where another branch or tag, `to`, is; a branch that the table does not have is made there.
 * EVODB_CONFLICT if the branch's snapshot is no ancestor of the other's: publish what is missing with
 * evodb_table_cherry_pick, or move the branch with evodb_table_set_branch. EVODB_NOT_FOUND without `to`. */
EVODB_API evodb_status evodb_table_fast_forward(const evodb_table *table, const char *branch, int64_t branch_length,
                                                const char *to, int64_t to_length, evodb_table **out_table,
                                                evodb_error **error);
/** Makes a snapshot of the table the current one: mostly an earlier one, but it need not be an ancestor of the current
 * one (Iceberg's rollbackTo and setCurrentSnapshot). evodb_table_set_branch moves other branches so. */
EVODB_API evodb_status evodb_table_roll_back(const evodb_table *table, int64_t snapshot_id, evodb_table **out_table,
                                             evodb_error **error);
/** Moves a branch back to the newest snapshot of its own line, its present one among it, that was made at that time or
 * before. EVODB_NOT_FOUND if there is none. `branch` may be left out: main. This need not be
 * evodb_table_snapshot_as_of, which is what was current then, also if that was rolled back since. */
EVODB_API evodb_status evodb_table_roll_back_to_time(const evodb_table *table, const char *branch,
                                                     int64_t branch_length, int64_t time_ms, evodb_table **out_table,
                                                     evodb_error **error);
/** Publishes on a branch what another snapshot did, mostly a staged one (evodb_table_append); take with
 * evodb_future_take_table, then commit. If the branch is at the snapshot's parent, the branch moves to the snapshot.
 * Otherwise the files of an append are appended once more, as a new snapshot whose summary has "source-snapshot-id" and,
 * if the source has a "wap.id", "published-wap-id"; only this reads, namely the manifests that the source added.
 * EVODB_ALREADY_EXISTS if the branch has the snapshot, what it was published as, or another one with its "wap.id".
 * A snapshot that replaced partitions replaces them again; if another commit after its parent added, deleted or removed
 * data in these partitions, committing gives EVODB_CONFLICT. EVODB_CONFLICT if the snapshot is neither and the branch is
 * not at its parent. EVODB_INVALID_ARGUMENT if it is uncommitted and its files would have to be appended. Committing gives
 * EVODB_CONFLICT if the branch had been at the parent and has moved, or if another writer published it first.
 * `options` may be NULL. Keys: "snapshot.branch" (string, default "main"), "summary.NAME" for the summary of a new
 * snapshot (where the branch moves, there is none). */
EVODB_API evodb_future *evodb_table_cherry_pick(const evodb_table *table, int64_t snapshot_id,
                                                const evodb_options *options);

/* --------------------------------------------------------------------------------------------------------- snapshot */

/** SHARED. The state of a table's files at one time. */
typedef struct evodb_snapshot evodb_snapshot;

EVODB_API void evodb_snapshot_free(evodb_snapshot *snapshot);

/** Snapshots in the metadata, ordered by sequence number; 0 <= index < count. */
EVODB_API int64_t evodb_table_snapshot_count(const evodb_table *table);
EVODB_API evodb_status evodb_table_snapshot_at(const evodb_table *table, int64_t index, evodb_snapshot **out_snapshot,
                                               evodb_error **error);
/** EVODB_NOT_FOUND if the table has no snapshot yet. */
EVODB_API evodb_status evodb_table_current_snapshot(const evodb_table *table, evodb_snapshot **out_snapshot,
                                                    evodb_error **error);
EVODB_API evodb_status evodb_table_snapshot_by_id(const evodb_table *table, int64_t snapshot_id,
                                                  evodb_snapshot **out_snapshot, evodb_error **error);
/** The snapshot that was current at that time (inclusive), by the snapshot log. */
EVODB_API evodb_status evodb_table_snapshot_as_of(const evodb_table *table, int64_t time_ms,
                                                  evodb_snapshot **out_snapshot, evodb_error **error);
/** The snapshot of a branch or tag. */
EVODB_API evodb_status evodb_table_snapshot_by_ref(const evodb_table *table, const char *ref, int64_t ref_length,
                                                   evodb_snapshot **out_snapshot, evodb_error **error);
/** 1 if the snapshot is the table's current one or an ancestor of it. */
EVODB_API evodb_bool evodb_table_is_current_ancestor(const evodb_table *table, int64_t snapshot_id);

EVODB_API int64_t evodb_snapshot_id(const evodb_snapshot *snapshot);
/** -1 if it has no parent. */
EVODB_API int64_t evodb_snapshot_parent_id(const evodb_snapshot *snapshot);
EVODB_API int64_t evodb_snapshot_sequence_number(const evodb_snapshot *snapshot);
EVODB_API int64_t evodb_snapshot_timestamp_ms(const evodb_snapshot *snapshot);
/** -1 if the snapshot has none. */
EVODB_API int32_t evodb_snapshot_schema_id(const evodb_snapshot *snapshot);
/** "append", "replace", "overwrite" or "delete". */
EVODB_API const char *evodb_snapshot_operation(const evodb_snapshot *snapshot, int64_t *out_length);
/** Empty while the snapshot is uncommitted. */
EVODB_API const char *evodb_snapshot_manifest_list(const evodb_snapshot *snapshot, int64_t *out_length);
EVODB_API int64_t evodb_snapshot_summary_count(const evodb_snapshot *snapshot);
EVODB_API evodb_status evodb_snapshot_summary_at(const evodb_snapshot *snapshot, int64_t index, const char **out_key,
                                                 int64_t *out_key_length, const char **out_value,
                                                 int64_t *out_value_length, evodb_error **error);
/** The value of a summary key. EVODB_NOT_FOUND if the summary does not have it. */
EVODB_API evodb_status evodb_snapshot_summary(const evodb_snapshot *snapshot, const char *key, int64_t key_length,
                                              const char **out_value, int64_t *out_value_length, evodb_error **error);

/* ------------------------------------------------------------------------------------------------------- data files */

/** SHARED. Data files with their partition values and statistics, for appending to the table that they were made for:
 * to any value of it that has the partition spec that was the default then. */
typedef struct evodb_data_files evodb_data_files;

EVODB_API void evodb_data_files_free(evodb_data_files *data_files);
EVODB_API int64_t evodb_data_files_count(const evodb_data_files *data_files);
/** The total number of rows. */
EVODB_API int64_t evodb_data_files_record_count(const evodb_data_files *data_files);
/** Path of one file, absolute; 0 <= index < count. */
EVODB_API evodb_status evodb_data_files_path(const evodb_data_files *data_files, int64_t index, const char **out_path,
                                             int64_t *out_path_length, evodb_error **error);

/** Reads the footers of Parquet files (one or two requests a file) and checks them against the table's schema; take
 * with evodb_future_take_data_files. Row counts, sizes, split offsets, column statistics and partition values come from
 * the footers; a partition value that the column's bounds do not determine is EVODB_INVALID_ARGUMENT naming the file
 * and the column. Columns that do not fit the schema, or whose names and field ids contradict it, are
 * EVODB_INCOMPATIBLE_SCHEMA naming both; what Iceberg Java, PyIceberg, DuckDB or Spark cannot read, or read as
 * something else (nulls without a type, intervals, unsigned integers, lists of two levels, Arrow's durations,
 * milliseconds with a dictionary, brotli, text that is not UTF-8 as far as the footer shows, ...) is EVODB_UNSUPPORTED,
 * and a location that they cannot read is EVODB_INVALID_ARGUMENT; the message names the way out. Types that only some
 * engines have are accepted: those that are new in format version 3 (variant, nanoseconds, geometry; DuckDB lacks
 * timestamptz_ns), and times of day, which Spark lacks. An optional column that a file does not have is null, also in
 * the partition; but if a folder NAME=VALUE in the file's path (as Hive, Spark and DuckDB write partitions) has a value
 * of it, the file is EVODB_INVALID_ARGUMENT unless values are taken from the path.
 * `paths`: `path_count` strings of `path_lengths` bytes (NULL: all NUL-terminated), absolute or relative to the table's
 * location.
 * `options` may be NULL. Keys: "inspect.allow-outside" (bool, default false: files outside the table's location are
 * refused); "inspect.partition-values-from-path" (bool, default false): a column that a file does not have, and by
 * which the table is partitioned (identity), takes its value from the file's path: percent-decoded,
 * __HIVE_DEFAULT_PARTITION__ is null, times without a zone are UTC; an integer in another notation (007 for 7) is a
 * warning (evodb_table_warning_at). A column that the file has is read from the file. If a folder directly above the
 * file has a value of it that the column's statistics exclude (booleans, integers, dates, decimals, text), that is a
 * warning, or, where values are taken from the path, EVODB_INVALID_ARGUMENT naming both values. */
EVODB_API evodb_future *evodb_data_files_inspect(const evodb_table *table, const char *const *paths,
                                                 const int64_t *path_lengths, int64_t path_count,
                                                 const evodb_options *options);
EVODB_API evodb_status evodb_future_take_data_files(evodb_future *future, int64_t timeout_ms,
                                                    evodb_data_files **out_data_files, evodb_error **error);

/** Copies local Parquet files into data/ in the table's folder, under new names, and makes them data files of the
 * table; take with evodb_future_take_data_files. The local files are inspected first, as by evodb_data_files_inspect:
 * nothing is sent if one does not fit. Four are copied at a time, in bounded memory, to a bucket in parts of 16 MiB or
 * more. If it fails, the copies are deleted. Copies that are not committed afterwards are the caller's to delete
 * (evodb_objects_delete), but not if the commit ended with EVODB_COMMIT_STATE_UNKNOWN. Before a commit with an
 * idempotency key, call evodb_table_has_idempotency_key: if another process has committed under that key, the copies
 * are not added to the table.
 * `files`: `file_count` strings of `file_lengths` bytes (NULL: all NUL-terminated), absolute or relative to the current
 * directory.
 * `options` may be NULL. Keys: "inspect.partition-values-from-path" as for evodb_data_files_inspect, applied to the
 * paths in `files`. */
EVODB_API evodb_future *evodb_data_files_upload(const evodb_table *table, const char *const *files,
                                                const int64_t *file_lengths, int64_t file_count,
                                                const evodb_options *options);

/** The Iceberg schema of a Parquet file; take with evodb_future_take_schema. Field ids are those of the file if it has
 * them (a field id of 0 is EVODB_INCOMPATIBLE_SCHEMA), otherwise they are assigned. Columns that an engine cannot read
 * are EVODB_UNSUPPORTED, as for evodb_data_files_inspect.
 * `path`: relative to the storage's root, or absolute within it.
 * `options` may be NULL. Keys: "inspect.partition-values-from-path" (bool, default false): after the file's columns
 * follow those of folders NAME=VALUE above the file that the file itself does not have, outermost first: optional, of
 * type int, long, date or string, depending on the value (a number with leading zeros is a string).
 * EVODB_INVALID_ARGUMENT if there is no such folder, or its value is null. */
EVODB_API evodb_future *evodb_schema_inspect(evodb_storage *storage, const char *path, int64_t path_length,
                                             const evodb_options *options);
EVODB_API evodb_status evodb_future_take_schema(evodb_future *future, int64_t timeout_ms, evodb_schema **out_schema,
                                                evodb_error **error);

/** EXCLUSIVE. Describes files by facts that the caller provides, one file at a time or as an Arrow array; nothing is
 * read. */
typedef struct evodb_data_files_builder evodb_data_files_builder;

/** `options` may be NULL. Keys: "inspect.allow-outside" as for evodb_data_files_inspect. */
EVODB_API evodb_status evodb_data_files_builder_new(const evodb_table *table, const evodb_options *options,
                                                    evodb_data_files_builder **out_builder, evodb_error **error);
EVODB_API void evodb_data_files_builder_free(evodb_data_files_builder *builder);

/** Begins a file; the setters below apply to the file begun last. Every call checks its arguments at once, by
 * themselves and against earlier calls for the file; the subject of an error is the file's path. A call that is refused
 * removes that file from the builder, and no other file: further setters for it are refused, the next add begins the
 * next file as usual, and later calls do not report the removed file again. `path`: absolute or relative to the table's
 * location; a path that was added before is EVODB_ALREADY_EXISTS. `format`: "parquet", "avro" or "orc", or "puffin" for
 * a deletion vector, which evodb_data_files_builder_set_position_deletes must then make of it.
 * `partition_json`: an object from partition field name to the specification's JSON single value,
 * {"time_hour_month":522}, {"time_hour_day":"2013-07-01"}, as evodb_partition_json and evodb_file_cursor_partition
 * return it; left out for unpartitioned tables. EVODB_INVALID_ARGUMENT also if no row can have such a value: a bucket
 * out of range, text longer than the truncation width, null if the source column is required. */
EVODB_API evodb_status evodb_data_files_builder_add(evodb_data_files_builder *builder, const char *path,
                                                    int64_t path_length, const char *format, int64_t format_length,
                                                    int64_t record_count, int64_t file_size_in_bytes,
                                                    const char *partition_json, int64_t partition_json_length,
                                                    evodb_error **error);
/** Makes the file begun last a file of position deletes, for evodb_table_row_delta; to be called before its statistics
 * are set, which are then those of the columns file_path (field id 2147483546) and pos (2147483545).
 * `referenced_data_file`: the only data file that it deletes rows of, as evodb_file_cursor_path returns it, or relative
 * to the table's location; left out: there are several. If the format is "puffin" it is a deletion vector, which must
 * reference its data file, of which there is no other one in this builder; record_count is the number of positions, and
 * `content_offset` and `content_size_in_bytes` say where it is in the Puffin file, which may have other ones, too. For
 * other formats both are -1. Tables of format version 2 take no deletion vectors, those of version 3 nothing but
 * deletion vectors, and those of version 1 no delete files: EVODB_UNSUPPORTED. */
EVODB_API evodb_status evodb_data_files_builder_set_position_deletes(
    evodb_data_files_builder *builder, const char *referenced_data_file, int64_t referenced_data_file_length,
    int64_t content_offset, int64_t content_size_in_bytes, evodb_error **error);
/** Makes the file begun last a file of equality deletes, for evodb_table_row_delta; to be called before its statistics
 * are set. They delete the rows of older data files in its partition that equal one of its rows in these columns, null
 * equal to null; in those of an unpartitioned spec, of all partitions. `field_ids`: primitive columns of the schema
 * outside of lists and maps. EVODB_UNSUPPORTED for tables of format version 1. */
EVODB_API evodb_status evodb_data_files_builder_set_equality_deletes(evodb_data_files_builder *builder,
                                                                     const int32_t *field_ids, int64_t field_id_count,
                                                                     evodb_error **error);
/** Counts of a column, by its field id in the table's schema (some writers number from 0); -1: unknown. `column_size`
 * is in bytes. The counts of nulls and NaN must not exceed the count of values, and the count of values of a column
 * outside of lists and maps must not exceed the file's rows. Since a file is in one partition, the source column of a
 * partition field whose value is null must have nulls only, and that of any other value no nulls; the same holds for
 * NaN and identity. A required column with nulls is EVODB_INCOMPATIBLE_SCHEMA. */
EVODB_API evodb_status evodb_data_files_builder_set_counts(evodb_data_files_builder *builder, int32_t field_id,
                                                           int64_t column_size, int64_t value_count,
                                                           int64_t null_value_count, int64_t nan_value_count,
                                                           evodb_error **error);
/** Bounds of a column by field id, as the specification's binary single values; NULL with length 0: unknown. Every
 * value except null and NaN must lie between them. Text may therefore be truncated for the lower bound, and truncated
 * and incremented for the upper bound: at a character, because it must be UTF-8. NaN is not a bound, and a column with
 * only null and NaN has no bounds. The bounds are checked against the column's type, each other, and the partition: its
 * value must lie between the transformed bounds; if both bounds are the same value, a bucket must be that value's. */
EVODB_API evodb_status evodb_data_files_builder_set_bounds(evodb_data_files_builder *builder, int32_t field_id,
                                                           const uint8_t *lower_bound, int64_t lower_bound_length,
                                                           const uint8_t *upper_bound, int64_t upper_bound_length,
                                                           evodb_error **error);
/** Offsets at which the file may be split, ascending, in bytes. */
EVODB_API evodb_status evodb_data_files_builder_set_split_offsets(evodb_data_files_builder *builder,
                                                                  const int64_t *split_offsets,
                                                                  int64_t split_offset_count, evodb_error **error);

/** Adds every row of an Arrow struct array (Arrow C data interface; both structures are moved). Columns, found by name:
 *   file_path utf8, record_count int64, file_size_in_bytes int64: required;
 *   file_format utf8 (default "parquet"), partition utf8 (JSON as in evodb_data_files_builder_add), sort_order_id
 *   int32, split_offsets list<int64>, column_sizes, value_counts, null_value_counts, nan_value_counts
 *   map<int32, int64>, lower_bounds, upper_bounds map<int32, binary>: optional;
 *   content utf8 ("data", the default, "position_deletes" or "equality_deletes"), referenced_data_file utf8,
 *   content_offset int64, content_size_in_bytes int64, equality_ids list<int32>: optional, of delete files.
 * Large variants of utf8, binary and list are accepted too. An unknown column or another type is EVODB_INVALID_ARGUMENT
 * naming it. Each file is checked as by the functions above; if one is refused, no row is added. Both structures are
 * read and released before this returns: the memory they refer to may be reused then. */
EVODB_API evodb_status evodb_data_files_builder_add_arrow(evodb_data_files_builder *builder, struct ArrowArray *array,
                                                          struct ArrowSchema *array_schema, evodb_error **error);
/** Makes the data files from all files that were not refused, and empties the builder. They are either data files, for
 * evodb_table_append, or delete files, for evodb_table_row_delta: a file of the other kind than those before it, and a
 * Puffin file that is not a deletion vector, is refused by the call that ends it (the next add or finish); that call
 * has no other effect. */
EVODB_API evodb_status evodb_data_files_builder_finish(evodb_data_files_builder *builder,
                                                       evodb_data_files **out_data_files, evodb_error **error);

/** The table with the files added by one new snapshot. A path that this value already appends is EVODB_ALREADY_EXISTS.
 * Files that were made for another table, or in a partition spec that this value does not have, are
 * EVODB_INVALID_ARGUMENT naming both; those that were made in an older spec of the table are accepted. `options` may be
 * NULL. Keys: "summary.NAME" for the snapshot's summary ("summary.who", ...); names that the library writes are
 * refused. "append.check-duplicates" (bool, default false): the commit fails with EVODB_ALREADY_EXISTS if the branch
 * then has a file with the same path, whichever writer added it; for this it reads each manifest of the branch.
 * "snapshot.branch" (string, default "main"): the branch that gets the snapshot; one that the table does not have then
 * begins where main is; a tag is EVODB_INVALID_ARGUMENT. "snapshot.staged" (bool, default false): the snapshot is made
 * on the branch, but the branch stays where it is (write-audit-publish): plan it by its id, publish it with
 * evodb_table_cherry_pick. No ref retains a staged snapshot, so that a commit may expire it once it is an hour old
 * (evodb_table_commit). The new snapshot is the last one of the value: evodb_table_snapshot_at of the count less one. */
EVODB_API evodb_status evodb_table_append(const evodb_table *table, const evodb_data_files *data_files,
                                          const evodb_options *options, evodb_table **out_table, evodb_error **error);

/* -------------------------------------------------------------------------------------------------------- predicate */

/** SHARED. A condition on rows, not yet bound to a table. */
typedef struct evodb_predicate evodb_predicate;

/** Parses filter text: SQL's AND OR NOT ( ), = <> != < <= > >=, IN, NOT IN, BETWEEN, IS [NOT] NULL, IS [NOT] NAN, [NOT]
 * LIKE 'abc%', [NOT] STARTS WITH 'abc', TRUE, FALSE. A text literal takes its column's type. The message of
 * EVODB_INVALID_FILTER gives the position. */
EVODB_API evodb_status evodb_predicate_parse(const char *text, int64_t text_length, evodb_predicate **out_predicate,
                                             evodb_error **error);
/** Parses a JSON list of {"column", "operator", "value"}, all of which must hold:
 * [{"column":"origin","operator":"in","value":["JFK","LGA"]}]. Operators: = <> != < <= > >= in "not in" between
 * "is null" "is not null" "is nan" "is not nan" "starts with" "not starts with", and the words eq ne lt lte gt gte. */
EVODB_API evodb_status evodb_predicate_parse_json(const char *json, int64_t json_length,
                                                  evodb_predicate **out_predicate, evodb_error **error);
EVODB_API void evodb_predicate_free(evodb_predicate *predicate);

#define EVODB_IS_NULL 1
#define EVODB_NOT_NULL 2
#define EVODB_IS_NAN 3
#define EVODB_NOT_NAN 4
#define EVODB_LESS 5
#define EVODB_LESS_EQUAL 6
#define EVODB_GREATER 7
#define EVODB_GREATER_EQUAL 8
#define EVODB_EQUAL 9
#define EVODB_NOT_EQUAL 10
#define EVODB_STARTS_WITH 11
#define EVODB_NOT_STARTS_WITH 12
#define EVODB_IN 13
#define EVODB_NOT_IN 14

/** `comparison`: EVODB_IS_NULL to EVODB_NOT_NAN. `column`: full name; a struct, list or map can be tested for null. */
EVODB_API evodb_status evodb_predicate_test(const char *column, int64_t column_length, int32_t comparison,
                                            evodb_predicate **out_predicate, evodb_error **error);
/** `comparison`: EVODB_LESS to EVODB_NOT_EQUAL. */
EVODB_API evodb_status evodb_predicate_compare_int64(const char *column, int64_t column_length, int32_t comparison,
                                                     int64_t value, evodb_predicate **out_predicate,
                                                     evodb_error **error);
EVODB_API evodb_status evodb_predicate_compare_double(const char *column, int64_t column_length, int32_t comparison,
                                                      double value, evodb_predicate **out_predicate,
                                                      evodb_error **error);
/** `comparison`: EVODB_EQUAL or EVODB_NOT_EQUAL. */
EVODB_API evodb_status evodb_predicate_compare_bool(const char *column, int64_t column_length, int32_t comparison,
                                                    evodb_bool value, evodb_predicate **out_predicate,
                                                    evodb_error **error);
/** `comparison`: EVODB_LESS to EVODB_NOT_STARTS_WITH. The text takes its column's type: "2013-07-01T00:00", "14.20", a
 * uuid, hex for binary. */
EVODB_API evodb_status evodb_predicate_compare_string(const char *column, int64_t column_length, int32_t comparison,
                                                      const char *value, int64_t value_length,
                                                      evodb_predicate **out_predicate, evodb_error **error);
EVODB_API evodb_status evodb_predicate_compare_bytes(const char *column, int64_t column_length, int32_t comparison,
                                                     const uint8_t *value, int64_t value_length,
                                                     evodb_predicate **out_predicate, evodb_error **error);
/** `comparison`: EVODB_IN or EVODB_NOT_IN. */
EVODB_API evodb_status evodb_predicate_in_int64(const char *column, int64_t column_length, int32_t comparison,
                                                const int64_t *values, int64_t value_count,
                                                evodb_predicate **out_predicate, evodb_error **error);
/** As evodb_predicate_compare_string; `value_lengths` NULL: all NUL-terminated. */
EVODB_API evodb_status evodb_predicate_in_strings(const char *column, int64_t column_length, int32_t comparison,
                                                  const char *const *values, const int64_t *value_lengths,
                                                  int64_t value_count, evodb_predicate **out_predicate,
                                                  evodb_error **error);
EVODB_API evodb_status evodb_predicate_and(const evodb_predicate *left, const evodb_predicate *right,
                                           evodb_predicate **out_predicate, evodb_error **error);
EVODB_API evodb_status evodb_predicate_or(const evodb_predicate *left, const evodb_predicate *right,
                                          evodb_predicate **out_predicate, evodb_error **error);
EVODB_API evodb_status evodb_predicate_not(const evodb_predicate *predicate, evodb_predicate **out_predicate,
                                           evodb_error **error);

/** Which files of the caller's own list may have rows that match: the decision of a plan, without a table and without
 * I/O, for lists that a cache, a catalog or another engine has. `schema`: the files' columns, to which the predicate is
 * bound; an unknown column, or a literal that does not fit, is EVODB_INVALID_FILTER. `spec`: how the files are
 * partitioned; NULL: not at all. `options` may be NULL. Keys: "nan-is-highest" as for evodb_table_plan. `array`, an Arrow
 * struct array of a row a file (Arrow C data interface; both structures are moved): the columns that
 * evodb_data_files_builder_add_arrow takes. Paths are not interpreted and may be repeated. What is unknown keeps a file:
 * a record_count of -1, a partition that is null or empty, a statistic that is missing or cannot be read. Statistics of
 * field ids that the schema does not have are ignored.
 * `*out_array` becomes a struct array with the same number of rows in the same order, which the caller releases:
 * may_match bool, and residual utf8: filter text for the file's rows, "TRUE" when nothing is left and "FALSE" for a file
 * that does not match. EVODB_INVALID_ARGUMENT names the column, or the file whose partition is not one of the spec.
 * EVODB_RESOURCE_EXHAUSTED if the residuals of one call pass 2 GiB: give the list in parts. */
EVODB_API evodb_status evodb_predicate_prune_files(const evodb_predicate *predicate, const evodb_schema *schema,
                                                   const evodb_partition_spec *spec, const evodb_options *options,
                                                   struct ArrowArray *array, struct ArrowSchema *array_schema,
                                                   struct ArrowArray *out_array, struct ArrowSchema *out_array_schema,
                                                   evodb_error **error);

/* ---------------------------------------------------------------------------------------------------- files of a table */

/* Operations that remove files, or add delete files. Each gives a new value of the table without I/O; what they have to
 * read they read at evodb_table_commit, and again when another commit came first. `options` may be NULL. Keys of all:
 * - "summary.NAME": as for evodb_table_append;
 * - "snapshot.branch" (string, default "main") and "snapshot.staged" (bool, default false): as for evodb_table_append;
 * - "snapshot.isolation" ("serializable", the default, or "snapshot"): which concurrent commits are EVODB_CONFLICT. Both
 *   refuse, naming the file and the snapshot that came first: named files that are not live any more, and concurrent
 *   deletes that may concern the operation's rows. Serializable also refuses data files that were added concurrently and
 *   may have such rows. docs/operations.md has what conflicts with what;
 * - "snapshot.conflict-filter" (filter text): the rows that the operation depends on. Default: those of its own filter or
 *   partitions; for operations on named files every row.
 * Paths of files: as a plan gives them, or relative to the table's location. A named file that is not in the table is
 * EVODB_NOT_FOUND at the commit, or EVODB_CONFLICT if other commits came first. Tables of format version 1:
 * EVODB_UNSUPPORTED. A plan of an uncommitted value with such an operation is EVODB_UNSUPPORTED.
 * Iceberg's operations of the same names, with its validations switched on. */

/** The table without the files whose rows all match the predicate (NULL: without any file), and with `data_files` (NULL:
 * none), of which every row must match, as far as their partitions and bounds show: EVODB_INVALID_ARGUMENT naming the
 * file. If only some rows of a file may match, the commit fails with EVODB_PARTIAL_MATCH, whose message lists these
 * files, and changes nothing. Delete files go with a partition all of whose rows match. */
EVODB_API evodb_status evodb_table_overwrite(const evodb_table *table, const evodb_predicate *predicate,
                                             const evodb_data_files *data_files, const evodb_options *options,
                                             evodb_table **out_table, evodb_error **error);
/** The table with `data_files` (NULL: none) in the place of the named files: `path_count` strings of `path_lengths` bytes
 * (NULL: all NUL-terminated). */
EVODB_API evodb_status evodb_table_overwrite_files(const evodb_table *table, const char *const *paths,
                                                   const int64_t *path_lengths, int64_t path_count,
                                                   const evodb_data_files *data_files, const evodb_options *options,
                                                   evodb_table **out_table, evodb_error **error);
/** The table without the files whose rows all match the predicate, as evodb_table_overwrite without data files.
 * evodb_table_plan_delete says beforehand which files go. */
EVODB_API evodb_status evodb_table_delete(const evodb_table *table, const evodb_predicate *predicate,
                                          const evodb_options *options, evodb_table **out_table, evodb_error **error);
/** SHARED. The files that a deletion by a predicate concerns. */
typedef struct evodb_delete_plan evodb_delete_plan;

/** Finds the data files that may have rows of the predicate in the newest committed snapshot that the value knows: those
 * that evodb_table_delete removes, and those of which only some rows may match. Changes nothing; take with
 * evodb_future_take_delete_plan. `options` may be NULL. Keys: "snapshot.branch" as above; EVODB_NOT_FOUND if there is no
 * such branch. */
EVODB_API evodb_future *evodb_table_plan_delete(const evodb_table *table, const evodb_predicate *predicate,
                                                const evodb_options *options);
EVODB_API evodb_status evodb_future_take_delete_plan(evodb_future *future, int64_t timeout_ms,
                                                     evodb_delete_plan **out_plan, evodb_error **error);
EVODB_API void evodb_delete_plan_free(evodb_delete_plan *plan);
EVODB_API int64_t evodb_delete_plan_count(const evodb_delete_plan *plan);
/** One file: its path, whether all of its rows match, and how many rows it has (-1: not recorded). 0 <= index < count. Any
 * out parameter may be NULL. */
EVODB_API evodb_status evodb_delete_plan_get(const evodb_delete_plan *plan, int64_t index, const char **out_path,
                                             int64_t *out_path_length, evodb_bool *out_is_whole,
                                             int64_t *out_record_count, evodb_error **error);

/** The table without the named files, which depends on no others unless "snapshot.conflict-filter" says so. */
EVODB_API evodb_status evodb_table_delete_files(const evodb_table *table, const char *const *paths,
                                                const int64_t *path_lengths, int64_t path_count,
                                                const evodb_options *options, evodb_table **out_table,
                                                evodb_error **error);
/** The table with `data_files` in the place of all files in their partitions (of the same partition spec); if they are
 * unpartitioned, in the place of every file of such a spec. */
EVODB_API evodb_status evodb_table_replace_partitions(const evodb_table *table, const evodb_data_files *data_files,
                                                      const evodb_options *options, evodb_table **out_table,
                                                      evodb_error **error);
/** The table with delete files that the caller wrote, and the data files (NULL: none) that come with them. Data files that
 * delete files refer to must be live, and in the same partition. A deletion vector replaces the earlier one of its data
 * file, whose positions it must hold, too: EVODB_INVALID_ARGUMENT if it has fewer. A concurrent commit that adds a vector
 * of the same data file is EVODB_CONFLICT whatever the isolation. */
EVODB_API evodb_status evodb_table_row_delta(const evodb_table *table, const evodb_data_files *data_files,
                                             const evodb_data_files *delete_files, const evodb_options *options,
                                             evodb_table **out_table, evodb_error **error);
/** The table without some rows of a live data file: `position_count` positions in it, from 0 on, in any order; repeated
 * ones count once, ones beyond its rows are EVODB_INVALID_ARGUMENT at the commit. The commit writes the delete file: in
 * format version 3 a deletion vector, which takes in the positions of the data file's earlier one, so that concurrent
 * deletions of rows of one file are all kept; in version 2 a file of position deletes. EVODB_CONFLICT only if the data
 * file is gone. In version 3, if position delete files from before an upgrade may have deleted rows of the data file and
 * it has no vector yet: EVODB_UNSUPPORTED naming one, unless the positions include these rows, which the caller states by
 * "rows.include-position-deletes" (bool). The isolation does not matter. */
EVODB_API evodb_status evodb_table_delete_rows(const evodb_table *table, const char *path, int64_t path_length,
                                               const int64_t *positions, int64_t position_count,
                                               const evodb_options *options, evodb_table **out_table,
                                               evodb_error **error);
/** The table with `data_files` (NULL: none), which hold the same rows in another form, in the place of the named files.
 * EVODB_INVALID_ARGUMENT at the commit if more records would be added than removed. Rows of the named files that were
 * deleted concurrently are EVODB_CONFLICT. The isolation does not matter. Another key: "rewrite.data-sequence-number"
 * (int64): that of the snapshot whose rows were read; equality deletes that came later then apply to the new files, too,
 * and are no conflict. */
EVODB_API evodb_status evodb_table_rewrite_files(const evodb_table *table, const char *const *paths,
                                                 const int64_t *path_lengths, int64_t path_count,
                                                 const evodb_data_files *data_files, const evodb_options *options,
                                                 evodb_table **out_table, evodb_error **error);

/** The table with the same files in fewer manifests, which hold few partitions each, so that plans with a filter on the
 * partition read fewer of them. Manifests of delete files, and what is beyond 256 MiB of manifests, stay as they are.
 * Never a conflict. The isolation does not matter. */
EVODB_API evodb_status evodb_table_rewrite_manifests(const evodb_table *table, const evodb_options *options,
                                                     evodb_table **out_table, evodb_error **error);

/* ------------------------------------------------------------------------------------------------------------- plan */

/** SHARED. Which files to read: the snapshot, the filter bound to its schema, and the manifests that are not skipped. A
 * cursor or an Arrow stream returns the files, any number of times. */
typedef struct evodb_plan evodb_plan;

/** Plans a scan: reads the manifest list (one request); a cursor or stream reads the manifests. Take with
 * evodb_future_take_plan. `predicate` may be NULL: every file. It is bound to the schema of the chosen snapshot; an
 * unknown column, or a literal that does not fit, is EVODB_INVALID_FILTER.
 * `options` may be NULL. Keys, at most one of the first three: "snapshot-id" (int64), "as-of-ms" (int64, inclusive),
 * "ref" (string; a branch is read with the current schema); "limit" (int64, the maximum number of files; default: all);
 * "nan-is-highest" (bool, default false). In Iceberg, NaN satisfies no comparison, so a file whose count of NaN is
 * unknown is skipped by its bounds alone, as Iceberg Java does, except for <> and NOT IN. An engine that orders NaN
 * above all numbers sets "nan-is-highest", and then also gets such a file for > and >=. A file that is known to contain
 * NaN is kept for these in both cases. Statistics that another writer left out, or wrote in a form that cannot be read,
 * count as unknown, and the file is kept. "plan.with-deletes" (bool, default false): the caller applies the delete files
 * that the cursor or stream gives with each data file; the manifests of delete files are read before the future is ready.
 * A data file whose rows are all deleted is still planned, and residuals are those without deletes. Without it, a
 * snapshot with live delete files is EVODB_UNSUPPORTED: its data files alone would give wrong rows. With it,
 * EVODB_UNSUPPORTED if the manifests do not say in which partition equality deletes apply. */
EVODB_API evodb_future *evodb_table_plan(const evodb_table *table, const evodb_predicate *predicate,
                                         const evodb_options *options);
EVODB_API evodb_status evodb_future_take_plan(evodb_future *future, int64_t timeout_ms, evodb_plan **out_plan,
                                              evodb_error **error);
EVODB_API void evodb_plan_free(evodb_plan *plan);

/** -1 if the table has no snapshot. */
EVODB_API int64_t evodb_plan_snapshot_id(const evodb_plan *plan);
/** The schema that the filter is bound to, and with which the files are to be read. */
EVODB_API evodb_status evodb_plan_schema(const evodb_plan *plan, evodb_schema **out_schema, evodb_error **error);

/** Columns: file_path utf8, file_format utf8, record_count int64, file_size_in_bytes int64, spec_id int32, partition
 * utf8 (JSON object: partition field name to the specification's JSON single value), partition_path utf8,
 * data_sequence_number int64, split_offsets list<int64>, residual utf8 (filter text for the file's rows; "TRUE" when
 * nothing is left). record_count and file_size_in_bytes are -1 if the file's writer did not record them. The value of a
 * partition field whose transform is unknown to this library is text; a value that the manifest lacks, or that is not
 * of the field's type, is left out, and no filter on it skips the file. A plan with "plan.with-deletes" has one more
 * column, delete_files list<struct<file_path utf8, content utf8, file_format utf8, record_count int64,
 * file_size_in_bytes int64, content_offset int64, content_size_in_bytes int64, referenced_data_file utf8,
 * data_sequence_number int64, spec_id int32, equality_ids list<int32>>>, as the functions of the cursor have them; empty
 * for a file without any, and content_offset, content_size_in_bytes, referenced_data_file and equality_ids are null
 * where there is none. The order is not defined. get_next waits for requests; its failure is final (convention 9). The
 * caller releases the stream, which keeps the plan alive. */
EVODB_API evodb_status evodb_plan_stream(const evodb_plan *plan, struct ArrowArrayStream *out_stream,
                                         evodb_error **error);

/** SHARED. Cancels the stream that it was made from, also after the stream was moved. */
typedef struct evodb_cancellation evodb_cancellation;

/** Makes the cancellation of a stream of evodb_plan_stream or evodb_rows_stream. Call this before the stream is given to a reader, since a
 * reader moves the structure; EVODB_INVALID_ARGUMENT for any other stream, and for one that was released or moved. A
 * cancellation does not keep the stream alive. */
EVODB_API evodb_status evodb_plan_stream_cancellation(const struct ArrowArrayStream *stream,
                                                      evodb_cancellation **out_cancellation, evodb_error **error);
EVODB_API void evodb_cancellation_free(evodb_cancellation *cancellation);
/** Cancels the stream, from any thread, any number of times; returns at once. get_next, also one that is waiting, then
 * fails with ECANCELED, as does every later call, unless it had reached the end. No effect on a stream that was
 * released. */
EVODB_API void evodb_cancellation_cancel(const evodb_cancellation *cancellation);

/** EXCLUSIVE, except for evodb_file_cursor_cancel. Iterates over a plan's files. A failure is final (convention 9). */
typedef struct evodb_file_cursor evodb_file_cursor;

EVODB_API evodb_status evodb_plan_files(const evodb_plan *plan, evodb_file_cursor **out_cursor, evodb_error **error);
EVODB_API void evodb_file_cursor_free(evodb_file_cursor *cursor);

/** Starts reading ahead; the future is ready when evodb_file_cursor_next will not wait (or with its failure). If there
 * is nothing to wait for, it is ready from the start, and cheap. There is no result to take: use evodb_future_wait. The
 * cursor must not be used until the future is ready, except for evodb_file_cursor_ready_count and
 * evodb_file_cursor_cancel. Cancelling or freeing a future that is not ready cancels the cursor; evodb_future_detach
 * does not. */
EVODB_API evodb_future *evodb_file_cursor_fetch(evodb_file_cursor *cursor);
/** Moves to the next file. Waits for requests if none was fetched ahead. `*out_has_file` is 0 after the last file. */
EVODB_API evodb_status evodb_file_cursor_next(evodb_file_cursor *cursor, evodb_bool *out_has_file, evodb_error **error);
/** How many files evodb_file_cursor_next returns without waiting: those that are read already. 0 does not mean the end:
 * fetch, or wait in next. */
EVODB_API int64_t evodb_file_cursor_ready_count(const evodb_file_cursor *cursor);
/** Cancels the iteration. This is the only function that may be called from any thread while another thread uses the
 * cursor, until it is freed; any number of times; returns at once. evodb_file_cursor_next, also one that is waiting,
 * then fails with EVODB_CANCELLED, as does every later call, unless it had reached the end. */
EVODB_API void evodb_file_cursor_cancel(const evodb_file_cursor *cursor);

/* The current file; strings live until the cursor moves. Before the first next and after the last file: empty strings,
 * -1, no offsets. A count or size that the writer of the file did not record is -1 too. */
EVODB_API const char *evodb_file_cursor_path(const evodb_file_cursor *cursor, int64_t *out_length);
EVODB_API const char *evodb_file_cursor_format(const evodb_file_cursor *cursor, int64_t *out_length);
EVODB_API int64_t evodb_file_cursor_record_count(const evodb_file_cursor *cursor);
EVODB_API int64_t evodb_file_cursor_size_in_bytes(const evodb_file_cursor *cursor);
EVODB_API int32_t evodb_file_cursor_spec_id(const evodb_file_cursor *cursor);
EVODB_API int64_t evodb_file_cursor_data_sequence_number(const evodb_file_cursor *cursor);
/** JSON object from partition field name to the specification's JSON single value, by the type of the field's values:
 * those of year, month, hour and bucket are numbers, those of day are dates ("2013-07-01"), others have the column's
 * type. Values that the manifest lacks, or that are not of the field's type, are left out. */
EVODB_API const char *evodb_file_cursor_partition(const evodb_file_cursor *cursor, int64_t *out_length);
/** "time_hour_month=2013-07"; empty if unpartitioned. */
EVODB_API const char *evodb_file_cursor_partition_path(const evodb_file_cursor *cursor, int64_t *out_length);
/** The part of the filter that must still be evaluated on the file's rows, as filter text; "TRUE" if there is none. */
EVODB_API const char *evodb_file_cursor_residual(const evodb_file_cursor *cursor, int64_t *out_length);
/** Borrowed like strings; count 0 and NULL if the file has none. */
EVODB_API void evodb_file_cursor_split_offsets(const evodb_file_cursor *cursor, const int64_t **out_split_offsets,
                                               int64_t *out_split_offset_count);

/* The delete files that a reader must apply to the current file, if the plan was made with "plan.with-deletes"; in no
 * particular order. `index` is from 0 to the count - 1; for any other one: empty strings, -1, no ids. Strings and ids are
 * borrowed until the cursor moves. */
EVODB_API int64_t evodb_file_cursor_delete_file_count(const evodb_file_cursor *cursor);
EVODB_API const char *evodb_file_cursor_delete_file_path(const evodb_file_cursor *cursor, int64_t index,
                                                         int64_t *out_length);
/** "position_deletes" (also a deletion vector, whose format is "puffin") or "equality_deletes". */
EVODB_API const char *evodb_file_cursor_delete_file_content(const evodb_file_cursor *cursor, int64_t index,
                                                            int64_t *out_length);
/** "parquet", "avro", "orc" or "puffin". */
EVODB_API const char *evodb_file_cursor_delete_file_format(const evodb_file_cursor *cursor, int64_t index,
                                                           int64_t *out_length);
/** How many deletes it holds, perhaps of other data files, too. */
EVODB_API int64_t evodb_file_cursor_delete_file_record_count(const evodb_file_cursor *cursor, int64_t index);
EVODB_API int64_t evodb_file_cursor_delete_file_size_in_bytes(const evodb_file_cursor *cursor, int64_t index);
/** Where a deletion vector begins in its file, and its length. -1 for other delete files. */
EVODB_API int64_t evodb_file_cursor_delete_file_content_offset(const evodb_file_cursor *cursor, int64_t index);
EVODB_API int64_t evodb_file_cursor_delete_file_content_size_in_bytes(const evodb_file_cursor *cursor, int64_t index);
/** Empty if its writer did not record one: it may have deletes of several data files. */
EVODB_API const char *evodb_file_cursor_delete_file_referenced_data_file(const evodb_file_cursor *cursor, int64_t index,
                                                                         int64_t *out_length);
EVODB_API int64_t evodb_file_cursor_delete_file_data_sequence_number(const evodb_file_cursor *cursor, int64_t index);
EVODB_API int32_t evodb_file_cursor_delete_file_spec_id(const evodb_file_cursor *cursor, int64_t index);
/** Field ids of the columns that equality deletes compare; count 0 and NULL for position deletes. A column may have been
 * dropped from the schema since; the deletes still apply. */
EVODB_API void evodb_file_cursor_delete_file_equality_ids(const evodb_file_cursor *cursor, int64_t index,
                                                          const int32_t **out_equality_ids,
                                                          int64_t *out_equality_id_count);

#define EVODB_PLAN_MANIFESTS 1
#define EVODB_PLAN_MANIFESTS_SKIPPED_BY_SUMMARY 2
#define EVODB_PLAN_FILES 3
#define EVODB_PLAN_FILES_SKIPPED_BY_PARTITION 4
#define EVODB_PLAN_FILES_SKIPPED_BY_BOUNDS 5
#define EVODB_PLAN_FILES_KEPT 6

/** The counts of the iteration so far; complete after the last file (a limit ends the iteration early).
 * EVODB_PLAN_FILES counts the live files of the manifests that were read. -1 for an unknown `counter`. */
EVODB_API int64_t evodb_file_cursor_count(const evodb_file_cursor *cursor, int32_t counter);

/** EXCLUSIVE, except for evodb_explain_cursor_cancel. Iterates over every manifest and file that the plan considered,
 * kept or skipped, with the reason. A failure is final (convention 9). */
typedef struct evodb_explain_cursor evodb_explain_cursor;

EVODB_API evodb_status evodb_plan_explain(const evodb_plan *plan, evodb_explain_cursor **out_cursor,
                                          evodb_error **error);
EVODB_API void evodb_explain_cursor_free(evodb_explain_cursor *cursor);
/** As evodb_file_cursor_fetch. */
EVODB_API evodb_future *evodb_explain_cursor_fetch(evodb_explain_cursor *cursor);
/** As evodb_file_cursor_cancel. */
EVODB_API void evodb_explain_cursor_cancel(const evodb_explain_cursor *cursor);
/** Waits for requests. `*out_has_row` is 0 after the last row. */
EVODB_API evodb_status evodb_explain_cursor_next(evodb_explain_cursor *cursor, evodb_bool *out_has_row,
                                                 evodb_error **error);
/** 1 for a manifest, 0 for a data file. */
EVODB_API evodb_bool evodb_explain_cursor_is_manifest(const evodb_explain_cursor *cursor);
EVODB_API const char *evodb_explain_cursor_path(const evodb_explain_cursor *cursor, int64_t *out_length);
EVODB_API evodb_bool evodb_explain_cursor_is_kept(const evodb_explain_cursor *cursor);
/** One sentence: which test decided, on which field, with which values. */
EVODB_API const char *evodb_explain_cursor_reason(const evodb_explain_cursor *cursor, int64_t *out_length);

/* ------------------------------------------------------------- differences, changes and metadata tables, as rows */

/** SHARED. Rows about a table that are to be read. A cursor or an Arrow stream returns them, any number of times. */
typedef struct evodb_rows evodb_rows;

/** Which files, data and delete files alike, live in one of two snapshots and not in the other, whatever the ancestry of
 * the two. Reads both manifest lists; the stream reads only those manifests that one list has and the other has not.
 * Files are compared by path, deletion vectors also by their offset and their data file. Take with
 * evodb_future_take_rows. `from_snapshot_id` -1: before the first snapshot, when the table had no files;
 * `to_snapshot_id` -1: the current snapshot. Where both snapshots have manifests of their own, 17 bytes for each live
 * file of the smaller side count against the memory limit. A snapshot that is not in the table: EVODB_NOT_FOUND; one
 * that is not committed: EVODB_UNSUPPORTED.
 * Columns: change utf8 ("added": in `to` alone; "removed": in `from` alone), content utf8 ("data", "position_deletes",
 * "equality_deletes", "deletion_vector"), file_path utf8, record_count int64, file_size_in_bytes int64 (-1 if not
 * recorded; of a deletion vector the whole Puffin file's), spec_id int32, partition utf8 and partition_path utf8 as
 * evodb_plan_stream has them. The order is not defined.
 * `options` may be NULL. Key: "diff.by-partition" (bool, default false): a row for each partition with differences
 * instead. Columns: spec_id int32, partition utf8, partition_path utf8, then int64 sums: added_data_files,
 * added_data_records, added_data_bytes, added_delete_files, added_delete_records, added_delete_bytes, and the same with
 * removed_; from_schema_id and to_schema_id, int32, null if the snapshot has none. Sums leave out what is not recorded. */
EVODB_API evodb_future *evodb_table_diff(const evodb_table *table, int64_t from_snapshot_id, int64_t to_snapshot_id,
                                         const evodb_options *options);

/** Which files each snapshot after `from_snapshot_id` up to and including `to_snapshot_id` added and removed, in the
 * order of the snapshots, for incremental reads. Reads nothing; the stream reads the manifest lists of these snapshots
 * and the manifests that they added. Take with evodb_future_take_rows. `from_snapshot_id` -1: from the table's first
 * snapshot on; `to_snapshot_id` -1: the current snapshot. `from` must be an ancestor of `to`, otherwise
 * EVODB_INVALID_ARGUMENT. It may have expired itself; if a snapshot after it has, EVODB_NOT_FOUND.
 * Columns: those of evodb_table_diff, then snapshot_id int64, sequence_number int64 (the snapshot's), operation utf8
 * (null where version 1 left it out).
 * `options` may be NULL. Keys: "changes.appends-only" (bool, default false): only data files that snapshots of operation
 * append added; "changes.with-replace" (bool, default false): also the files of snapshots of operation replace, which
 * only moved rows to other files. Both: EVODB_INVALID_ARGUMENT. */
EVODB_API evodb_future *evodb_table_changes(const evodb_table *table, int64_t from_snapshot_id, int64_t to_snapshot_id,
                                            const evodb_options *options);

/** One of Iceberg's metadata tables, with Iceberg's columns. Take with evodb_future_take_rows. Nested values are JSON
 * text, and times are Arrow timestamps in milliseconds, UTC. `name`:
 * - "snapshots": committed_at, snapshot_id, parent_id, operation, manifest_list, summary (JSON object);
 * - "history": made_current_at, snapshot_id, parent_id, is_current_ancestor;
 * - "refs": name, type ("BRANCH", "TAG"), snapshot_id, max_reference_age_in_ms, min_snapshots_to_keep,
 *   max_snapshot_age_in_ms;
 * - "files": every live file, data and delete files alike: content (0 data, 1 position deletes, 2 equality deletes),
 *   file_path, file_format (lower case), spec_id, partition (JSON object), record_count, file_size_in_bytes,
 *   column_sizes, value_counts, null_value_counts, nan_value_counts, lower_bounds, upper_bounds (JSON objects by field
 *   id; bounds as the specification's JSON single values, without those that cannot be read), key_metadata (binary),
 *   split_offsets, equality_ids (JSON arrays), sort_order_id, first_row_id, referenced_data_file, content_offset,
 *   content_size_in_bytes;
 * - "manifests": content (0 data, 1 deletes), path, length, partition_spec_id, added_snapshot_id,
 *   added_data_files_count, existing_data_files_count, deleted_data_files_count, added_delete_files_count,
 *   existing_delete_files_count, deleted_delete_files_count, partition_summaries (JSON array of objects with
 *   contains_null, contains_nan, lower_bound, upper_bound);
 * - "partitions": a row for each partition of each spec: partition (JSON object), spec_id, record_count, file_count,
 *   total_data_file_size_in_bytes, position_delete_record_count, position_delete_file_count,
 *   equality_delete_record_count, equality_delete_file_count, last_updated_at, last_updated_snapshot_id (the last two
 *   null where that snapshot has expired).
 * `options` may be NULL. Keys of files, manifests and partitions, at most one: "snapshot-id", "as-of-ms", "ref", as for
 * evodb_table_plan. These three read the manifest list, and their snapshot must be committed (EVODB_UNSUPPORTED). */
EVODB_API evodb_future *evodb_table_metadata(const evodb_table *table, const char *name, int64_t name_length,
                                             const evodb_options *options);

EVODB_API evodb_status evodb_future_take_rows(evodb_future *future, int64_t timeout_ms, evodb_rows **out_rows,
                                              evodb_error **error);
EVODB_API void evodb_rows_free(evodb_rows *rows);

/** Reads the rows. get_next waits for requests; its failure is final (convention 9). The caller releases the stream,
 * which keeps the rows alive. */
EVODB_API evodb_status evodb_rows_stream(const evodb_rows *rows, struct ArrowArrayStream *out_stream,
                                         evodb_error **error);

/** EXCLUSIVE, except for evodb_row_cursor_cancel. Iterates over rows. A failure is final (convention 9). */
typedef struct evodb_row_cursor evodb_row_cursor;

EVODB_API evodb_status evodb_rows_cursor(const evodb_rows *rows, evodb_row_cursor **out_cursor, evodb_error **error);
EVODB_API void evodb_row_cursor_free(evodb_row_cursor *cursor);
/** As evodb_file_cursor_fetch. */
EVODB_API evodb_future *evodb_row_cursor_fetch(evodb_row_cursor *cursor);
/** As evodb_file_cursor_cancel. */
EVODB_API void evodb_row_cursor_cancel(const evodb_row_cursor *cursor);
/** Moves to the next row. Waits for requests if none was fetched ahead. `*out_has_row` is 0 after the last row. */
EVODB_API evodb_status evodb_row_cursor_next(evodb_row_cursor *cursor, evodb_bool *out_has_row, evodb_error **error);

#define EVODB_COLUMN_TEXT 1
#define EVODB_COLUMN_JSON 2   /* text that is a JSON value */
#define EVODB_COLUMN_BINARY 3 /* octets; read as text, with its length */
#define EVODB_COLUMN_INT64 4  /* also for int32 */
#define EVODB_COLUMN_BOOL 5
#define EVODB_COLUMN_TIMESTAMP_MS 6 /* milliseconds since 1970-01-01 UTC */

EVODB_API int32_t evodb_row_cursor_column_count(const evodb_row_cursor *cursor);
/** Empty if there is no such column, which counts from 0. */
EVODB_API const char *evodb_row_cursor_column_name(const evodb_row_cursor *cursor, int32_t column, int64_t *out_length);
/** EVODB_COLUMN_TEXT and so on; 0 if there is no such column. */
EVODB_API int32_t evodb_row_cursor_column_type(const evodb_row_cursor *cursor, int32_t column);

/* The current row; strings live until the cursor moves. Before the first next, after the last row, and for a column
 * that is not there or of another type: no value, the empty string, -1. */
/** 0 for null. */
EVODB_API evodb_bool evodb_row_cursor_has_value(const evodb_row_cursor *cursor, int32_t column);
/** Of EVODB_COLUMN_TEXT, _JSON and _BINARY. Empty for null. */
EVODB_API const char *evodb_row_cursor_text(const evodb_row_cursor *cursor, int32_t column, int64_t *out_length);
/** Of EVODB_COLUMN_INT64, _BOOL and _TIMESTAMP_MS. -1 for null. */
EVODB_API int64_t evodb_row_cursor_int64(const evodb_row_cursor *cursor, int32_t column);

/* ------------------------------------------------------------------------------------------------- deletion vectors */

/** Reads the positions of the deleted rows of a data file from a deletion vector (Iceberg specification, "Deletion
 * Vectors"); one request. The arguments are what the manifest entry of its delete file says, whose format is "puffin":
 * `path` (absolute within the storage, or relative to the table), `content_offset` and `content_size_in_bytes` in
 * bytes. Take with evodb_future_take_positions. `options` may be NULL. Keys: "read.record-count" (int64, at least 0):
 * the entry's record_count; a vector with another number of positions is then EVODB_CORRUPT. EVODB_INVALID_ARGUMENT if
 * the path is outside of the storage or if no vector can be at the offset with the size, EVODB_NOT_FOUND if there is no
 * such file, EVODB_CORRUPT if no valid vector is there, EVODB_RESOURCE_EXHAUSTED if its positions, 8 bytes each, do not
 * fit into the runtime's memory limit. */
EVODB_API evodb_future *evodb_deletion_vector_read(const evodb_table *table, const char *path, int64_t path_length,
                                                   int64_t content_offset, int64_t content_size_in_bytes,
                                                   const evodb_options *options);
/** `*out_array` becomes an int64 array without nulls, which the caller releases, as it does `*out_array_schema`: the
 * positions in the data file, from 0, ascending, each once. */
EVODB_API evodb_status evodb_future_take_positions(evodb_future *future, int64_t timeout_ms,
                                                   struct ArrowArray *out_array, struct ArrowSchema *out_array_schema,
                                                   evodb_error **error);

/* ---------------------------------------------------------------------------------------- Arrow C data and C stream */

/* The structures of the Arrow C data interface and the Arrow C stream interface. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

#ifdef __cplusplus
}
#endif

#endif /* EVODB_LAKEHOUSE_H */
