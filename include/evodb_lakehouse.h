/* evodb_lakehouse.h - Apache Iceberg tables directly on object storage, with no catalog server.
 *
 * This header is the whole API and its manual. It is C99 and needs nothing but the two headers below.
 *
 * CONVENTIONS, which hold for every function unless its comment says otherwise
 *
 *  1. Names. evodb_<noun>_<verb>. Parameters come in one order: receiver, inputs, out_..., error. Parameter names are
 *     part of the API: the generators of the bindings match on them.
 *  2. Handles are opaque. A type is SHARED (immutable or locked inside: any thread, any time) or EXCLUSIVE (one
 *     thread at a time); each type says which. `const T *` may always be used concurrently.
 *  3. Ownership. What a function returns through `T **out_...`, or as an evodb_future *, is the caller's, to be given
 *     to the type's _free. _free(NULL) does nothing. No function consumes its arguments, but for Arrow structures,
 *     which are moved as Arrow says: after the call, successful or not, their `release` is NULL. Handles keep alive
 *     what they were made from, so they may be freed in any order. Freeing a handle is its last use, of a SHARED one
 *     too: no other thread may be inside a call with it then, or begin one.
 *  4. Strings in are UTF-8, a pointer with a length in bytes; length -1 means NUL-terminated. NULL with length 0 or
 *     -1 is the empty string where the comment says it may be left out. They are copied before the call returns.
 *     Strings out are never NULL, borrowed, and live as long as the handle they came from; they end with a NUL that
 *     the length does not count. A function that gives one string and cannot fail returns it; others have `const char
 *     **out_x, int64_t *out_x_length`. Lengths that are not wanted may be NULL, and so may out_x.
 *  5. Errors. A fallible function returns an evodb_status; EVODB_OK is 0. If `error` is not NULL and the call fails,
 *     *error is a new evodb_error for the caller to free; on success *error is not touched. On failure no out
 *     parameter is written. NULL where a handle or an out parameter is required, ill-formed UTF-8, and lengths below
 *     -1 give EVODB_INVALID_ARGUMENT, never a crash.
 *  6. I/O. Functions that return an evodb_future * start work on the runtime and return at once, never NULL; every
 *     failure, wrong arguments too, arrives through the future. All other functions do no I/O and do not wait, except
 *     those whose comment says "Waits".
 *  7. Units. Sizes and counts are int64_t; times are int64_t milliseconds since 1970-01-01 UTC and end in _ms; -1
 *     means none or unknown where the comment says so.
 *  8. Processes. After fork, what needs the parent's runtime is refused in the child (EVODB_FORKED); what its handles
 *     hold can be read there, and they can be freed. exit without freeing anything is clean; what is still under way
 *     then fails. All signals are blocked in the library's threads, and nothing depends on the locale. Any number of
 *     runtimes, and of copies of the library, may live in one process.
 *
 *  9. Iterators. A cursor's next, and a stream's get_next, give one thing after another until the end. A failure of the
 *     iteration is final: every later call gives the same error again, and no call goes on behind what could not be
 *     read, so an iteration that reached its end was complete. To try again, take a new cursor from the same plan. A call
 *     that was made wrongly is no failure of the iteration: a NULL parameter, EVODB_WOULD_DEADLOCK, EVODB_FORKED. An
 *     iteration can be cancelled from any thread, also while another one waits in next: the call that waits, or else the
 *     next one, fails with EVODB_CANCELLED, which is final, too. "runtime.operation-timeout-ms" limits each call that has
 *     to read, not the iteration as a whole (EVODB_DEADLINE_EXCEEDED).
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

/** The version of the library that runs, as major * 1000000 + minor * 1000 + patch. Compare its major (before 1.0: and
 * minor) part with the macros above before anything else. */
EVODB_API int32_t evodb_version(void);

/* ----------------------------------------------------------------------------------------------------------- status */

typedef int32_t evodb_status;

/** 0 is no. In, anything else is yes; out, 1 is. */
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
/** Waiting inside a callback, which would wait for itself. */
#define EVODB_WOULD_DEADLOCK 1004
/** The handle was made by a process of which this one is a fork. */
#define EVODB_FORKED 1005
/* 2000: what is or is not there */
/** No such table, snapshot, ref, column, key or object. */
#define EVODB_NOT_FOUND 2000
/** The table, column or path is already there. */
#define EVODB_ALREADY_EXISTS 2001
/* 3000: the commit */
/** A change that landed first contradicts this one: open the newest version and decide anew. */
#define EVODB_CONFLICT 3000
/** The commit may have landed: commit the same value again, never append anew. */
#define EVODB_COMMIT_STATE_UNKNOWN 3001
/** A higher sequence of the application is committed, and nothing tells whether this one was. */
#define EVODB_IDEMPOTENCY_KEY_OUT_OF_ORDER 3002
/* 4000: the store */
/** The store did not answer, or answered that it cannot now. */
#define EVODB_STORAGE_UNAVAILABLE 4000
/** The store refused the credentials or the right to do this. */
#define EVODB_ACCESS_DENIED 4001
/** The store cannot create an object exclusively, so commits would not be safe. */
#define EVODB_UNSAFE_STORE 4002
/* 5000: the format */
/** What storage holds is not what the format allows. */
#define EVODB_CORRUPT 5000
/* 6000: cut short, or broken inside */
/** Cancelled as the caller asked, before anything was committed. */
#define EVODB_CANCELLED 6000
/** Cancelled since it took longer than the runtime allows, before anything was committed. */
#define EVODB_DEADLINE_EXCEEDED 6001
/** Over the memory budget, out of disk, or out of another limit. */
#define EVODB_RESOURCE_EXHAUSTED 6002
/** A defect in the library. */
#define EVODB_INTERNAL 6003
/** A wait ran out: what was waited for goes on, so wait again. */
#define EVODB_WAIT_TIMED_OUT 6004
/* END generated */

/** "NOT_FOUND" for EVODB_NOT_FOUND, "OK" for EVODB_OK, "UNKNOWN" for a number that is none. Static, NUL-terminated. */
EVODB_API const char *evodb_status_name(evodb_status status);

/** One sentence on when the status is given. Static, NUL-terminated. */
EVODB_API const char *evodb_status_description(evodb_status status);

/** 1 if the same call may succeed later unchanged, otherwise 0. */
EVODB_API evodb_bool evodb_status_is_retryable(evodb_status status);

/** 1 if a commit that ended with this status, or a wait for it, may have landed: EVODB_COMMIT_STATE_UNKNOWN and
 * EVODB_WAIT_TIMED_OUT. Then commit the same table value again; never append the files anew. */
EVODB_API evodb_bool evodb_status_may_have_committed(evodb_status status);

/* ------------------------------------------------------------------------------------------------------------ error */

/** SHARED. What went wrong, once. It never holds a secret. */
typedef struct evodb_error evodb_error;

EVODB_API void evodb_error_free(evodb_error *error);

EVODB_API evodb_status evodb_error_code(const evodb_error *error);

/** One line for a person: what is wrong and where. */
EVODB_API const char *evodb_error_message(const evodb_error *error, int64_t *out_length);

/** The object, file, column or key it concerns; empty if the message says it all. */
EVODB_API const char *evodb_error_subject(const evodb_error *error, int64_t *out_length);

/** HTTP status of the store's answer; 0: none. */
EVODB_API int32_t evodb_error_http_status(const evodb_error *error);

/** The store's own error code, such as "SlowDown"; empty if none. */
EVODB_API const char *evodb_error_store_code(const evodb_error *error, int64_t *out_length);

/** The store's id of the failed request; empty if none. */
EVODB_API const char *evodb_error_request_id(const evodb_error *error, int64_t *out_length);

/** How long the store asks to wait before the next try, in milliseconds, a day at most; -1: it did not say. */
EVODB_API int64_t evodb_error_retry_after_ms(const evodb_error *error);

/** With EVODB_COMMIT_STATE_UNKNOWN: which commit it was, for resolving it later; empty otherwise. */
EVODB_API const char *evodb_error_token(const evodb_error *error, int64_t *out_length);

/* ---------------------------------------------------------------------------------------------------------- options */

/** EXCLUSIVE. Named settings; each function that takes options lists its keys. A key that it does not know is
 * EVODB_INVALID_ARGUMENT, and so is a value out of range or of another type. Options are copied: they may be freed or
 * reused after the call. */
typedef struct evodb_options evodb_options;

EVODB_API evodb_status evodb_options_new(evodb_options **out_options, evodb_error **error);
EVODB_API void evodb_options_free(evodb_options *options);

/** Sets or replaces a key. A string is also taken for integers and booleans ("true", "false"), as they come from
 * command lines. */
EVODB_API evodb_status evodb_options_set_string(evodb_options *options, const char *key, int64_t key_length,
                                                const char *value, int64_t value_length, evodb_error **error);
EVODB_API evodb_status evodb_options_set_int64(evodb_options *options, const char *key, int64_t key_length,
                                               int64_t value, evodb_error **error);
EVODB_API evodb_status evodb_options_set_bool(evodb_options *options, const char *key, int64_t key_length,
                                              evodb_bool value, evodb_error **error);

/** SHARED. Keys of a bucket, good until some time. */
typedef struct evodb_credentials evodb_credentials;

EVODB_API void evodb_credentials_free(evodb_credentials *credentials);
/** `token`: the session's, NULL for none. `expires_at_ms` (epoch milliseconds): when they are good no longer; 0: never. */
EVODB_API evodb_status evodb_credentials_new(const char *key, int64_t key_length, const char *secret,
                                             int64_t secret_length, const char *token, int64_t token_length,
                                             int64_t expires_at_ms, evodb_credentials **out_credentials,
                                             evodb_error **error);

/** Gives credentials that are good now, made by evodb_credentials_new, for the library to free; NULL where there are
 * none: the operation then fails with EVODB_ACCESS_DENIED. */
typedef evodb_credentials *(*evodb_credentials_callback)(void *context);

/** Has evodb_storage_open take a bucket's keys from `callback(context)` instead of texts: when the first request is
 * signed, and again five minutes before they expire, or when three quarters of a shorter life are over. It is called on
 * the runtime's callback thread, one call at a time, and may take its time; an operation that is cancelled, or out of
 * time, does not wait for it. `context` must be good as long as anything that was made from the storage. */
EVODB_API evodb_status evodb_options_set_credentials(evodb_options *options, evodb_credentials_callback callback,
                                                     void *context, evodb_error **error);

/* ---------------------------------------------------------------------------------------------------------- runtime */

/** SHARED. The threads, clocks, caches and memory budget that everything else runs on. */
typedef struct evodb_runtime evodb_runtime;

/** Starts the threads.
 * `options` may be NULL. Keys: "runtime.io-threads" (1 to 64, default 1), "runtime.cpu-threads" (1 to 1024, default:
 * one for each core), "runtime.blocking-threads" (1 to 256, default 4; local files and name resolution: a call that
 * hangs is left to itself when its operation is cancelled, and up to 64 of them do not hold up others),
 * "runtime.memory-limit-bytes" (at least 16 MiB, default 1 GiB; large buffers and caches together),
 * "runtime.operation-timeout-ms" (up to a day, default 0: none): an operation that takes longer is cancelled, and ends
 * with EVODB_DEADLINE_EXCEEDED, or with the result that it already had: a commit that was sent, with
 * EVODB_COMMIT_STATE_UNKNOWN. For the answer to what was sent, and to remove what is not needed any more, it may go on
 * for some seconds, ten at most. */
EVODB_API evodb_status evodb_runtime_open(const evodb_options *options, evodb_runtime **out_runtime,
                                          evodb_error **error);

/** Gives up this handle. The threads end when the last handle made from the runtime, and the last operation running on
 * it, are gone; waits for that only when called for the last handle outside of the runtime's own threads. */
EVODB_API void evodb_runtime_free(evodb_runtime *runtime);

/* ----------------------------------------------------------------------------------------------------------- events */

/** SHARED, but good for the time of the callback alone. What the library tells of itself: a record of its log, or that
 * something which takes time has begun or ended (a span, in OpenTelemetry's terms): an operation, which is named after
 * the function that started it, or a request to a bucket. Never a secret. */
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

/** Has evodb_runtime_open tell `callback(context, event)` of everything that happens on the runtime: all spans, and
 * records up to `highest_log_level`. It is called on the runtime's callback thread, one call at a time; 4096 events may
 * wait, those on top of them are dropped, and a record says how many were. What still waits when the runtime is freed as
 * the last handle is told before that call returns, on its thread. `context` must be good as long as anything that was
 * made from the runtime, and until what commits leave to the background has ended (evodb_storage_flush). */
EVODB_API evodb_status evodb_options_set_observer(evodb_options *options, evodb_event_callback callback, void *context,
                                                  int32_t highest_log_level, evodb_error **error);

/** EVODB_EVENT_LOG, EVODB_EVENT_SPAN_STARTED or EVODB_EVENT_SPAN_ENDED. */
EVODB_API int32_t evodb_event_kind(const evodb_event *event);
/** Of a record; EVODB_LOG_NONE of everything else. */
EVODB_API int32_t evodb_event_log_level(const evodb_event *event);
/** A record's message, which is always the same for what it says; what begins or ends. */
EVODB_API const char *evodb_event_name(const evodb_event *event, int64_t *out_length);
/** Epoch nanoseconds. Starts and records are told to the millisecond, an end as exactly as the time since its start. */
EVODB_API int64_t evodb_event_time_ns(const evodb_event *event);
/** 32 hex digits: everything that one call of the library brings about has the same, see evodb_future_operation_id. A
 * trace id, to OpenTelemetry. */
EVODB_API const char *evodb_event_operation_id(const evodb_event *event, int64_t *out_length);
/** 16 hex digits: the span itself, or the one in which a record was made. */
EVODB_API const char *evodb_event_span_id(const evodb_event *event, int64_t *out_length);
/** The span around a span; empty for an operation and for records. */
EVODB_API const char *evodb_event_parent_id(const evodb_event *event, int64_t *out_length);
/** Keys are OpenTelemetry's where it has one: "http.request.method", "url.path", "http.response.status_code",
 * "error.type". Those of a span come with its end. */
EVODB_API int64_t evodb_event_attribute_count(const evodb_event *event);
/** 0 <= index < count. */
EVODB_API evodb_status evodb_event_attribute(const evodb_event *event, int64_t index, const char **out_key,
                                             int64_t *out_key_length, const char **out_value, int64_t *out_value_length,
                                             evodb_error **error);

/* ----------------------------------------------------------------------------------------------------------- future */

/** SHARED. An operation under way and later its result. */
typedef struct evodb_future evodb_future;

/** Frees the handle. An operation that has not ended is cancelled (evodb_future_cancel says how long it may still go on;
 * this call does not wait for that); a callback registered for it still fires once. */
EVODB_API void evodb_future_free(evodb_future *future);

/** Frees the handle, too, but lets the operation go on to its end. Its result is freed and its failure lost: a detached
 * commit lands or does not land, and nothing receives its answer or its token (committing the same value again settles
 * it). A callback registered for it still fires once. */
EVODB_API void evodb_future_detach(evodb_future *future);

/** Waits until the operation has ended, at most `timeout_ms` (-1: for ever; 0: only looks). Returns the operation's own
 * status, or EVODB_WAIT_TIMED_OUT if it is still running (it goes on: wait again, cancel it, or give it up with
 * evodb_future_detach), or EVODB_WOULD_DEADLOCK inside a callback of the same runtime. The evodb_future_take_ functions
 * wait in the same way. */
EVODB_API evodb_status evodb_future_wait(const evodb_future *future, int64_t timeout_ms, evodb_error **error);

/** 1 if the operation has ended, otherwise 0. */
EVODB_API evodb_bool evodb_future_is_ready(const evodb_future *future);

/** What all events of the operation have in common, 32 hex digits; empty where the runtime tells nobody of them. */
EVODB_API const char *evodb_future_operation_id(const evodb_future *future, int64_t *out_length);

/** How far an upload has come: bytes that the store has taken, of how many. 0 of 0 before that is known, and of every other
 * operation. Either may be NULL. */
EVODB_API void evodb_future_progress(const evodb_future *future, int64_t *out_done_bytes, int64_t *out_total_bytes);

/** Asks the operation to end early, from any thread, any number of times; returns at once. It then ends with
 * EVODB_CANCELLED, or with the result that it already had: a commit that was sent ends as committed or with
 * EVODB_COMMIT_STATE_UNKNOWN. Most operations end at once; one that has sent a write waits for its answer, and removes
 * what is not needed any more, for some seconds, ten at most. */
EVODB_API void evodb_future_cancel(const evodb_future *future);

typedef void (*evodb_ready_callback)(void *context);

/** Has `callback(context)` called exactly once when the operation has ended, on the runtime's callback thread, never
 * inside this call. There anything may be freed and started, and this future's result taken, but waiting for another one
 * is refused. One callback a future; a second is EVODB_ALREADY_EXISTS. Where this call fails, `callback` is never
 * called with this `context`. */
EVODB_API evodb_status evodb_future_on_ready(const evodb_future *future, evodb_ready_callback callback, void *context,
                                             evodb_error **error);

/* ---------------------------------------------------------------------------------------------------------- storage */

/** SHARED. Where tables and files are: an object store and a root that nothing reaches out of. */
typedef struct evodb_storage evodb_storage;

/** Opens a storage; no request is sent.
 * `location`: a local folder ("./lake", "/data/lake", "file:///data/lake"; made on the first write), "s3://bucket/prefix"
 * or "r2://bucket/prefix" (the same; metadata says s3), or "memory://name" (one storage for all that open
 * that name in the same runtime; gone with the last of their handles and of what was made from them).
 * `options` may be NULL. Keys, all for buckets; in brackets what counts where they are not given:
 *   "storage.endpoint" (URL; https, or http to this machine) [AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL],
 *   "storage.account-id" (Cloudflare's, where no endpoint is given) [CLOUDFLARE_ACCOUNT_ID],
 *   "storage.jurisdiction" (of the account's endpoint: "eu", ...),
 *   "storage.access-key-id", "storage.secret-access-key", "storage.session-token" [AWS_ACCESS_KEY_ID,
 *   AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN], "storage.region" [AWS_REGION, AWS_DEFAULT_REGION, "auto"],
 *   "storage.profile" [AWS_PROFILE, AWS_DEFAULT_PROFILE, "default"]: keys, region and endpoint of ~/.aws/credentials and
 *   ~/.aws/config (AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE), where nothing above gives them; one that is given here
 *   comes before the environment. EVODB_UNSUPPORTED where it gets keys by a role, single sign-on or a process,
 *   "storage.ca-file" (PEM) [AWS_CA_BUNDLE, the system's certificates], "storage.path-style" (bool) [true],
 *   "storage.allow-http" (bool: unencrypted to other machines) [false],
 *   "storage.max-connections" (int64, 1 to 4096: in use at a time) [64], and int64 milliseconds
 *   "storage.connect-timeout-ms" [10000], "storage.attempt-timeout-ms" [60000] for one try of a request, and
 *   "storage.retry-budget-ms" [60000]: how long after its first try another one may begin.
 * Proxies: https_proxy, http_proxy, all_proxy, no_proxy; their upper-case forms too, but for HTTP_PROXY, which is not
 * read. This machine's own endpoints (localhost, 127.0.0.1, ::1) are reached without a proxy, whatever these say.
 * Blanks and line feeds around these texts do not count. EVODB_DEADLINE_EXCEEDED where the profile's or the
 * certificates' file cannot be read within the connect timeout. */
EVODB_API evodb_status evodb_storage_open(evodb_runtime *runtime, const char *location, int64_t location_length,
                                          const evodb_options *options, evodb_storage **out_storage,
                                          evodb_error **error);
EVODB_API void evodb_storage_free(evodb_storage *storage);

/** Waits for what commits have left to the background: a bucket takes one write of an object a second, so the second
 * commit of a second moves the table's version hint, by which other engines find the newest version, a little later. A
 * process that ends without this may leave the hint behind, never the table. The future has no result but its status. */
EVODB_API evodb_future *evodb_storage_flush(evodb_storage *storage);

#define EVODB_STORAGE_GETS 1
#define EVODB_STORAGE_HEADS 2
#define EVODB_STORAGE_PUTS 3 /* parts of an upload, its beginning and its end among them */
#define EVODB_STORAGE_LISTS 4
#define EVODB_STORAGE_DELETES 5
#define EVODB_STORAGE_RETRIES 6
#define EVODB_STORAGE_BYTES_SENT 7
#define EVODB_STORAGE_BYTES_RECEIVED 8
#define EVODB_STORAGE_CLASS_A 9  /* what R2 bills as such: puts and lists */
#define EVODB_STORAGE_CLASS_B 10 /* gets and heads */
#define EVODB_STORAGE_CONNECTIONS_OPENED 11
#define EVODB_STORAGE_CONNECTIONS_IN_USE 12     /* now */
#define EVODB_STORAGE_WAITS_FOR_A_CONNECTION 13 /* requests that found as many in use as there may be */

/** What this storage has asked of its bucket so far: requests, each try by itself, and bytes of their bodies. 0 of a
 * storage that is no bucket, -1 for another `counter`. */
EVODB_API int64_t evodb_storage_count(const evodb_storage *storage, int32_t counter);

/** The root as metadata writes it: "file:///data/lake". */
EVODB_API const char *evodb_storage_location(const evodb_storage *storage, int64_t *out_length);

/* ---------------------------------------------------------------------------------------------------------- objects */

/* Whole objects of a storage, for what an application keeps beside its tables. `path`: relative to the storage's
 * root, or absolute within it. */

/** SHARED. What was read of an object. */
typedef struct evodb_object evodb_object;

EVODB_API void evodb_object_free(evodb_object *object);
/** The bytes that were read. */
EVODB_API const uint8_t *evodb_object_data(const evodb_object *object, int64_t *out_length);
/** Size in bytes of the whole object, also when a part was read. */
EVODB_API int64_t evodb_object_size(const evodb_object *object);
/** When it was stored, by the store's clock (epoch milliseconds); 0 where the store does not tell. */
EVODB_API int64_t evodb_object_last_modified_ms(const evodb_object *object);

/** Reads an object, or a part of it, into memory; take with evodb_future_take_object. EVODB_NOT_FOUND if there is none.
 * `options` may be NULL. Keys: "read.offset" (int64, bytes; negative: from the end), "read.length" (int64, bytes; default:
 * to the end). A part beyond the end is clipped to what there is. */
EVODB_API evodb_future *evodb_object_read(evodb_storage *storage, const char *path, int64_t path_length,
                                          const evodb_options *options);
EVODB_API evodb_status evodb_future_take_object(evodb_future *future, int64_t timeout_ms, evodb_object **out_object,
                                                evodb_error **error);

/** Stores `value` (copied by this call), durably and whole or not at all. The future has no result but its status.
 * `options` may be NULL. Keys: "write.if-absent" (bool, default false: replaces what is there; true:
 * EVODB_ALREADY_EXISTS then), "write.content-type" (string). EVODB_STORAGE_UNAVAILABLE, EVODB_CANCELLED and
 * EVODB_DEADLINE_EXCEEDED do not tell whether it was stored, or will be: what was sent may still arrive. */
EVODB_API evodb_future *evodb_object_write(evodb_storage *storage, const char *path, int64_t path_length,
                                           const uint8_t *value, int64_t value_length, const evodb_options *options);

/** Deletes objects; those that are not there are no error. The future has no result but its status; its error names the
 * first object that could not be deleted, others may be gone. After EVODB_STORAGE_UNAVAILABLE, EVODB_CANCELLED and
 * EVODB_DEADLINE_EXCEEDED they may also go later, with what was written to their names meanwhile. `paths`: `path_count` strings of `path_lengths` bytes
 * (NULL: all NUL-terminated). */
EVODB_API evodb_future *evodb_objects_delete(evodb_storage *storage, const char *const *paths,
                                             const int64_t *path_lengths, int64_t path_count);

/** SHARED. Objects in the order of their paths' bytes. */
typedef struct evodb_listing evodb_listing;

/** Lists the objects in a folder and below; take with evodb_future_take_listing. `path`: the folder; empty: the root.
 * None is no error. `options` may be NULL. Keys: "list.start-after" (string: a path; those up to it are left out),
 * "list.limit" (int64, at least 1; default: all). */
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

/** Reads the specification's schema JSON. Field ids are kept when every field has a positive one and no two are equal,
 * and assigned from 1 when no field has one; anything between is EVODB_INVALID_ARGUMENT naming the field. */
EVODB_API evodb_status evodb_schema_parse(const char *json, int64_t json_length, evodb_schema **out_schema,
                                          evodb_error **error);
EVODB_API void evodb_schema_free(evodb_schema *schema);

/** The specification's schema JSON, compact. */
EVODB_API const char *evodb_schema_json(const evodb_schema *schema, int64_t *out_length);

EVODB_API int32_t evodb_schema_id(const evodb_schema *schema);

/** Finds a column by its full name ("address.zip"). `out_type` is the type as text ("decimal(9,2)", "list<string>").
 * Any out parameter may be NULL. EVODB_NOT_FOUND if there is none. */
EVODB_API evodb_status evodb_schema_find(const evodb_schema *schema, const char *name, int64_t name_length,
                                         int32_t *out_field_id, const char **out_type, int64_t *out_type_length,
                                         evodb_bool *out_required, evodb_error **error);

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
/** Makes the schema; the builder can go on and make others. */
EVODB_API evodb_status evodb_schema_builder_finish(const evodb_schema_builder *builder, evodb_schema **out_schema,
                                                   evodb_error **error);

/** SHARED. What is different between two schemas, and whether readers and writers of the old one can live with it. */
typedef struct evodb_schema_comparison evodb_schema_comparison;

/** Compares by field id. `format_version` (2 or 3) decides what promotions and defaults are possible. */
EVODB_API evodb_status evodb_schema_compare(const evodb_schema *old_schema, const evodb_schema *new_schema,
                                            int32_t format_version, evodb_schema_comparison **out_comparison,
                                            evodb_error **error);
EVODB_API void evodb_schema_comparison_free(evodb_schema_comparison *comparison);
/** 1 if no difference is breaking. */
EVODB_API evodb_bool evodb_schema_comparison_is_compatible(const evodb_schema_comparison *comparison);
EVODB_API int64_t evodb_schema_comparison_count(const evodb_schema_comparison *comparison);
/** One difference. `out_kind`: "added", "dropped", "renamed", "moved", "widened", "narrowed", "type changed", "made
 * optional", "made required", "doc", "default", "id reused", "identifier fields". `out_column`: full name (in the new
 * schema, but for dropped ones). `out_reason`: one sentence. Any out parameter may be NULL. EVODB_INVALID_ARGUMENT if
 * `index` is out of range. */
EVODB_API evodb_status evodb_schema_comparison_get(const evodb_schema_comparison *comparison, int64_t index,
                                                   evodb_bool *out_compatible, const char **out_kind,
                                                   int64_t *out_kind_length, const char **out_column,
                                                   int64_t *out_column_length, const char **out_reason,
                                                   int64_t *out_reason_length, evodb_error **error);

/** EXCLUSIVE. A list of changes to a schema, applied in the order in which they were added. Columns are named by their
 * full name as it is when the change's turn comes. What Iceberg forbids (narrowing, another type) is refused when the
 * changes are applied, with EVODB_INCOMPATIBLE_SCHEMA. What Iceberg allows but breaks readers or writers happens only
 * where the column is asked for by name: a drop names it; for the others see evodb_schema_changes_allow_breaking. */
typedef struct evodb_schema_changes evodb_schema_changes;

EVODB_API evodb_status evodb_schema_changes_new(evodb_schema_changes **out_changes, evodb_error **error);
EVODB_API void evodb_schema_changes_free(evodb_schema_changes *changes);

/** Adds a column; a dot in `name` puts it into a struct (or a list's "element", a map's "value"). `doc` may be left
 * out. `default_json`: the specification's JSON single value that rows written before have, format version 3 only; NULL
 * for none. */
EVODB_API evodb_status evodb_schema_changes_add(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                const char *type, int64_t type_length, evodb_bool required,
                                                const char *doc, int64_t doc_length, const char *default_json,
                                                int64_t default_json_length, evodb_error **error);
EVODB_API evodb_status evodb_schema_changes_drop(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                 evodb_error **error);
/** `new_name` is the column's own new name, without its parents'. */
EVODB_API evodb_status evodb_schema_changes_rename(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                   const char *new_name, int64_t new_name_length, evodb_error **error);
/** To a type that holds every value of the present one: int to long, float to double, a decimal of more digits and the
 * same scale; in version 3 date to timestamp or timestamp_ns. */
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
/** Allows the breaking changes of one column: made required, or added as required without a default. */
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

/** The columns themselves (identity) that folders NAME=VALUE directly above a file are named by, from the outermost one
 * on; names are compared ignoring the case of ASCII letters, and those that are no column's are passed over. `path` is
 * the file's, as it stands in its location; nothing is read. EVODB_INVALID_ARGUMENT where no such folder is named by a
 * column. */
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
 * "month", "day", "hour", "void". `name`: the partition field's name; left out, the default. */
EVODB_API evodb_status evodb_partition_spec_builder_add(evodb_partition_spec_builder *builder, const char *column,
                                                        int64_t column_length, const char *transform,
                                                        int64_t transform_length, const char *name, int64_t name_length,
                                                        evodb_error **error);
EVODB_API evodb_status evodb_partition_spec_builder_finish(const evodb_partition_spec_builder *builder,
                                                           evodb_partition_spec **out_spec, evodb_error **error);

/** SHARED. Which partition a row belongs to. */
typedef struct evodb_partition evodb_partition;

EVODB_API void evodb_partition_free(evodb_partition *partition);
/** An object from partition field name to the specification's JSON single value, as evodb_data_files_builder_add takes
 * it: {"ts_day":"2013-07-01","id_bucket":3}. */
EVODB_API const char *evodb_partition_json(const evodb_partition *partition, int64_t *out_length);
/** As Iceberg names folders: "ts_day=2013-07-01/id_bucket=3", values URL-encoded, null as "null"; empty where the spec
 * has no fields. */
EVODB_API const char *evodb_partition_path(const evodb_partition *partition, int64_t *out_length);

/** Computes the partition of a row. `row`: a JSON object from a source column's full name ("a.b") to its value as the
 * specification's JSON single value, or null: {"ts":"2013-07-01T05:15:00","id":34}. Decimals, dates, times, uuids and
 * octets (in hex) are texts there. Members for other columns of the schema are passed over. EVODB_INVALID_ARGUMENT names
 * the column that is missing, not of the schema, of another type, or null though it is required. */
EVODB_API evodb_status evodb_partition_spec_apply_json(const evodb_partition_spec *spec, const char *row,
                                                       int64_t row_length, evodb_partition **out_partition,
                                                       evodb_error **error);

struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;

/** Computes the partition of each row of an Arrow struct array (Arrow C data interface; both structures are moved), whose
 * columns are found by full name; those that are no source of the spec are passed over, names that the schema does not
 * have are refused. Taken for a source are: Arrow's own type for it, narrower integers, large variants of utf8 and
 * binary, fixed_size_binary(16) for uuid, decimal128 of the same scale, date64, any unit of times and timestamps as long
 * as no value is finer than the column's, and the null type. A timestamp has a time zone exactly where the column has
 * one. Dictionaries and views are not taken. `*out_array` becomes a struct array of as many rows, for the caller to
 * release: partition utf8 and partition_path utf8 (as evodb_partition_json and evodb_partition_path give them; the former
 * is what evodb_data_files_builder_add_arrow takes), and then the value of each partition field, in the spec's order and
 * by its name. EVODB_INVALID_ARGUMENT names the column and the row. */
EVODB_API evodb_status evodb_partition_spec_apply_arrow(const evodb_partition_spec *spec, struct ArrowArray *array,
                                                        struct ArrowSchema *array_schema, struct ArrowArray *out_array,
                                                        struct ArrowSchema *out_array_schema, evodb_error **error);

/* ------------------------------------------------------------------------------------------------------------ table */

/** SHARED. A table at one version, and perhaps changes on top of it that are not committed yet. A table is a value:
 * append, evolve ... return a new one at once, without I/O, whose schema, snapshots and plan already show the change
 * (times, sequence numbers and totals of uncommitted snapshots are provisional); commit makes it durable. The old value
 * stays as it was; freeing a value forgets its changes. */
typedef struct evodb_table evodb_table;

/** A new table that is not committed yet: append to it or not, then commit. Committing fails with EVODB_ALREADY_EXISTS
 * if a table is there, and with EVODB_INVALID_ARGUMENT if the folder is no place for one: it has another table's metadata
 * (a catalog's, Delta Lake's, Hudi's), lies in another table's folder (four levels up are looked at), or has one in it
 * (two levels down); that takes some 20 requests. `location`: relative to the storage's root, or absolute within it.
 * Locations are never percent-decoded, and a local one with an escape in it (%20) is EVODB_INVALID_ARGUMENT.
 * `spec` may be NULL: unpartitioned. `options` may be NULL. Keys: "format-version" (2 or 3; default 2, or 3 where the schema needs it), and
 * "table-property.NAME" for the table's properties. */
EVODB_API evodb_status evodb_table_create(evodb_storage *storage, const char *location, int64_t location_length,
                                          const evodb_schema *schema, const evodb_partition_spec *spec,
                                          const evodb_options *options, evodb_table **out_table, evodb_error **error);

/** Opens a table's newest version, or, if `location` ends in ".metadata.json", that metadata file as it is; such a
 * table cannot be committed to. Mostly five requests in three round trips: the hint, the next version under each of the
 * names that writers give it, the version. Take the result with evodb_future_take_table. EVODB_NOT_FOUND if
 * there is no table. `options` may be NULL. No keys yet. */
EVODB_API evodb_future *evodb_table_open(evodb_storage *storage, const char *location, int64_t location_length,
                                         const evodb_options *options);

/** Waits like evodb_future_wait and takes the table that the operation came to, once; a second take is
 * EVODB_INVALID_ARGUMENT. */
EVODB_API evodb_status evodb_future_take_table(evodb_future *future, int64_t timeout_ms, evodb_table **out_table,
                                               evodb_error **error);
EVODB_API void evodb_table_free(evodb_table *table);

/** The newest version, with this value's uncommitted changes on top. Take with evodb_future_take_table. EVODB_CONFLICT
 * if a change no longer fits, or if another table has taken the place. */
EVODB_API evodb_future *evodb_table_refresh(const evodb_table *table);

/** Makes the uncommitted changes durable, all or none, as one new version, and gives the committed table (take with
 * evodb_future_take_table). If other writers were faster the changes are checked against what they did and applied
 * again, as often as it takes. Committing a value again, or one that shares changes with a committed one, never applies
 * a change twice. Commits of one table that wait in a process at the same time become one version, each with its own
 * snapshots and its own outcome. Without changes it refreshes. A commit also takes the oldest snapshots out of the
 * metadata (no file is deleted) beyond the table property "evodb.commit.max-snapshots" (default 10000; 0: none), never
 * one younger than an hour or that a ref retains, nor where "gc.enabled" is "false".
 *
 * `options` may be NULL. Keys: "idempotency.application" (string, 1 to 200 bytes) and "idempotency.sequence" (int64, 0
 * and up), both or none: the caller's own name for what this call commits; give the same when you commit the value
 * again. It is applied once, whichever processes commit that key and however often, also after restarts and the expiry
 * of snapshots. The key alone counts: whether the same is committed under it again is not looked at, and rolling back
 * does not take it back. Sequences of one application go up, so let each writer have an application of its own. The last
 * one is kept in the table property "evodb.app.APPLICATION", each in the summary of its snapshots as long as they are
 * there; of commits that make no snapshot only the last is known. Where all changes are in the table already, a version
 * that only records the key is committed.
 *
 * EVODB_CONFLICT: a change contradicts what landed first. EVODB_IDEMPOTENCY_KEY_OUT_OF_ORDER: a higher sequence is
 * committed, and nothing tells whether this one was. EVODB_COMMIT_STATE_UNKNOWN: it may or may not have landed; commit
 * the same value again or resolve the error's token (evodb_table_resolve) to find out, never append the files anew
 * without the key. Any other failure, EVODB_CANCELLED too: none of the changes is in the table but those that had been
 * committed before, as the message then says and evodb_table_uncommitted_count tells. A wait for the future that ran out
 * (EVODB_WAIT_TIMED_OUT) tells nothing: the commit goes on; wait again, or cancel it and wait for its end, which may take
 * ten seconds where its last step was sent already. Freeing the future cancels it, detaching the future lets it go on;
 * both give its answer away, token and all; committing the same value again settles that. */
EVODB_API evodb_future *evodb_table_commit(const evodb_table *table, const evodb_options *options);

/** Of a table that a commit gave: whether all its changes were in the table before, by an earlier call, by one at the same
 * time whose value shares them, or by their idempotency key, so that this call wrote nothing. */
EVODB_API evodb_bool evodb_table_was_committed_before(const evodb_table *table);
/** Of a table that a commit gave: how many snapshots that commit took out of the metadata. */
EVODB_API int64_t evodb_table_expired_snapshot_count(const evodb_table *table);

/** What the caller of the operation that gave this value should know, though it has succeeded: 0 mostly. Of a commit: that
 * the table's version hint could not be moved, so that engines which follow it read an older version, or names a version
 * that is not there; what moves it in the background (evodb_storage_flush) is reported by the next commit. Of an opened table: that it was moved or copied,
 * and refers to files elsewhere, or (EVODB_CORRUPT) that its version hint names a version above this one that is not
 * there. Of a new table and of set properties, and of the commit that holds them: that a property has no effect on this
 * library. Of appended files, too: that their paths have values of columns that are not the table's, which are lost,
 * values that the files' columns contradict, or integers that are written otherwise. */
EVODB_API int64_t evodb_table_warning_count(const evodb_table *table);
/** One warning; 0 <= index < count. `out_code`: the status of what did not succeed, to act on. `out_message`: one line for
 * a person. `out_subject`: the object or property it concerns; empty if the message says it all. Any out parameter may be
 * NULL. EVODB_INVALID_ARGUMENT if `index` is out of range. */
EVODB_API evodb_status evodb_table_warning_at(const evodb_table *table, int64_t index, evodb_status *out_code,
                                              const char **out_message, int64_t *out_message_length,
                                              const char **out_subject, int64_t *out_subject_length,
                                              evodb_error **error);

/** Whether this version of the table has what was committed under an idempotency key. No I/O: refresh first, and commit
 * (there is nothing to write) before relying on it: in a local folder what is seen need not be durable yet. Fails with
 * EVODB_IDEMPOTENCY_KEY_OUT_OF_ORDER as a commit would. */
EVODB_API evodb_status evodb_table_has_idempotency_key(const evodb_table *table, const char *application,
                                                       int64_t application_length, int64_t sequence,
                                                       evodb_bool *out_has_key, evodb_error **error);

#define EVODB_RESOLUTION_COMMITTED 1 /* the changes are in the table */
#define EVODB_RESOLUTION_LOST 2      /* not by this try, and what it sent can no longer bring them there */
#define EVODB_RESOLUTION_UNKNOWN 3   /* nothing tells: too much has expired, or its changes were sent apart */

/** Finds out what became of a commit that ended with EVODB_COMMIT_STATE_UNKNOWN, from its error's token, in any
 * process; take with evodb_future_take_resolution. `table`: any version of the table that was committed to. Where the
 * commit might still land, a version that changes nothing is committed to its place first, so that it cannot. A token
 * is of one try: after "lost" nothing of the value is in the table but what was known to be there before that call, and
 * what a later try of the same value, with a token of its own, may still have brought there; committing it again, where
 * it still is, brings the rest. Where that call found out that some of the changes had landed by another try or value,
 * and lost the others, the answer is unknown: commit the value again. EVODB_CONFLICT: the token
 * is of another table. */
EVODB_API evodb_future *evodb_table_resolve(const evodb_table *table, const char *token, int64_t token_length);
/** `out_resolution`: one of EVODB_RESOLUTION_*. `out_version`: which the commit became; `out_snapshot_id`: the last
 * snapshot that it made; both -1 where there is none or it is not known, and both may be NULL. */
EVODB_API evodb_status evodb_future_take_resolution(evodb_future *future, int64_t timeout_ms, int32_t *out_resolution,
                                                    int64_t *out_version, int64_t *out_snapshot_id,
                                                    evodb_error **error);

/** SHARED. What a verification found, in the order of snapshots. */
typedef struct evodb_findings evodb_findings;

/** Checks that whatever this version of the table refers to is there and agrees: manifest lists, manifests, counts,
 * sequence numbers, partition values, no file twice; of a table as it was opened also the version hint that was
 * followed. Reads every manifest of every snapshot once. Take with evodb_future_take_findings: none means that all is
 * well. `options` may be NULL. Keys: "verify.data" (bool, default false: also ask for each data file and its size, one
 * request a file). */
EVODB_API evodb_future *evodb_table_verify(const evodb_table *table, const evodb_options *options);
EVODB_API evodb_status evodb_future_take_findings(evodb_future *future, int64_t timeout_ms,
                                                  evodb_findings **out_findings, evodb_error **error);
EVODB_API void evodb_findings_free(evodb_findings *findings);
EVODB_API int64_t evodb_findings_count(const evodb_findings *findings);
/** One finding. `out_is_error`: 0 for a warning. `out_path`: the file that it is about. Any out parameter may be NULL.
 * EVODB_INVALID_ARGUMENT if `index` is out of range. */
EVODB_API evodb_status evodb_findings_get(const evodb_findings *findings, int64_t index, evodb_bool *out_is_error,
                                          const char **out_path, int64_t *out_path_length, const char **out_message,
                                          int64_t *out_message_length, evodb_error **error);

/** SHARED. What a diagnosis came to, in a fixed order. */
typedef struct evodb_checks evodb_checks;

/** Checks whether a table and the place where it lies are healthy and fit for use, by this library and by other engines,
 * with some 80 requests at most, however large the table: that it opens and can be committed to, exclusive creation and
 * conditional replacement, clocks, other tables around and within its folder, the version hint (one that lags is replaced
 * by itself, to see whether that can be done), versions above the newest, names and checksums that trouble other
 * engines, left-over files, commits that nobody resolved, the size of the metadata and the number of snapshots and
 * manifests, delete files, small files, properties. What evodb_table_verify reads is not read. To try the store, one
 * object metadata/.probe-<uuid>, which engines do not look at, is created, replaced and deleted; where that is refused a
 * check says so. Writers that race are not tried, which "racing-writers" says of a store not known to keep them apart
 * (its value: "not tried"); evodb_storage_probe does. Of a table that does not open, the checks that can be made; of
 * one metadata file, those of its content. `location` as for evodb_table_open. Take with evodb_future_take_checks.
 * EVODB_NOT_FOUND if there is no table; any other failure is a check that is not ok. `options` may be NULL. No keys
 * yet. */
EVODB_API evodb_future *evodb_table_diagnose(evodb_storage *storage, const char *location, int64_t location_length,
                                             const evodb_options *options);
/** Checks whether tables that any number of writers commit to are safe in a storage: that objects can be written,
 * created exclusively and replaced conditionally, one after the other and by eight writers at once, clocks, how long a
 * request takes, and that the folder can be listed; the last check, "safe", sums up whether writers are kept apart. Some
 * hundreds of requests; the objects <location>/.probe-* that they make are deleted again. `location`: a folder in the
 * storage; empty: its root. Take with evodb_future_take_checks. `options` may be NULL. No keys yet. */
EVODB_API evodb_future *evodb_storage_probe(evodb_storage *storage, const char *location, int64_t location_length,
                                            const evodb_options *options);
EVODB_API evodb_status evodb_future_take_checks(evodb_future *future, int64_t timeout_ms, evodb_checks **out_checks,
                                                evodb_error **error);
EVODB_API void evodb_checks_free(evodb_checks *checks);
EVODB_API int64_t evodb_checks_count(const evodb_checks *checks);
/** One check; 0 <= index < count. `out_name`: "table", "version-hint" ..., the same in every version. `out_is_ok`: 0 if
 * somebody has to do something. `out_value_json`: what was found, as JSON: a number (times and differences of times in
 * milliseconds, sizes in bytes), a string, or null. `out_message`: what is wrong and what to do about it, or what is
 * worth knowing though it is ok; may be empty. Any out parameter may be NULL. EVODB_INVALID_ARGUMENT if `index` is out
 * of range. */
EVODB_API evodb_status evodb_checks_get(const evodb_checks *checks, int64_t index, const char **out_name,
                                        int64_t *out_name_length, evodb_bool *out_is_ok, const char **out_value_json,
                                        int64_t *out_value_json_length, const char **out_message,
                                        int64_t *out_message_length, evodb_error **error);

/** How many changes of this value are not known to be committed. */
EVODB_API int64_t evodb_table_uncommitted_count(const evodb_table *table);

/** N of v<N>.metadata.json; 0 if never committed, -1 if the metadata file has another name. */
EVODB_API int64_t evodb_table_version(const evodb_table *table);
/** Where the committed metadata is; empty if never committed. */
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
 * column. A schema change is not re-applied over one that landed first: committing then gives EVODB_CONFLICT. */
EVODB_API evodb_status evodb_table_evolve(const evodb_table *table, const evodb_schema_changes *changes,
                                          evodb_table **out_table, evodb_error **error);
/** Sets a table property. Names that Iceberg reserves are refused; EVODB_UNSUPPORTED: those by which other engines would
 * name metadata files otherwise ("write.metadata.path", "write.metadata.compression-codec"). */
EVODB_API evodb_status evodb_table_set_property(const evodb_table *table, const char *key, int64_t key_length,
                                                const char *value, int64_t value_length, evodb_table **out_table,
                                                evodb_error **error);
/** Removes a table property; one that is not set is no error. */
EVODB_API evodb_status evodb_table_unset_property(const evodb_table *table, const char *key, int64_t key_length,
                                                  evodb_table **out_table, evodb_error **error);
/** Makes a snapshot that the table still holds the current one. No data is touched, and later snapshots stay. If the
 * current snapshot has changed by the time of the commit: EVODB_CONFLICT. */
EVODB_API evodb_status evodb_table_roll_back(const evodb_table *table, int64_t snapshot_id, evodb_table **out_table,
                                             evodb_error **error);

/* --------------------------------------------------------------------------------------------------------- snapshot */

/** SHARED. The table's files at one time. */
typedef struct evodb_snapshot evodb_snapshot;

EVODB_API void evodb_snapshot_free(evodb_snapshot *snapshot);

/** Snapshots that the metadata holds, by sequence number; 0 <= index < count. */
EVODB_API int64_t evodb_table_snapshot_count(const evodb_table *table);
EVODB_API evodb_status evodb_table_snapshot_at(const evodb_table *table, int64_t index, evodb_snapshot **out_snapshot,
                                               evodb_error **error);
/** EVODB_NOT_FOUND if the table has none yet. */
EVODB_API evodb_status evodb_table_current_snapshot(const evodb_table *table, evodb_snapshot **out_snapshot,
                                                    evodb_error **error);
EVODB_API evodb_status evodb_table_snapshot_by_id(const evodb_table *table, int64_t snapshot_id,
                                                  evodb_snapshot **out_snapshot, evodb_error **error);
/** The one that was current at that time (inclusive), by the snapshot log. */
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
/** -1 if it names none. */
EVODB_API int32_t evodb_snapshot_schema_id(const evodb_snapshot *snapshot);
/** "append", "replace", "overwrite" or "delete". */
EVODB_API const char *evodb_snapshot_operation(const evodb_snapshot *snapshot, int64_t *out_length);
/** Empty while the snapshot is uncommitted. */
EVODB_API const char *evodb_snapshot_manifest_list(const evodb_snapshot *snapshot, int64_t *out_length);
EVODB_API int64_t evodb_snapshot_summary_count(const evodb_snapshot *snapshot);
EVODB_API evodb_status evodb_snapshot_summary_at(const evodb_snapshot *snapshot, int64_t index, const char **out_key,
                                                 int64_t *out_key_length, const char **out_value,
                                                 int64_t *out_value_length, evodb_error **error);
/** The value of a summary key. EVODB_NOT_FOUND if there is none. */
EVODB_API evodb_status evodb_snapshot_summary(const evodb_snapshot *snapshot, const char *key, int64_t key_length,
                                              const char **out_value, int64_t *out_value_length, evodb_error **error);

/* ------------------------------------------------------------------------------------------------------- data files */

/** SHARED. Data files with their partition values and statistics, ready to be appended to the table they were made for:
 * any value of it that has the partition spec which was its default then. */
typedef struct evodb_data_files evodb_data_files;

EVODB_API void evodb_data_files_free(evodb_data_files *data_files);
EVODB_API int64_t evodb_data_files_count(const evodb_data_files *data_files);
/** The sum of the files' rows. */
EVODB_API int64_t evodb_data_files_record_count(const evodb_data_files *data_files);
/** Path of one file, absolute; 0 <= index < count. */
EVODB_API evodb_status evodb_data_files_path(const evodb_data_files *data_files, int64_t index, const char **out_path,
                                             int64_t *out_path_length, evodb_error **error);

/** Reads the footers of Parquet files (one or two requests a file) and checks them against the table's schema; take
 * with evodb_future_take_data_files. Row counts, sizes, split offsets, column statistics and partition values come from
 * the footers; a partition value that the column's bounds do not decide is EVODB_INVALID_ARGUMENT naming the file and
 * the column. Columns that do not fit the schema, or whose names and field ids contradict it, are
 * EVODB_INCOMPATIBLE_SCHEMA naming both; what Iceberg Java, PyIceberg, DuckDB or Spark cannot read or read as something
 * else (nulls without a type, intervals, unsigned integers, lists of two levels, Arrow's durations, milliseconds with a
 * dictionary, brotli, text that is not UTF-8 as far as the footer shows, ...) is EVODB_UNSUPPORTED, and a location that they
 * cannot read EVODB_INVALID_ARGUMENT, with the way out; types that an engine does not have are taken whatever reads them:
 * those that version 3 of the format has anew (variant, nanoseconds, geometry; DuckDB lacks timestamptz_ns), and times of
 * day, which Spark lacks. An optional column that a file does not have is null, in the partition too; but where a folder
 * NAME=VALUE in the file's path (as Hive, Spark and DuckDB write partitions) has a value of it, the file is
 * EVODB_INVALID_ARGUMENT unless that value is asked for. `paths`: `path_count`
 * strings of `path_lengths` bytes (NULL: all NUL-terminated), absolute or relative to the table's location. `options`
 * may be NULL. Keys: "inspect.allow-outside" (bool, default false: files outside the table's location are refused);
 * "inspect.partition-values-from-path" (bool, default false): a column that a file does not have, and by which the table
 * is partitioned (identity), has the value in the file's path, percent-decoded, __HIVE_DEFAULT_PARTITION__ being null,
 * times without a zone in UTC; an integer that is written otherwise (007 is 7) is a warning (evodb_table_warning_at). A
 * column that the file has decides itself. Where a folder directly above the file has a value of it that the column's
 * statistics exclude (booleans, integers, dates, decimals, text), that is a warning, and EVODB_INVALID_ARGUMENT naming
 * both values where values are taken from the path. */
EVODB_API evodb_future *evodb_data_files_inspect(const evodb_table *table, const char *const *paths,
                                                 const int64_t *path_lengths, int64_t path_count,
                                                 const evodb_options *options);
EVODB_API evodb_status evodb_future_take_data_files(evodb_future *future, int64_t timeout_ms,
                                                    evodb_data_files **out_data_files, evodb_error **error);

/** Copies Parquet files of this machine into the table's folder, data/, under fresh names, and makes them data files of
 * the table; take with evodb_future_take_data_files. They are looked at where they are, as by evodb_data_files_inspect:
 * nothing is sent when one does not fit. Four at once, in bounded memory, to a bucket in parts of 16 MiB and more. If it
 * fails, what was copied is deleted; what is not committed afterwards is the caller's to delete (evodb_objects_delete),
 * unless the commit ended with EVODB_COMMIT_STATE_UNKNOWN. For a commit with a key ask evodb_table_has_idempotency_key
 * before: where somebody else has committed under it, what is copied now does not come into the table. `files`:
 * `file_count` strings of `file_lengths` bytes (NULL: all NUL-terminated), absolute or relative to the process's
 * folder. `options` may be NULL. Keys: "inspect.partition-values-from-path" as for evodb_data_files_inspect: of the path
 * that is given here. */
EVODB_API evodb_future *evodb_data_files_upload(const evodb_table *table, const char *const *files,
                                                const int64_t *file_lengths, int64_t file_count,
                                                const evodb_options *options);

/** The Iceberg schema of a Parquet file; take with evodb_future_take_schema. Field ids are the file's if it has them (a
 * field id of 0 is EVODB_INCOMPATIBLE_SCHEMA), otherwise assigned. Columns that an engine cannot
 * read are EVODB_UNSUPPORTED, as for evodb_data_files_inspect. `path`: relative to the storage's root, or absolute within
 * it. `options` may be NULL. Keys: "inspect.partition-values-from-path" (bool, default false): behind the file's columns
 * come those that only folders NAME=VALUE above it have values of, from the outermost one on: optional, as int, long, date
 * or string, whichever the value shows (a number with leading zeros is a string). EVODB_INVALID_ARGUMENT where there is no such folder, or its value is null. */
EVODB_API evodb_future *evodb_schema_inspect(evodb_storage *storage, const char *path, int64_t path_length,
                                             const evodb_options *options);
EVODB_API evodb_status evodb_future_take_schema(evodb_future *future, int64_t timeout_ms, evodb_schema **out_schema,
                                                evodb_error **error);

/** EXCLUSIVE. Describes files whose facts the caller knows, one at a time or as an Arrow array; nothing is read. */
typedef struct evodb_data_files_builder evodb_data_files_builder;

/** `options` may be NULL. Keys: "inspect.allow-outside" as for evodb_data_files_inspect. */
EVODB_API evodb_status evodb_data_files_builder_new(const evodb_table *table, const evodb_options *options,
                                                    evodb_data_files_builder **out_builder, evodb_error **error);
EVODB_API void evodb_data_files_builder_free(evodb_data_files_builder *builder);

/** Begins a file; the setters below speak of the file begun last. Every call checks what it is given at once, by itself
 * and against what was given of the file before, and an error's subject is the file's path. A call that is refused takes
 * that file out of the builder, and no other one: its setters are refused from then on, and the next add begins the next
 * file as always. Later calls report nothing of it again. `path`: absolute or relative to the table's location; one that
 * was given before is EVODB_ALREADY_EXISTS. `format`: "parquet", "avro" or "orc". `partition_json`: an object from
 * partition field name to the specification's JSON single value, {"time_hour_month":522}, {"time_hour_day":"2013-07-01"},
 * as evodb_partition_json and evodb_file_cursor_partition give it; left out for unpartitioned tables.
 * EVODB_INVALID_ARGUMENT also where no row can have such a value: a bucket out of range, text longer than it is truncated
 * to, null where the source column is required. */
EVODB_API evodb_status evodb_data_files_builder_add(evodb_data_files_builder *builder, const char *path,
                                                    int64_t path_length, const char *format, int64_t format_length,
                                                    int64_t record_count, int64_t file_size_in_bytes,
                                                    const char *partition_json, int64_t partition_json_length,
                                                    evodb_error **error);
/** Counts of a column by field id, as the table's schema has it (some writers count from 0); -1: not known. Sizes in
 * bytes. Nulls and NaN never exceed the values, nor the values of a column outside of lists and maps the file's rows. Since
 * a file lies in one partition, the source of a partition field whose value is null has nulls alone, and of any other
 * none; the same holds for NaN and identity. A required column with nulls is EVODB_INCOMPATIBLE_SCHEMA. */
EVODB_API evodb_status evodb_data_files_builder_set_counts(evodb_data_files_builder *builder, int32_t field_id,
                                                           int64_t column_size, int64_t value_count,
                                                           int64_t null_value_count, int64_t nan_value_count,
                                                           evodb_error **error);
/** Bounds of a column by field id, as the specification's binary single values; NULL with length 0: not known. Every value
 * but null and NaN lies between them, so that text may be cut short below, and cut and incremented above: between
 * characters, for it must be UTF-8. NaN is no bound, and a column of null and NaN alone has none. They are checked
 * against the column's type, each other, and the partition: its value must lie between the transformed bounds, and be the
 * bucket of a value that both bounds are. */
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
 * int32, split_offsets list<int64>, column_sizes, value_counts, null_value_counts, nan_value_counts map<int32, int64>,
 *   lower_bounds, upper_bounds map<int32, binary>: optional.
 * Large variants of utf8, binary and list are taken too. An unknown column or another type is EVODB_INVALID_ARGUMENT
 * naming it, and each file is checked as by the functions above; if anything is refused, no row is added. Both
 * structures are read and released before this returns: what they refer to may be reused then. */
EVODB_API evodb_status evodb_data_files_builder_add_arrow(evodb_data_files_builder *builder, struct ArrowArray *array,
                                                          struct ArrowSchema *array_schema, evodb_error **error);
/** Makes the data files, of all files that were not refused, and empties the builder. */
EVODB_API evodb_status evodb_data_files_builder_finish(evodb_data_files_builder *builder,
                                                       evodb_data_files **out_data_files, evodb_error **error);

/** The table with the files added by one new snapshot. A path that this value already appends is EVODB_ALREADY_EXISTS.
 * Files that were made for another table, or in a partition spec that this value does not have, are
 * EVODB_INVALID_ARGUMENT naming both; those made in an older spec of the table are taken.
 * `options` may be NULL. Keys: "summary.NAME" for the snapshot's summary ("summary.who", ...); names that the library
 * writes are refused. "append.check-duplicates" (bool, default false): the commit fails with EVODB_ALREADY_EXISTS where
 * the table has a file of that path by then, whoever was faster; it reads each manifest of the table for that. */
EVODB_API evodb_status evodb_table_append(const evodb_table *table, const evodb_data_files *data_files,
                                          const evodb_options *options, evodb_table **out_table, evodb_error **error);

/* -------------------------------------------------------------------------------------------------------- predicate */

/** SHARED. A condition on rows, not yet bound to a table. */
typedef struct evodb_predicate evodb_predicate;

/** Reads filter text: SQL's AND OR NOT ( ), = <> != < <= > >=, IN, NOT IN, BETWEEN, IS [NOT] NULL, IS [NOT] NAN, [NOT]
 * LIKE 'abc%', [NOT] STARTS WITH 'abc', TRUE, FALSE. A text literal takes its column's type. EVODB_INVALID_FILTER
 * points at the character. */
EVODB_API evodb_status evodb_predicate_parse(const char *text, int64_t text_length, evodb_predicate **out_predicate,
                                             evodb_error **error);
/** Reads a JSON list of {"column", "operator", "value"}, which must all hold:
 * [{"column":"origin","operator":"in","value":["JFK","LGA"]}]. Operators: = <> != < <= > >= in "not in" between "is
 * null" "is not null" "is nan" "is not nan" "starts with" "not starts with", and the words eq ne lt lte gt gte. */
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

/* ------------------------------------------------------------------------------------------------------------- plan */

/** SHARED. Which files to read: the snapshot, the filter bound to its schema, and the manifests that survive. The files
 * come from a cursor or an Arrow stream, as often as wanted. */
typedef struct evodb_plan evodb_plan;

/** Plans a scan: reads the manifest list (one request); manifests are read when files are pulled. Take with
 * evodb_future_take_plan. `predicate` may be NULL: every file. It is bound to the schema of the chosen snapshot; an
 * unknown column, or a literal that does not fit, is EVODB_INVALID_FILTER. `options` may be NULL. Keys, at most one of
 * the first three: "snapshot-id" (int64), "as-of-ms" (int64, inclusive), "ref" (string; a branch is read with the
 * current schema); "limit" (at most so many files; default all); "nan-is-highest" (bool, default false). To Iceberg NaN
 * satisfies no comparison, so a file whose number of NaN is not known is left out by its bounds alone, as Iceberg Java
 * does, but for <> and NOT IN; an engine that orders NaN above all numbers sets "nan-is-highest", and gets such a file for
 * > and >=, too. A file that is known to hold NaN is kept for these either way. What another writer left out of a file's statistics, or
 * wrote in a form that cannot be read, is not known, and such a file is kept. A snapshot with live delete files is
 * EVODB_UNSUPPORTED: its data files alone would give wrong rows. */
EVODB_API evodb_future *evodb_table_plan(const evodb_table *table, const evodb_predicate *predicate,
                                         const evodb_options *options);
EVODB_API evodb_status evodb_future_take_plan(evodb_future *future, int64_t timeout_ms, evodb_plan **out_plan,
                                              evodb_error **error);
EVODB_API void evodb_plan_free(evodb_plan *plan);

/** -1 if the table has no snapshot. */
EVODB_API int64_t evodb_plan_snapshot_id(const evodb_plan *plan);
/** The schema that the filter is bound to and the files are to be read with. */
EVODB_API evodb_status evodb_plan_schema(const evodb_plan *plan, evodb_schema **out_schema, evodb_error **error);

/** Columns: file_path utf8, file_format utf8, record_count int64, file_size_in_bytes int64, spec_id int32, partition
 * utf8 (JSON object: partition field name to the specification's JSON single value), partition_path utf8,
 * data_sequence_number int64, split_offsets list<int64>, residual utf8 (filter text for the file's rows; "TRUE" when
 * nothing is left). record_count and file_size_in_bytes are -1 where the file's writer did not give them. The value of a
 * partition field whose transform this library does not have is its text; one that its manifest lacks, or has as none of the
 * field's type, is left out, and the file kept by any filter on it. In no particular order. get_next waits for
 * requests; a failure of it is final (9 of the conventions). The stream is the caller's to release and keeps the plan
 * alive. */
EVODB_API evodb_status evodb_plan_stream(const evodb_plan *plan, struct ArrowArrayStream *out_stream,
                                         evodb_error **error);

/** SHARED. Cancels the stream that it was taken from, wherever that was moved to. */
typedef struct evodb_cancellation evodb_cancellation;

/** What cancels a stream. To be taken from a stream of evodb_plan_stream before that is given away, since a reader moves
 * the structure; of any other, and of one that was released or moved, EVODB_INVALID_ARGUMENT. It does not keep the stream
 * alive. */
EVODB_API evodb_status evodb_plan_stream_cancellation(const struct ArrowArrayStream *stream,
                                                      evodb_cancellation **out_cancellation, evodb_error **error);
EVODB_API void evodb_cancellation_free(evodb_cancellation *cancellation);
/** Cancels the stream, from any thread, any number of times; returns at once. get_next, which may be waiting, then fails
 * with ECANCELED, now and ever after, unless it had reached the end. Without effect when the stream was released. */
EVODB_API void evodb_cancellation_cancel(const evodb_cancellation *cancellation);

/** EXCLUSIVE, but for evodb_file_cursor_cancel. Walks over a plan's files. A failure is final (9 of the conventions). */
typedef struct evodb_file_cursor evodb_file_cursor;

EVODB_API evodb_status evodb_plan_files(const evodb_plan *plan, evodb_file_cursor **out_cursor, evodb_error **error);
EVODB_API void evodb_file_cursor_free(evodb_file_cursor *cursor);

/** Starts reading ahead and completes when evodb_file_cursor_next will not wait (or with its failure). Complete from the
 * beginning, and cheap, where there is nothing to wait for. Nothing to take: evodb_future_wait. The cursor must not be
 * used until it is ready, but for evodb_file_cursor_ready_count and evodb_file_cursor_cancel. Cancelling or freeing a
 * future that is not ready cancels the cursor; evodb_future_detach does not. */
EVODB_API evodb_future *evodb_file_cursor_fetch(evodb_file_cursor *cursor);
/** Moves to the next file. Waits for requests when none was fetched ahead. `*out_has_file` is 0 after the last one. */
EVODB_API evodb_status evodb_file_cursor_next(evodb_file_cursor *cursor, evodb_bool *out_has_file, evodb_error **error);
/** How many files evodb_file_cursor_next gives without waiting: those that are read already. 0 does not mean the end: then
 * fetch, or wait in next. */
EVODB_API int64_t evodb_file_cursor_ready_count(const evodb_file_cursor *cursor);
/** Cancels the walk: the one function that may be called from any thread while another one uses the cursor, as long as it
 * is not freed; any number of times; returns at once. evodb_file_cursor_next, which may be waiting, then fails with
 * EVODB_CANCELLED, now and ever after, unless it had reached the end. */
EVODB_API void evodb_file_cursor_cancel(const evodb_file_cursor *cursor);

/* Of the file the cursor is on; strings live until the cursor moves. Before the first next and after the last file:
 * empty strings, -1, no offsets. A count or size that the file's writer did not know is -1, too. */
EVODB_API const char *evodb_file_cursor_path(const evodb_file_cursor *cursor, int64_t *out_length);
EVODB_API const char *evodb_file_cursor_format(const evodb_file_cursor *cursor, int64_t *out_length);
EVODB_API int64_t evodb_file_cursor_record_count(const evodb_file_cursor *cursor);
EVODB_API int64_t evodb_file_cursor_size_in_bytes(const evodb_file_cursor *cursor);
EVODB_API int32_t evodb_file_cursor_spec_id(const evodb_file_cursor *cursor);
EVODB_API int64_t evodb_file_cursor_data_sequence_number(const evodb_file_cursor *cursor);
/** JSON object from partition field name to the specification's JSON single value, by the type of the field's values:
 * those of year, month, hour and bucket are numbers, those of day dates ("2013-07-01"), others as their column's. Without
 * those that the manifest lacks or has as none of the field's type. */
EVODB_API const char *evodb_file_cursor_partition(const evodb_file_cursor *cursor, int64_t *out_length);
/** "time_hour_month=2013-07"; empty when unpartitioned. */
EVODB_API const char *evodb_file_cursor_partition_path(const evodb_file_cursor *cursor, int64_t *out_length);
/** What of the filter is still to be tested on the file's rows, as filter text; "TRUE" when nothing is. */
EVODB_API const char *evodb_file_cursor_residual(const evodb_file_cursor *cursor, int64_t *out_length);
/** Borrowed as strings are; count 0 and NULL if the file has none. */
EVODB_API void evodb_file_cursor_split_offsets(const evodb_file_cursor *cursor, const int64_t **out_split_offsets,
                                               int64_t *out_split_offset_count);

#define EVODB_PLAN_MANIFESTS 1
#define EVODB_PLAN_MANIFESTS_SKIPPED_BY_SUMMARY 2
#define EVODB_PLAN_FILES 3
#define EVODB_PLAN_FILES_SKIPPED_BY_PARTITION 4
#define EVODB_PLAN_FILES_SKIPPED_BY_BOUNDS 5
#define EVODB_PLAN_FILES_KEPT 6

/** What the cursor's walk has counted so far; complete after the last file (a limit ends the walk early).
 * EVODB_PLAN_FILES counts the live files of the manifests that were read. -1 for another `counter`. */
EVODB_API int64_t evodb_file_cursor_count(const evodb_file_cursor *cursor, int32_t counter);

/** EXCLUSIVE, but for evodb_explain_cursor_cancel. Walks over every manifest and file that the plan looked at, kept or not,
 * with the reason. A failure is final (9 of the conventions). */
typedef struct evodb_explain_cursor evodb_explain_cursor;

EVODB_API evodb_status evodb_plan_explain(const evodb_plan *plan, evodb_explain_cursor **out_cursor,
                                          evodb_error **error);
EVODB_API void evodb_explain_cursor_free(evodb_explain_cursor *cursor);
/** As evodb_file_cursor_fetch. */
EVODB_API evodb_future *evodb_explain_cursor_fetch(evodb_explain_cursor *cursor);
/** As evodb_file_cursor_cancel. */
EVODB_API void evodb_explain_cursor_cancel(const evodb_explain_cursor *cursor);
/** Waits for requests. `*out_has_row` is 0 after the last one. */
EVODB_API evodb_status evodb_explain_cursor_next(evodb_explain_cursor *cursor, evodb_bool *out_has_row,
                                                 evodb_error **error);
/** 1 for a manifest, 0 for a data file. */
EVODB_API evodb_bool evodb_explain_cursor_is_manifest(const evodb_explain_cursor *cursor);
EVODB_API const char *evodb_explain_cursor_path(const evodb_explain_cursor *cursor, int64_t *out_length);
EVODB_API evodb_bool evodb_explain_cursor_is_kept(const evodb_explain_cursor *cursor);
/** Which test decided, on which field, with which values: one sentence. */
EVODB_API const char *evodb_explain_cursor_reason(const evodb_explain_cursor *cursor, int64_t *out_length);

/* ---------------------------------------------------------------------------------------- Arrow C data and C stream */

/* The structures of the Arrow C data interface and C stream interface, as Arrow's specification fixes them. */
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
