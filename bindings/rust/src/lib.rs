//! The C interface of evodb_lakehouse, under its C names. The header is the manual.
#![allow(non_camel_case_types)]
include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
