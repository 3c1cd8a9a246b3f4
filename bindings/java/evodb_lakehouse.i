/* How SWIG maps evodb_lakehouse.h to Java: one static method for each function, in the class Lakehouse.
 *
 *   a handle                     long, 0 for NULL
 *   an input string              String, null for NULL; its length is not a parameter in Java
 *   a string, an evodb_bool       String, boolean
 *   an out parameter             an array of one element, which is written
 *   a status with evodb_error    nothing, or a LakehouseException is thrown
 *
 * SWIG's own strings are not used: JNI's "UTF" is not UTF-8 beyond the basic plane, and stops at NUL.
 */
%module Lakehouse
%{
#include <evodb_lakehouse.h>
#include <string.h>
%}
%include <stdint.i>
%include <typemaps.i>
%javaconst(1); /* constants that switch accepts */

/* ------------------------------------------------------------------------------------------------------------------------ strings */

%typemap(jni) (const char *TEXT, int64_t TEXT_length) "jbyteArray"
%typemap(jtype) (const char *TEXT, int64_t TEXT_length) "byte[]"
%typemap(jstype) (const char *TEXT, int64_t TEXT_length) "String"
%typemap(javain) (const char *TEXT, int64_t TEXT_length) "Utf8.bytes($javainput)"
%typemap(in) (const char *TEXT, int64_t TEXT_length) {
  $1 = $input ? (char *)(*jenv)->GetByteArrayElements(jenv, $input, NULL) : NULL;
  $2 = $1 ? (*jenv)->GetArrayLength(jenv, $input) : 0;
}
%typemap(freearg) (const char *TEXT, int64_t TEXT_length) {
  if ($1) (*jenv)->ReleaseByteArrayElements(jenv, $input, (jbyte *)$1, JNI_ABORT);
}

%{
static jbyteArray new_bytes(JNIEnv *jenv, const char *text, int64_t length) {
  jbyteArray bytes = (*jenv)->NewByteArray(jenv, (jsize)length);
  if (bytes) (*jenv)->SetByteArrayRegion(jenv, bytes, 0, (jsize)length, (const jbyte *)text);
  return bytes;
}
%}
%typemap(jni) (const char **OUT, int64_t *OUT_length) "jobjectArray"
%typemap(jtype) (const char **OUT, int64_t *OUT_length) "byte[][]"
%typemap(jstype) (const char **OUT, int64_t *OUT_length) "String[]"
%typemap(javain, pre="    byte[][] utf8_$javainput = new byte[1][];",
         post="      Utf8.copy(utf8_$javainput, $javainput);") (const char **OUT, int64_t *OUT_length) "utf8_$javainput"
%typemap(in) (const char **OUT, int64_t *OUT_length) (const char *text = NULL, int64_t length = 0) {
  $1 = (char **)&text;
  $2 = &length;
}
%typemap(argout) (const char **OUT, int64_t *OUT_length) {
  if (text$argnum) (*jenv)->SetObjectArrayElement(jenv, $input, 0, new_bytes(jenv, text$argnum, length$argnum));
}

/* A string as the return value. */
%typemap(jni) const char * "jbyteArray"
%typemap(jtype) const char * "byte[]"
%typemap(jstype) const char * "String"
%typemap(javaout) const char * { return Utf8.string($jnicall); }
%typemap(out) const char * "$result = new_bytes(jenv, $1, (int64_t)strlen($1));"
%typemap(in, numinputs=0) int64_t *out_length "$1 = NULL;"

/* SWIG finds a typemap of two parameters by their names alone, so every name in the header is listed. */
%define %strings_in(NAME)
%apply (const char *TEXT, int64_t TEXT_length) { (const char *NAME, int64_t NAME##_length) };
%enddef
%define %strings_out(NAME)
%apply (const char **OUT, int64_t *OUT_length) { (const char **NAME, int64_t *NAME##_length) };
%enddef

%strings_in(application)
%strings_in(branch)
%strings_in(column)
%strings_in(default_json)
%strings_in(doc)
%strings_in(format)
%strings_in(json)
%strings_in(key)
%strings_in(location)
%strings_in(name)
%strings_in(new_name)
%strings_in(partition_json)
%strings_in(path)
%strings_in(ref)
%strings_in(reference)
%strings_in(referenced_data_file)
%strings_in(row)
%strings_in(secret)
%strings_in(tag)
%strings_in(text)
%strings_in(to)
%strings_in(token)
%strings_in(transform)
%strings_in(type)
%strings_in(value)

%strings_out(out_column)
%strings_out(out_json)
%strings_out(out_key)
%strings_out(out_kind)
%strings_out(out_message)
%strings_out(out_name)
%strings_out(out_path)
%strings_out(out_reason)
%strings_out(out_subject)
%strings_out(out_type)
%strings_out(out_value)
%strings_out(out_value_json)
%strings_out(out_x)

/* --------------------------------------------------------------------------------------------------------------- numbers, handles */

%apply int *OUTPUT { int32_t *, evodb_status *out_code };
%apply long long *OUTPUT { int64_t *out_version, int64_t *out_snapshot_id, int64_t *out_size, int64_t *out_last_modified_ms,
                           int64_t *out_done_bytes, int64_t *out_total_bytes, int64_t *out_record_count,
                           int64_t *out_max_snapshot_age_ms, int64_t *out_max_ref_age_ms, int64_t *out_min_snapshots_to_keep };

%typemap(jni) evodb_bool "jboolean"
%typemap(jtype) evodb_bool "boolean"
%typemap(jstype) evodb_bool "boolean"
%typemap(javain) evodb_bool "$javainput"
%typemap(javaout) evodb_bool { return $jnicall; }
%typemap(in) evodb_bool "$1 = $input ? 1 : 0;"
%typemap(out) evodb_bool "$result = (jboolean)($1 != 0);"

%typemap(jni) evodb_bool * "jbooleanArray"
%typemap(jtype) evodb_bool * "boolean[]"
%typemap(jstype) evodb_bool * "boolean[]"
%typemap(javain) evodb_bool * "$javainput"
%typemap(in) evodb_bool * (evodb_bool answer = 0) "$1 = $input ? &answer : NULL;"
%typemap(argout) evodb_bool * {
  jboolean is = answer$argnum != 0;
  if ($input) (*jenv)->SetBooleanArrayRegion(jenv, $input, 0, 1, &is);
}

%typemap(jni) void *HANDLE "jlong"
%typemap(jtype) void *HANDLE "long"
%typemap(jstype) void *HANDLE "long"
%typemap(javain) void *HANDLE "$javainput"
%typemap(javaout) void *HANDLE { return $jnicall; }
%typemap(in) void *HANDLE "$1 = ($1_ltype)(intptr_t)$input;"
%typemap(out) void *HANDLE "$result = (jlong)(intptr_t)$1;"

%typemap(jni) void **OUT "jlongArray"
%typemap(jtype) void **OUT "long[]"
%typemap(jstype) void **OUT "long[]"
%typemap(javain) void **OUT "$javainput"
%typemap(in) void **OUT ($*1_ltype made = NULL) "$1 = $input ? &made : NULL;"
%typemap(argout) void **OUT {
  jlong handle = (jlong)(intptr_t)made$argnum;
  if (handle) (*jenv)->SetLongArrayRegion(jenv, $input, 0, 1, &handle);
}

%define %handle(TYPE)
%apply void *HANDLE { TYPE * };
%apply void **OUT { TYPE ** };
%enddef
%handle(evodb_cancellation)
%handle(evodb_checks)
%handle(evodb_credentials)
%handle(evodb_data_files)
%handle(evodb_data_files_builder)
%handle(evodb_delete_plan)
%handle(evodb_error)
%handle(evodb_event)
%handle(evodb_explain_cursor)
%handle(evodb_file_cursor)
%handle(evodb_findings)
%handle(evodb_future)
%handle(evodb_listing)
%handle(evodb_object)
%handle(evodb_options)
%handle(evodb_partition)
%handle(evodb_partition_spec)
%handle(evodb_partition_spec_builder)
%handle(evodb_partition_spec_changes)
%handle(evodb_plan)
%handle(evodb_predicate)
%handle(evodb_row_cursor)
%handle(evodb_rows)
%handle(evodb_runtime)
%handle(evodb_schema)
%handle(evodb_schema_builder)
%handle(evodb_schema_changes)
%handle(evodb_schema_comparison)
%handle(evodb_snapshot)
%handle(evodb_storage)
%handle(evodb_table)

/* ------------------------------------------------------------------------------------------------------------------------- errors */

%{
/* Java throws it when the wrapper returns. Frees the error. */
static void throw_error(JNIEnv *jenv, evodb_error *error) {
  jclass type = (*jenv)->FindClass(jenv, "evodb/lakehouse/LakehouseException");
  jmethodID constructor = type ? (*jenv)->GetMethodID(jenv, type, "<init>", "(ILjava/lang/String;[B[B)V") : NULL;
  if (constructor) {
    jint status = evodb_error_code(error);
    jstring name = (*jenv)->NewStringUTF(jenv, evodb_status_name(status));
    int64_t message_length = 0, subject_length = 0;
    const char *message = evodb_error_message(error, &message_length);
    const char *subject = evodb_error_subject(error, &subject_length);
    jobject exception =
        (*jenv)->NewObject(jenv, type, constructor, status, name, new_bytes(jenv, message, message_length),
                           new_bytes(jenv, subject, subject_length));
    if (exception) (*jenv)->Throw(jenv, (jthrowable)exception);
  }
  evodb_error_free(error);
}
%}
%typemap(in, numinputs=0) evodb_error **error (evodb_error *failure = NULL) "$1 = &failure;"
%typemap(argout) evodb_error **error "if (failure$argnum) throw_error(jenv, failure$argnum);"

/* Statuses are thrown, not returned. */
%typemap(jni) evodb_status "void"
%typemap(jtype) evodb_status "void"
%typemap(jstype) evodb_status "void"
%typemap(javaout) evodb_status { $jnicall; }
%typemap(out) evodb_status "(void)$1;"
%apply int { evodb_status status, evodb_status evodb_error_code };

/* Arrays of strings and numbers, bytes, callbacks and Arrow's structures are not mapped yet. */
#define ARROW_C_DATA_INTERFACE
#define ARROW_C_STREAM_INTERFACE
%ignore evodb_data_files_inspect;
%ignore evodb_data_files_upload;
%ignore evodb_data_files_builder_add_arrow;
%ignore evodb_data_files_builder_set_bounds;
%ignore evodb_data_files_builder_set_split_offsets;
%ignore evodb_file_cursor_split_offsets;
%ignore evodb_future_on_ready;
%ignore evodb_object_data;
%ignore evodb_options_set_credentials;
%ignore evodb_options_set_observer;
%ignore evodb_object_write;
%ignore evodb_objects_delete;
%ignore evodb_partition_spec_apply_arrow;
%ignore evodb_plan_stream;
%ignore evodb_plan_stream_cancellation;
%ignore evodb_predicate_compare_bytes;
%ignore evodb_predicate_in_int64;
%ignore evodb_predicate_in_strings;
%ignore evodb_predicate_prune_files;
%ignore evodb_data_files_builder_set_equality_deletes;
%ignore evodb_file_cursor_delete_file_equality_ids;
%ignore evodb_future_take_positions;
%ignore evodb_rows_stream;
%ignore evodb_schema_changes_set_identifier_fields;
%ignore evodb_schema_from_arrow;
%ignore evodb_schema_to_arrow;
%ignore evodb_table_delete_files;
%ignore evodb_table_delete_rows;
%ignore evodb_table_overwrite_files;
%ignore evodb_table_rewrite_files;

%include <evodb_lakehouse.h>
