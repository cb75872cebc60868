//! How a build for development is linked.

use std::env::var;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| var(name).is_ok_and(|of_this_build| of_this_build == value);
    // At a fixed address the loader has nothing to do, where it mends 200,000 addresses of an unoptimized program at each start:
    // a quarter of what a short command takes, and tests start it thousands of times. What is shipped lies anywhere.
    if is("PROFILE", "debug") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bin=karmada-partner=-no-pie");
    }
}
