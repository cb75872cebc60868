//! What takes long and rarely fails, as a binary of its own: kills at any moment, two at once, every failure at every
//! request, and random histories. Plain `cargo test` runs it shortened; whole with `KARMADA_PARTNER_TESTS=all`, as
//! `.ci/run` does.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop")]

mod crash;
mod failures;
mod full_log;
mod honest;
mod interleavings;
mod pen;
mod race;
mod random_lives;
mod world;

#[path = "../suite/chinese_setting.rs"]
mod chinese_setting;
#[path = "../suite/env.rs"]
#[expect(dead_code, reason = "the suite uses all of it")]
mod env;
#[path = "../suite/hub.rs"]
#[expect(dead_code, reason = "the suite uses all of it")]
mod hub;
#[path = "../suite/picture.rs"]
#[expect(dead_code, reason = "the suite uses all of it")]
mod picture;
#[path = "../suite/plumbing.rs"]
#[expect(dead_code, reason = "the suite uses all of it")]
mod plumbing;
#[path = "../suite/schema_check.rs"]
mod schema_check;

#[test]
fn no_test_file_is_forgotten() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/long");
    let main = std::fs::read_to_string(here.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(here).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        assert!(module == "main" || main.contains(&format!("mod {module};")), "{name} isn't named in main.rs");
    }
}
