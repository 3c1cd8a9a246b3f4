//! Lists a table's data files, one line each: path, tab, record count.
//!
//!     list_files LAKE_FOLDER TABLE [FILTER]
use evodb_lakehouse_sys::*;
use std::ffi::{c_char, CStr};
use std::ptr::{null, null_mut};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Err(message) = list_files(&arguments) {
        eprintln!("{message}");
        std::process::exit(1);
    }
}

fn list_files(arguments: &[String]) -> Result<(), String> {
    let (major, minor) = (EVODB_VERSION_MAJOR, EVODB_VERSION_MINOR);
    let runs = unsafe { evodb_version() } / 1000;
    if runs != major * 1000 + minor {
        return Err(format!(
            "This program was built for evodb_lakehouse {major}.{minor}, but the loaded library is {}.{}.",
            runs / 1000,
            runs % 1000
        ));
    }
    let (lake, name, filter) = match arguments {
        [lake, name] => (lake, name, None),
        [lake, name, filter] => (lake, name, Some(filter)),
        _ => return Err("usage: list_files LAKE_FOLDER TABLE [FILTER]".into()),
    };
    unsafe {
        let runtime = made(|out, error| evodb_runtime_open(null(), out, error))?;
        let storage = made(|out, error| {
            evodb_storage_open(runtime, chars(lake), bytes(lake), null(), out, error)
        })?;
        let opening = evodb_table_open(storage, chars(name), bytes(name), null());
        let table = made(|out, error| evodb_future_take_table(opening, -1, out, error))?;
        let predicate = match filter {
            Some(text) => {
                made(|out, error| evodb_predicate_parse(chars(text), bytes(text), out, error))?
            }
            None => null_mut(),
        };
        let planning = evodb_table_plan(table, predicate, null());
        let plan = made(|out, error| evodb_future_take_plan(planning, -1, out, error))?;
        let files = made(|out, error| evodb_plan_files(plan, out, error))?;
        let mut has_file = 0;
        loop {
            check(|error| evodb_file_cursor_next(files, &mut has_file, error))?;
            if has_file == 0 {
                break;
            }
            let path = text(evodb_file_cursor_path(files, null_mut()));
            println!("{path}\t{}", evodb_file_cursor_record_count(files));
        }
        evodb_file_cursor_free(files);
        evodb_plan_free(plan);
        evodb_future_free(planning);
        evodb_predicate_free(predicate);
        evodb_table_free(table);
        evodb_future_free(opening);
        evodb_storage_free(storage);
        evodb_runtime_free(runtime);
    }
    Ok(())
}

/// The first half of a string argument; the second is `bytes`.
fn chars(text: &str) -> *const c_char {
    text.as_ptr().cast()
}

fn bytes(text: &str) -> i64 {
    text.len() as i64
}

/// A copy of a string borrowed from the library.
unsafe fn text(chars: *const c_char) -> String {
    CStr::from_ptr(chars).to_string_lossy().into_owned()
}

/// Turns a failure into "NAME: message".
unsafe fn check(call: impl FnOnce(*mut *mut evodb_error) -> evodb_status) -> Result<(), String> {
    let mut error = null_mut();
    let status = call(&mut error);
    if status == EVODB_OK {
        return Ok(());
    }
    let message = text(evodb_error_message(error, null_mut()));
    evodb_error_free(error);
    Err(format!("{}: {message}", text(evodb_status_name(status))))
}

/// The handle that a call returns through its last out parameter.
unsafe fn made<T>(
    call: impl FnOnce(*mut *mut T, *mut *mut evodb_error) -> evodb_status,
) -> Result<*mut T, String> {
    let mut handle = null_mut();
    check(|error| call(&mut handle, error))?;
    Ok(handle)
}
