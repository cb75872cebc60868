//! Stories in Markdown, run as they stand.

use crate::env::TestEnv;

#[test]
fn stories_are_true() {
    let env = TestEnv::new();
    std::fs::create_dir(env.path("story")).unwrap();
    env.write("story/program.toml", crate::env::PROGRAM);
    env.write("story/logo.png", crate::logo::png(300, 200));
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("karmada-partner", std::path::Path::new(env!("CARGO_BIN_EXE_karmada-partner")))
        .register_bin("git", trycmd::schema::Bin::Name("git".into()))
        .env("HOME", env.path("home").display().to_string())
        .env("XDG_DATA_HOME", "")
        .env("XDG_STATE_HOME", "")
        .env("XDG_CACHE_HOME", "")
        .env("XDG_CONFIG_HOME", "")
        .env("KARMADA_PARTNER_AS", "")
        .env("KARMADA_PARTNER_REGISTRY", "registry.git")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("SOURCE_DATE_EPOCH", "1790000000")
        .env("NO_COLOR", "1")
        .case("tests/stories/*.md");
    cases.run();
}
