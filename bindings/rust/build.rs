//! Finds the installed library with pkg-config and has bindgen read its header.
use bindgen::{Builder, Formatter, MacroTypeVariation};
use std::{env, path::PathBuf};

fn main() {
    // One minor version: before 1.0 the next one may change the interface.
    let library = pkg_config::Config::new()
        .range_version("0.1".."0.2")
        .probe("evodb_lakehouse")
        .expect("evodb_lakehouse is not installed where pkg-config looks (PKG_CONFIG_PATH)");
    let includes = library
        .include_paths
        .iter()
        .map(|folder| format!("-I{}", folder.display()));
    Builder::default()
        .header_contents("wrapper.h", "#include <evodb_lakehouse.h>\n")
        .clang_args(includes)
        .allowlist_item("(evodb|EVODB)_.*")
        // Statuses are int32_t; bindgen's own choice for their macros is unsigned.
        .default_macro_constant_type(MacroTypeVariation::Signed)
        .formatter(Formatter::None)
        .parse_callbacks(Box::new(bindgen::CargoCallbacks::new()))
        .generate()
        .expect("bindgen cannot read evodb_lakehouse.h")
        .write_to_file(PathBuf::from(env::var_os("OUT_DIR").unwrap()).join("bindings.rs"))
        .unwrap();
}
