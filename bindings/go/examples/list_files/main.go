// Lists a table's data files, one line each: path, tab, record count.
//
//	list_files LAKE_FOLDER TABLE [FILTER]
package main

// #cgo pkg-config: evodb_lakehouse
// #include <evodb_lakehouse.h>
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

const builtFor = C.EVODB_VERSION_MAJOR*1000 + C.EVODB_VERSION_MINOR

func main() {
	if runs := C.evodb_version() / 1000; runs != builtFor {
		fail("This program was built for evodb_lakehouse %d.%d, but the loaded library is %d.%d.",
			C.EVODB_VERSION_MAJOR, C.EVODB_VERSION_MINOR, runs/1000, runs%1000)
	}
	if len(os.Args) != 3 && len(os.Args) != 4 {
		fail("usage: list_files LAKE_FOLDER TABLE [FILTER]")
	}
	var failure *C.evodb_error
	var runtime *C.evodb_runtime
	check(C.evodb_runtime_open(nil, &runtime, &failure), &failure)
	defer C.evodb_runtime_free(runtime)

	var storage *C.evodb_storage
	lake, lakeLength := text(os.Args[1])
	check(C.evodb_storage_open(runtime, lake, lakeLength, nil, &storage, &failure), &failure)
	defer C.evodb_storage_free(storage)

	var table *C.evodb_table
	name, nameLength := text(os.Args[2])
	opening := C.evodb_table_open(storage, name, nameLength, nil)
	defer C.evodb_future_free(opening)
	check(C.evodb_future_take_table(opening, -1, &table, &failure), &failure)
	defer C.evodb_table_free(table)

	var predicate *C.evodb_predicate
	if len(os.Args) == 4 {
		filter, filterLength := text(os.Args[3])
		check(C.evodb_predicate_parse(filter, filterLength, &predicate, &failure), &failure)
		defer C.evodb_predicate_free(predicate)
	}

	var plan *C.evodb_plan
	planning := C.evodb_table_plan(table, predicate, nil)
	defer C.evodb_future_free(planning)
	check(C.evodb_future_take_plan(planning, -1, &plan, &failure), &failure)
	defer C.evodb_plan_free(plan)

	var files *C.evodb_file_cursor
	check(C.evodb_plan_files(plan, &files, &failure), &failure)
	defer C.evodb_file_cursor_free(files)
	for moves(files) {
		fmt.Printf("%s\t%d\n", C.GoString(C.evodb_file_cursor_path(files, nil)), C.evodb_file_cursor_record_count(files))
	}
}

func moves(files *C.evodb_file_cursor) bool {
	var failure *C.evodb_error
	var hasFile C.evodb_bool
	check(C.evodb_file_cursor_next(files, &hasFile, &failure), &failure)
	return hasFile != 0
}

// text lends a string to one call, which copies it: no C.CString, and nothing to free.
func text(s string) (*C.char, C.int64_t) {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(s))), C.int64_t(len(s))
}

// check takes a pointer to the error: Go may read a variable before it evaluates a call in the same expression.
func check(status C.evodb_status, failure **C.evodb_error) {
	if status == C.EVODB_OK {
		return
	}
	fail("%s: %s (%s)", C.GoString(C.evodb_status_name(status)), C.GoString(C.evodb_error_message(*failure, nil)),
		C.GoString(C.evodb_error_subject(*failure, nil)))
}

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}
